import { describe, expect, test } from 'vitest'
import { notLatestOnly } from '../../../functions/domain/rules/not-latest-only.ts'
import { detail, judge, judgeUnread } from './facts.ts'

describe('not-latest-only', () => {
  test.each([
    ['latest alone', ['latest'], {}, 'fail'],
    ['latest and another', ['latest', '1.4.2'], {}, 'pass'],
    ['another alone', ['1.4.2'], {}, 'pass'],
    ['moving tags alone', ['latest', 'stable-eu'], { moving: ['latest', 'stable*'] }, 'fail'],
    ['no tag', [], {}, 'not-applicable'],
    ['latest, and others that are in quarantine', ['latest', 'quarantine-1.4.2'], {}, 'fail'],
    ['all of them in quarantine', ['quarantine-latest'], {}, 'not-applicable'],
  ])('%s', (_, tags, parameters, outcome) => {
    expect(judge(notLatestOnly, { detail: detail({ tags }) }, { parameters }).outcome).toBe(outcome)
  })

  test('names the tags that will move', () => {
    expect(judge(notLatestOnly, { detail: detail({ tags: ['latest'] }) })).toMatchObject({
      reason: 'It has no tag but latest, which will move.',
      evidence: [{ name: 'Tags', value: 'latest' }],
    })
  })

  test('is unknown where the tags cannot be read', () => {
    expect(judgeUnread(notLatestOnly, 'detail').outcome).toBe('unknown')
  })
})
