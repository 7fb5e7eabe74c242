import { describe, expect, test } from 'vitest'
import { isBounded, type TagStatus } from '../../../functions/domain/lifecycle/bounds.ts'
import type { LifecycleRule } from '../../../functions/domain/lifecycle/policy.ts'

const rule = (
  rulePriority: number,
  selection: Partial<LifecycleRule['selection']>,
  type = 'expire',
): LifecycleRule => ({ rulePriority, selection: { tagStatus: 'any', ...selection }, action: { type } })

const untagged = { tagStatus: 'untagged' }
const everyTag = { tagStatus: 'tagged', tagPatternList: ['*'] }
const archive = { storageClass: 'archive' }

const cases: readonly (readonly [string, readonly LifecycleRule[], readonly TagStatus[]])[] = [
  ['no rules', [], []],
  ['a rule on untagged images', [rule(1, untagged)], ['untagged']],
  ['a rule on any', [rule(1, {})], ['untagged', 'tagged']],
  ['a rule on every tag', [rule(1, everyTag)], ['tagged']],
  ['a rule on some tags', [rule(1, { tagStatus: 'tagged', tagPatternList: ['v*'] })], []],
  ['patterns that all have to fit', [rule(1, { tagStatus: 'tagged', tagPatternList: ['*', 'v*'] })], []],
  ['prefixes', [rule(1, { tagStatus: 'tagged' })], []],
  [
    'some tags, then any',
    [rule(1, { tagStatus: 'tagged', tagPatternList: ['v*'] }), rule(2, {})],
    ['untagged', 'tagged'],
  ],
  ['an archive that never expires', [rule(1, {}, 'transition')], []],
  ['an archive that expires', [rule(1, {}, 'transition'), rule(2, archive)], ['untagged', 'tagged']],
  ['an archive of which some expires', [rule(1, {}, 'transition'), rule(2, { ...untagged, ...archive })], ['untagged']],
  ['archiving before expiry', [rule(1, untagged, 'transition'), rule(2, {})], ['tagged']],
  [
    'archiving of some tags before expiry',
    [rule(2, {}), rule(1, { tagStatus: 'tagged', tagPatternList: ['v*'] }, 'transition')],
    ['untagged'],
  ],
  ['archiving after expiry has taken all', [rule(1, untagged), rule(2, {}, 'transition')], ['untagged']],
  ['expiry of the archive alone', [rule(1, archive)], []],
]

describe('a lifecycle policy bounds', () => {
  test.each(cases)('%s', (_, rules, bounded) => {
    expect((['untagged', 'tagged'] as const).filter((status) => isBounded(rules, status))).toEqual(bounded)
  })
})
