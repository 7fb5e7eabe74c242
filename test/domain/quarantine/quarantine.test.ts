import { describe, expect, test } from 'vitest'
import { rulesFor } from '../../../functions/domain/policy.ts'
import { releaseCommand } from '../../../functions/domain/quarantine/command.ts'
import {
  asking,
  heeding,
  mayQuarantine,
  NO_QUARANTINE,
  passesNow,
  rulesOnTags,
  tagsIn,
  whysOf,
} from '../../../functions/domain/quarantine/quarantine.ts'
import { quarantineParts } from '../../../functions/domain/quarantine/telling.ts'
import { ruleOf } from '../../../functions/domain/rulebook.ts'
import type { Verdict } from '../../../functions/domain/verdict.ts'
import { image, verdict as verdictOf } from '../../builders.ts'

const exception = { repositories: ['**'], rule: 'platforms', reason: 'r', owner: 'o', expires: '2027-01-31', line: 9 }
const verdict = (change: Partial<Verdict> = {}): Verdict =>
  verdictOf({ rule: 'platforms', reason: 'It fails.', ...change })
const rules = rulesFor(
  [
    {
      repositories: ['**'],
      rules: [
        { rule: 'platforms', mode: 'report', parameters: {}, quarantine: true, line: 1 },
        { rule: 'non-root-user', mode: 'report', parameters: {}, line: 2 },
      ],
    },
  ],
  'prod/api',
  'image',
)

const HEEDED = { tags: ['1.4.2'], onTags: new Set<string>() }

describe('what brings an image into quarantine', () => {
  const released = { at: '2026-11-20T09:00:00Z', by: 'alice', of: [{ rule: 'platforms', reason: 'It is 3 days old.' }] }

  test.each<[string, Partial<Verdict>, number]>([
    ['a fail', {}, 1],
    ['a fail whose exception is over', { exception: { state: 'expired', exception } }, 1],
    ['no fail that is excepted', { exception: { state: 'excepted', exception } }, 0],
    ['nothing that is unknown', { outcome: 'unknown' }, 0],
    ['nothing that is not applicable, as within a time of grace', { outcome: 'not-applicable' }, 0],
    ['no pass', { outcome: 'pass' }, 0],
    ['no rule that does not ask for it', { rule: 'non-root-user' }, 0],
    ['nothing for which it was released, however long that lasts by now', { reason: 'It is 4 days old.' }, 0],
  ])('is %s', (_, change, count) => {
    expect(heeding(released, asking(rules, [verdict(change)]), HEEDED).why).toHaveLength(count)
  })

  test('is nothing where it was released, and nobody knew for what: that is what fails next', () => {
    const { of: _, ...open } = released
    const first = heeding(open, asking(rules, [verdict()]), HEEDED)
    expect([first.why, first.released?.of]).toEqual([[], [{ rule: 'platforms', reason: 'It fails.' }]])
    expect(heeding(first.released, asking(rules, [verdict({ reason: 'It fails more.' })]), HEEDED).why).toHaveLength(1)
    expect(heeding(undefined, asking(rules, [verdict()]), HEEDED).why).toHaveLength(1)
  })
})

test.each<[string, string[], string[], boolean]>([
  ['tags that were given back, in other words', ['foo'], ['foo', 'bar'], true],
  ['a tag that was not given back', ['foo', 'new'], ['foo'], false],
])('a rule on tags that asked for it lets go %s', (_, tags, given, isLetGo) => {
  const released = {
    at: '2026-11-20T09:00:00Z',
    by: 'alice',
    of: [{ rule: 'tag-naming', reason: 'foo and bar' }],
    tags: given,
  }
  const heeded = { tags, onTags: new Set(['tag-naming', 'not-latest-only']) }
  const asked = ['tag-naming', 'not-latest-only', 'platforms'].map((rule) => ({ rule, reason: 'foo' }))
  const { why } = heeding(released, asked, heeded)
  expect(why.map(({ rule }) => rule)).toEqual([...(isLetGo ? [] : ['tag-naming']), 'not-latest-only', 'platforms'])
})

test('rules on tags are those that look at nothing within an image', () => {
  const active = ['tag-naming', 'platforms'].map((id) => ({ rule: ruleOf(id) }))
  expect([...rulesOnTags(active as unknown as Parameters<typeof rulesOnTags>[0])]).toEqual(['tag-naming'])
})

describe('an image in quarantine', () => {
  const there = { tags: [{ tag: 'a', as: 'quarantine-a' }], why: [{ rule: 'platforms', reason: 'It fails.' }] }

  test.each<[string, Partial<Verdict>, boolean]>([
    ['a pass', { outcome: 'pass' }, true],
    ['an exception', { exception: { state: 'excepted', exception } }, true],
    ['a fail', {}, false],
    ['what is not known', { outcome: 'unknown' }, false],
    ['what is not applicable', { outcome: 'not-applicable' }, false],
    ['a rule that is not judged any more', { rule: 'non-root-user', outcome: 'pass' }, false],
  ])('passes by now with %s: %s', (_, change, expected) => {
    expect(passesNow(there, [verdict(change)])).toBe(expected)
    expect(passesNow(NO_QUARANTINE, [verdict(change)])).toBe(false)
  })

  test('is there with what a crash cut off, each tag and rule once', () => {
    const pending = {
      at: '2026-11-20T09:00:00Z',
      tags: [...there.tags, { tag: 'b', as: 'quarantine-b' }],
      why: [{ rule: 'platforms', reason: 'It fails more.' }],
    }
    expect(tagsIn({ ...there, pending }).map(({ as }) => as)).toEqual(['quarantine-a', 'quarantine-b'])
    expect(whysOf({ ...there, pending })).toEqual(pending.why)
    expect([tagsIn(there), whysOf(there)]).toEqual([there.tags, there.why])
  })
})

test('a rule may ask for it where it is on images and judged on a push', () => {
  const may = ['tag-naming', 'non-root-user', 'vulnerabilities', 'tag-immutability'].filter((id) =>
    mayQuarantine(ruleOf(id) ?? { about: 'registry', needs: [] }),
  )
  expect(may).toEqual(['tag-naming', 'non-root-user'])
})

test('the line that releases an image names it by digest, and a table where it must', () => {
  const uri = '123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/prod/api'
  expect(releaseCommand(image())).toBe(`ecr-steward release ${uri}@${image().digest}`)
  expect(releaseCommand(image(), 'arn:x')).toContain(' --table arn:x')
})

test('many tags are counted, not listed, and nothing is said where there is nothing', () => {
  const told = { rules: ['a'], left: [], passes: false, command: 'c', moved: [] }
  const moved = Array.from({ length: 22 }, (_, n) => ({ tag: `${n}`, as: `quarantine-${n}` }))
  const { facts } = quarantineParts({ ...told, moved }, image())
  expect(facts).toHaveLength(21)
  expect(facts.at(-1)?.value).toBe('and 2 more tags')
  expect(quarantineParts(told, image())).toEqual({ facts: [], notices: [] })
})
