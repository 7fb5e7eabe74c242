import { describe, expect, test } from 'vitest'
import { platforms } from '../../../functions/domain/rules/platforms.ts'
import { content, detail, index, judge, judgeUnread, platform } from './facts.ts'

const both = { required: ['linux/amd64', 'linux/arm64'] }

describe('platforms', () => {
  test.each([
    ['the only one that is required', content(), {}, 'pass'],
    ['another one', content(platform({ platform: 'linux/arm64' })), {}, 'fail'],
    ['both', index({}, {}), both, 'pass'],
    ['one of both', content(), both, 'fail'],
    ['more than is required', index({}, {}, {}), both, 'pass'],
  ])('%s', (_, image, parameters, outcome) => {
    expect(judge(platforms, { detail: detail(), content: image }, { parameters }).outcome).toBe(outcome)
  })

  test('names what is missing, and how to build it with the rest', () => {
    expect(judge(platforms, { detail: detail(), content: content() }, { parameters: both })).toMatchObject({
      reason: 'It is not there for linux/arm64.',
      evidence: [{ name: 'Platforms', value: 'linux/amd64' }],
      fix: { text: expect.stringContaining('--platform linux/amd64,linux/arm64') },
    })
  })

  test('does not speak of what has no tag, since it may be a part of an index', () => {
    const untagged = { detail: detail({ tags: [] }), content: content() }
    expect(judge(platforms, untagged, { parameters: both }).outcome).toBe('not-applicable')
  })

  test('is unknown where the platform cannot be read', () => {
    expect(judgeUnread(platforms, 'content').outcome).toBe('unknown')
  })
})
