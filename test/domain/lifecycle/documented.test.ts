import { expect, test } from 'vitest'
import { lintPolicy } from '../../../functions/domain/lifecycle/lint.ts'
import { parsePolicy } from '../../../functions/domain/lifecycle/parse-policy.ts'

type Selection = Readonly<Record<string, unknown>>

const policy = (...selections: readonly Selection[]): string =>
  JSON.stringify({
    rules: selections.map(({ action = { type: 'expire' }, ...selection }, index) => ({
      ...{ rulePriority: index + 1, selection, action },
    })),
  })

const tagged = (...tagPatternList: readonly string[]): Selection => ({ tagStatus: 'tagged', tagPatternList })
const prefixed = (...tagPrefixList: readonly string[]): Selection => ({ tagStatus: 'tagged', tagPrefixList })
const keep = (countNumber: number): Selection => ({ countType: 'imageCountMoreThan', countNumber })
const days = (countNumber: number, countType = 'sinceImagePushed'): Selection => ({
  ...{ countType, countUnit: 'days', countNumber },
})
const ANY = { tagStatus: 'any' }
const UNTAGGED = { tagStatus: 'untagged' }
const ARCHIVE = { action: { type: 'transition', targetStorageClass: 'archive' } }

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_examples.html */
test.each<[string, string, readonly string[]]>([
  ['by age', policy({ ...tagged('prod*'), ...days(14) }), ['note 1 age-of-tagged']],
  ['one untagged image', policy({ ...UNTAGGED, ...keep(1) }), ['note 1 untagged-in-use']],
  [
    'several rules',
    policy({ ...tagged('prod*'), ...keep(1) }, { ...tagged('beta*'), ...keep(1) }),
    ['note 1 keeps-one', 'note 2 keeps-one'],
  ],
  // AWS explains by these that every entry has to be met; whoever copies one most likely means something else.
  [
    'several tags in a rule',
    policy({ ...tagged('alpha*', 'beta*'), ...keep(1) }),
    ['warning 1 needs-all-tags', 'note 1 keeps-one'],
  ],
  [
    'all images, by count',
    policy({ ...ANY, ...keep(1) }),
    ['note 1 mixed-streams', 'note 1 counts-signatures', 'note 1 keeps-one'],
  ],
  [
    'some, then all',
    policy({ ...tagged('prod*'), ...days(14) }, { ...ANY, ...days(14) }),
    ['warning 2 expires-latest', 'note 1 age-of-tagged'],
  ],
  [
    'archive what nobody pulls',
    policy(
      { ...ANY, ...days(90, 'sinceImagePulled'), ...ARCHIVE },
      { ...ANY, storageClass: 'archive', ...days(365, 'sinceImageTransitioned') },
    ),
    ['note 1 archives-by-age'],
  ],
])('of the example of AWS %s is said what its reader should know', (_, text, expected) => {
  const { rules = [], faults } = parsePolicy(text)
  expect(faults).toBeUndefined()
  expect(lintPolicy(rules).map(({ level, rule, code }) => `${level} ${rule} ${code}`)).toEqual(expected)
})

test('the policy that expires its own releases is told so, and mended', () => {
  const text = policy(
    { ...UNTAGGED, ...days(7) },
    { ...prefixed('dev-'), ...keep(5) },
    { ...prefixed('stg-'), ...keep(10) },
    { ...prefixed('v', 'release-'), ...keep(100) },
    { ...ANY, ...days(90) },
  )
  const lints = lintPolicy(parsePolicy(text).rules ?? [])
  expect(lints.map(({ level, rule, code }) => `${level} ${rule} ${code}`)).toEqual([
    'error 4 needs-all-tags',
    'warning 5 expires-latest',
    'note 1 untagged-in-use',
  ])
})
