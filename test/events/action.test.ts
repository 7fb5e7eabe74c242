import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../functions/events/parse.ts'
import { DIGEST, ecrEvent } from './samples.ts'

const action = (type: string, detail: object) =>
  parseEvent(ecrEvent(type, { 'repository-name': 'prod/api', 'image-digest': DIGEST, result: 'SUCCESS', ...detail }))

const image = (...tags: string[]) => ({
  account: '123456789012',
  region: 'ap-northeast-1',
  repository: 'prod/api',
  digest: DIGEST,
  tags,
})

describe('a push', () => {
  it('names an image and the tag that was pushed', () => {
    const pushed = action('ECR Image Action', { 'action-type': 'PUSH', 'image-tag': '1.4.2' })
    expect(pushed).toMatchObject({ type: 'push', image: image('1.4.2'), isReferrer: false })
  })

  it.each([{}, { 'image-tag': null }])('by digest alone names no tag: %j', (tag) => {
    expect(action('ECR Image Action', { 'action-type': 'PUSH', ...tag })).toMatchObject({
      type: 'push',
      image: image(),
    })
  })

  it('of a referrer is told apart', () => {
    expect(action('ECR Referrer Action', { 'action-type': 'PUSH' })).toMatchObject({ type: 'push', isReferrer: true })
  })

  it('that did not succeed is none', () => {
    const failed = action('ECR Image Action', { 'action-type': 'PUSH', result: 'FAILURE' })
    expect(failed).toMatchObject({ type: 'recognised', result: 'FAILURE' })
  })
})

describe('a deletion', () => {
  it('names the image, and the tag where one was taken away', () => {
    const deleted = action('ECR Image Action', { 'action-type': 'DELETE', 'image-tag': '1.4.0' })
    expect(deleted).toMatchObject({ type: 'deletion', image: image('1.4.0') })
  })
})
