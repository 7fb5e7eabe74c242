import { describe, expect, test } from 'vitest'
import { maxImageAge } from '../../../functions/domain/rules/max-image-age.ts'
import { config, content, detail, index, judge, platform } from './facts.ts'

const pushed = (pushedAt: string) => detail({ pushedAt })
const built = (created: string | undefined) => content(platform({ config: config({ created }) }))

describe('max-image-age', () => {
  test.each([
    ['built 90 days ago', '2026-11-20T08:00:00Z', '2026-08-22T09:00:00Z', {}, 'pass', 'Built'],
    ['built a day earlier', '2026-11-20T08:00:00Z', '2026-08-21T09:00:00Z', {}, 'fail', 'Built'],
    ['built long ago and pushed today', '2026-11-20T08:00:00Z', '2025-01-01T00:00:00Z', {}, 'fail', 'Built'],
    [
      'the same, counted from the push',
      '2026-11-20T08:00:00Z',
      '2025-01-01T00:00:00Z',
      { since: 'push' },
      'pass',
      'Pushed',
    ],
    ['pushed long ago', '2026-01-01T08:00:00Z', '2026-01-01T07:00:00Z', { since: 'push' }, 'fail', 'Pushed'],
    ['built in 1970, to be reproducible', '2026-11-20T08:00:00Z', '1970-01-01T00:00:00Z', {}, 'pass', 'Pushed'],
    ['built at no time', '2026-01-01T08:00:00Z', undefined, {}, 'fail', 'Pushed'],
    ['built after it was pushed', '2026-01-01T08:00:00Z', '2026-11-20T08:00:00Z', {}, 'fail', 'Pushed'],
    ['pushed in a moment', '2026-11-20T09:05:00Z', '2026-11-20T09:04:00Z', {}, 'pass', 'Built'],
    ['older than a week, where a week is the limit', '2026-11-12T08:00:00Z', undefined, { days: 7 }, 'fail', 'Pushed'],
  ])('%s', (_, pushedAt, created, parameters, outcome, name) => {
    const judgement = judge(maxImageAge, { detail: pushed(pushedAt), content: built(created) }, { parameters })
    expect(judgement).toMatchObject({ outcome, evidence: [{ name }] })
  })

  test('says how old it is, and since when', () => {
    expect(judge(maxImageAge, { detail: detail(), content: built('2026-01-01T00:00:00Z') })).toMatchObject({
      reason: 'It was built 323 days ago, more than 90.',
      evidence: [{ name: 'Built', value: '2026-01-01T00:00:00Z' }],
    })
  })

  test('names the platform of an index that is old', () => {
    const old = { config: config({ created: '2026-01-01T00:00:00Z' }) }
    expect(judge(maxImageAge, { detail: detail(), content: index({}, old) }).reason).toMatch(
      /^linux\/arm64: It was built/,
    )
  })

  test('needs the configuration only where it counts from the build', () => {
    expect(judge(maxImageAge, { detail: detail() })).toEqual({ outcome: 'unknown', reason: 'content was not read' })
    expect(judge(maxImageAge, { detail: detail() }, { parameters: { since: 'push' } }).outcome).toBe('pass')
  })
})
