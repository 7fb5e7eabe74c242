import { describe, expect, test } from 'vitest'
import { tagNaming } from '../../../functions/domain/rules/tag-naming.ts'
import { detail, judge, judgeUnread } from './facts.ts'

const sha = 'abc123def4567890abc123def4567890abc123de'
const outcomeOf = (tags: readonly string[], parameters: Record<string, unknown> = {}) =>
  judge(tagNaming, { detail: detail({ tags }) }, { parameters }).outcome

describe('tag-naming', () => {
  test.each([
    'v1.2.3',
    '1.2.3',
    '0.0.0',
    '1.2.3-rc.1',
    '1.2.3-rc.1_build.5',
    '1.2.3_20261120',
    'git-abc123def',
    'sha-3f2c9d1',
    'abc123d',
    sha,
    'build-456',
    'latest',
  ])('%s is a name', (tag) => {
    expect(outcomeOf([tag])).toBe('pass')
  })

  test.each([
    '1.2',
    'v1',
    '01.2.3',
    '1.2.3.4',
    'x1.2.3',
    '1.2.3-',
    'git-xyz',
    'git-abc',
    '20261120',
    '1234567',
    `${sha}0`,
    'build-',
    'build-12x',
    'mybuild-12',
    'stable',
    'latest-1',
    'dev',
  ])('%s is none', (tag) => {
    expect(outcomeOf([tag])).toBe('fail')
  })

  test.each([
    ['another kind alone', ['1.2.3'], { kinds: ['git-sha'] }, 'fail'],
    ['a pattern of the whole tag', ['release-2026'], { patterns: ['release-[0-9]{4}'] }, 'pass'],
    ['a pattern that takes a part alone', ['my-release-2026x'], { patterns: ['release-[0-9]{4}'] }, 'fail'],
    ['a pattern of two alternatives, as a whole', ['bx'], { patterns: ['a|b'] }, 'fail'],
    ['a tag that is allowed', ['stable-eu'], { allowed: ['stable*'] }, 'pass'],
    ['latest, which may not be', ['latest'], { allowed: [] }, 'fail'],
    ['one of several', ['1.2.3', 'dev'], {}, 'fail'],
    ['no tag', [], {}, 'not-applicable'],
  ])('%s', (_, tags, parameters, outcome) => {
    expect(outcomeOf(tags, parameters)).toBe(outcome)
  })

  test('names what is wrong, and what would be right', () => {
    const parameters = { kinds: ['semver', 'build-number'], patterns: ['r[0-9]+'] }
    expect(judge(tagNaming, { detail: detail({ tags: ['1.2.3', 'dev', 'x'] }) }, { parameters })).toMatchObject({
      reason: 'dev, x are no names that tags may have.',
      evidence: [{ name: 'Tags', value: '1.2.3, dev, x' }],
      fix: { text: 'Tag what is built as v1.2.3 or build-456 or r[0-9]+, and push it again.' },
    })
  })

  test('names one tag in the singular', () => {
    expect(judge(tagNaming, { detail: detail({ tags: ['dev'] }) }).reason).toBe('dev is no name that a tag may have.')
  })

  // Takes ages where an expression goes back and forth: the time that a test may take ends it.
  test('judges by an expression that is made to hang', () => {
    expect(outcomeOf(['a'.repeat(128)], { patterns: ['(a*)*b', '((a|a)*)*c'] })).toBe('fail')
  })

  test('is unknown where the tags, or what they are on, cannot be read', () => {
    expect(judgeUnread(tagNaming, 'detail').outcome).toBe('unknown')
    expect(judgeUnread(tagNaming, 'manifest').outcome).toBe('unknown')
  })

  test('tags of quarantine are none of its business', () => {
    expect(outcomeOf(['quarantine-x', '1.2.3'])).toBe('pass')
    expect(outcomeOf(['quarantine-x'])).toBe('not-applicable')
  })
})
