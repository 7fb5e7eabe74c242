import { expect, it } from 'vitest'
import { imageKey } from '../../functions/domain/image.ts'
import { image } from '../builders.ts'

it('an image keeps its key when its tags move', () => {
  expect(imageKey(image({ tags: [] }))).toBe(imageKey(image()))
})

it.each([
  ['account', { account: '210987654321' }],
  ['region', { region: 'eu-west-1' }],
  ['repository', { repository: 'prod/web' }],
  ['digest', { digest: `sha256:${'b'.repeat(64)}` }],
])('another %s is another image', (_, overrides) => {
  expect(imageKey(image(overrides))).not.toBe(imageKey(image()))
})
