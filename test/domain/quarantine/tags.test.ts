import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  isImmutable,
  isQuarantineTag,
  ordinaryTags,
  quarantineNames,
  tagBefore,
  withoutTag,
} from '../../../functions/domain/quarantine/tags.ts'
import { DIGEST } from '../../builders.ts'
import { settings } from '../rules/facts.ts'

const TAG = /^\w[\w.-]{0,127}$/
const END = DIGEST.slice(7, 19)
const tags = fc.stringMatching(/^\w[\w.-]{0,127}$/)

describe('a tag in quarantine', () => {
  test('is called after what it was', () => {
    expect(quarantineNames('1.4.2', DIGEST)).toEqual(['quarantine-1.4.2', `quarantine-1.4.2-${END}`])
  })

  test('is always a tag that ECR takes, two of them never are the same, and its name says what it was or nothing', () => {
    fc.assert(
      fc.property(tags, tags, (tag, other) => {
        const names = quarantineNames(tag, DIGEST)
        expect(new Set(names).size).toBe(2)
        for (const name of names) {
          expect(name).toMatch(TAG)
          expect(isQuarantineTag(name)).toBe(true)
        }
        if (tag !== other) expect(quarantineNames(other, DIGEST)[0]).not.toBe(names[0])
        const before = tagBefore(names[0], DIGEST)
        if (!tag.endsWith(`-${END}`)) expect([tag, undefined]).toContain(before)
        expect([tag, undefined]).toContain(tagBefore(names[1], DIGEST))
        if (tag.length < 100) expect(tagBefore(names[1], DIGEST)).toBe(tag)
      }),
    )
  })

  test.each([
    ['a shortened name', `quarantine-${'a'.repeat(117)}`],
    ['a tag that is none of quarantine', '1.4.2'],
    ['no tag', 'quarantine-'],
    ['what no tag begins with', 'quarantine--a'],
    ['nothing but the digest', `quarantine--${END}`],
  ])('does not say what it was as %s', (_, name) => {
    expect(tagBefore(name, DIGEST)).toBeUndefined()
  })

  test('is none of the ordinary ones', () => {
    expect(ordinaryTags(['1.4.2', 'quarantine-1.4.1', 'quarantine'])).toEqual(['1.4.2', 'quarantine'])
    expect(withoutTag({ tags: [] })).toBe('It has no tag.')
    expect(withoutTag({ tags: ['quarantine-1'] })).toBe('All its tags are in quarantine.')
  })
})

test('a tag that is too long for it is cut, told from others by a hash, and not guessed from its name', () => {
  const names = ['a', 'b'].flatMap((end) => quarantineNames('x'.repeat(127) + end, DIGEST))
  expect(new Set(names).size).toBe(4)
  for (const name of names) expect([name, name.length, tagBefore(name, DIGEST)]).toEqual([name, 128, undefined])
})

test.each([
  ['MUTABLE', [], false],
  ['IMMUTABLE', [], true],
  ['IMMUTABLE_WITH_EXCLUSION', ['lat*'], false],
  ['IMMUTABLE_WITH_EXCLUSION', ['dev-*'], true],
  ['MUTABLE_WITH_EXCLUSION', ['lat*'], true],
  ['MUTABLE_WITH_EXCLUSION', ['v*'], false],
] as const)('in a repository that is %s with %j, immutable is of latest: %s', (tagMutability, exclusions, expected) => {
  expect(isImmutable(settings({ tagMutability, exclusions }), 'latest')).toBe(expected)
})
