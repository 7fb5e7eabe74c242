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
  [
    'archive by the last pull alone',
    policy({ ...ANY, ...days(90, 'sinceImagePulled'), ...ARCHIVE }),
    ['note 1 archive-grows', 'note 1 archives-by-age'],
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

/** What people write most. Only what may cost an image that is needed is more than a note. */
test.each<[string, string, readonly string[]]>([
  ['the newest ten', policy({ ...ANY, ...keep(10) }), ['note 1 mixed-streams', 'note 1 counts-signatures']],
  [
    'releases, and left-overs for a week',
    policy({ ...prefixed('v'), ...keep(50) }, { ...UNTAGGED, ...days(7) }),
    ['note 2 untagged-in-use'],
  ],
  [
    'latest, and the newest two',
    policy({ ...prefixed('latest'), ...keep(1) }, { ...ANY, ...keep(2) }),
    ['note 2 mixed-streams', 'note 2 counts-signatures'],
  ],
  [
    'two kinds in one list',
    policy({ ...prefixed('prod-', 'release-'), ...days(90) }),
    ['warning 1 needs-all-tags', 'note 1 age-of-tagged'],
  ],
  [
    'every tag for 90 days',
    policy({ ...UNTAGGED, ...days(7) }, { ...tagged('*'), ...days(90) }),
    ['warning 2 expires-latest', 'note 1 untagged-in-use'],
  ],
  ['branches and main', policy({ ...prefixed('branch'), ...keep(1_000) }, { ...prefixed('main'), ...keep(100) }), []],
])('of what people write, %s, is said what its reader should know', (_, text, expected) => {
  const { rules = [] } = parsePolicy(text)
  expect(lintPolicy(rules).map(({ level, rule, code }) => `${level} ${rule} ${code}`)).toEqual(expected)
})
