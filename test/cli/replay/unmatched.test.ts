import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { unmatched } from '../../../cli/replay/unmatched.ts'
import { loadConfig } from '../../../config/load.ts'
import { basicScan } from '../../scan-alert/events.ts'

const config = loadConfig(join(import.meta.dirname, '../../../steward.yaml'), () => {})
const home = { account: '123456789012', region: 'ap-northeast-1' }

const event = (type: string, detail: object, more: object = {}) => ({
  ...basicScan({}, { id: 'e' }),
  'detail-type': type,
  detail,
  ...more,
})
const push = {
  'repository-name': 'prod/api',
  'image-digest': `sha256:${'a'.repeat(64)}`,
  'action-type': 'PUSH',
  result: 'SUCCESS',
}
const say = (value: object) => unmatched(value, config, home)

describe('of an event that no rule lets through', () => {
  test.each([
    ['scan-alert', basicScan({ HIGH: 1 })],
    ['push-check', event('ECR Image Action', push)],
    ['watch', event('ECR Pull Through Cache Action', { 'repository-name': 'a/b', 'sync-status': 'FAILED' })],
  ])('%s says that it would look at it', (name, value) => {
    expect(say(value)).toEqual({
      outcome: 'no-rule',
      reason: `${name} would look at it, but no rule lets it through`,
    })
  })

  test.each([
    ['a scan with nothing to tell', basicScan({ LOW: 1 }), 'quiet'],
    ['a push to another registry', event('ECR Image Action', push, { region: 'eu-west-1' }), 'elsewhere'],
    [
      'a pull that succeeded',
      event('ECR Pull Through Cache Action', { 'repository-name': 'a/b', 'sync-status': 'SUCCESS' }),
      'quiet',
    ],
    ['a deletion', event('ECR Image Action', { ...push, 'action-type': 'DELETE' }), 'no-consumer'],
    ['nonsense', {}, 'invalid'],
  ])('of %s, what the use case would: %#', (_, value, outcome) => {
    expect(say(value)).toMatchObject({ outcome, reason: expect.stringMatching(/\w/) })
  })
})
