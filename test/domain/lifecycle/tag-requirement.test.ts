import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { meetsTags } from '../../../functions/domain/lifecycle/tag-requirement.ts'
import { ANY, keep, patterns, prefixes, rulesOf, UNTAGGED } from './images.ts'

const rule = (selection: object) => rulesOf(keep(1, 1, selection))[0] as ReturnType<typeof rulesOf>[number]

describe('tags meet', () => {
  test.each<[string, object, string[], boolean]>([
    ['any', ANY, [], true],
    ['any', ANY, ['v1'], true],
    ['untagged', UNTAGGED, [], true],
    ['untagged', UNTAGGED, ['v1'], false],
    ['every tag', patterns('*'), ['v1'], true],
    ['every tag', patterns('*'), [], false],
    ['a prefix', prefixes('v'), ['dev', 'v1'], true],
    ['a prefix', prefixes('v'), ['dev-v1'], false],
    ['the empty prefix', prefixes(''), ['v1'], true],
    ['the empty prefix', prefixes(''), [], false],
    ['both prefixes, by two tags', prefixes('v', 'release-'), ['v1', 'release-1'], true],
    ['both prefixes, by one of them', prefixes('v', 'release-'), ['v1'], false],
    ['both patterns, by one tag', patterns('v*', '*-amd64'), ['v1-amd64'], true],
    ['a name', patterns('v1'), ['v1'], true],
    ['a name', patterns('v1'), ['v12'], false],
    ['ends that would overlap', patterns('ab*ba'), ['aba'], false],
    ['ends that touch', patterns('ab*ba'), ['abba'], true],
    ['a middle within the end', patterns('a*b*b'), ['ab'], false],
    ['a prefix with a star, which is itself', prefixes('v*'), ['v1'], false],
    ['a point, which is itself', patterns('v1.*'), ['v1x2'], false],
  ])('%s: %s on %s: %s', (_, selection, tags, expected) => {
    expect(meetsTags(rule(selection), tags)).toBe(expected)
  })

  test('a pattern as a regular expression would', () => {
    const letters = (signs: string[], maxLength: number) =>
      fc.array(fc.constantFrom(...signs), { minLength: 1, maxLength }).map((list) => list.join(''))
    const pattern = letters(['a', 'b', '*'], 7).filter((text) => text.split('*').length <= 5)
    fc.assert(
      fc.property(pattern, letters(['a', 'b'], 8), (one, tag) => {
        const expression = new RegExp(`^${one.replaceAll('*', '.*')}$`)
        expect(meetsTags(rule(patterns(one)), [tag])).toBe(expression.test(tag))
      }),
      { numRuns: 3_000 },
    )
  })
})
