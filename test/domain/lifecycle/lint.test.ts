import { describe, expect, test } from 'vitest'
import type { Use } from '../../../functions/domain/in-use/use.ts'
import type { StoredImage } from '../../../functions/domain/lifecycle/image.ts'
import { type Evidence, type Lint, lintPolicy } from '../../../functions/domain/lifecycle/lint.ts'
import type { Rule } from '../../../functions/domain/lifecycle/rule.ts'
import { any, DAY, days, digestOf, images, keep, numbered, rule, untagged } from './lints/policies.ts'

const withImages = (all: readonly StoredImage[], uses?: readonly Use[]): Evidence => ({
  ...{ images: all, children: new Map(), uses },
})

const said = (code: string, rules: readonly Rule[], evidence?: Evidence): readonly Lint[] =>
  lintPolicy(rules, evidence).filter((lint) => lint.code === code)

const levels = (code: string, rules: readonly Rule[], evidence?: Evidence): readonly string[] =>
  said(code, rules, evidence).map((lint) => `${lint.level} ${lint.rule}`)

const sha = (number: number): string => `sha256-${number.toString(16).padStart(64, '0')}`

describe('a list of which all entries have to be met', () => {
  const both = rule({ priority: 4, prefixes: ['v', 'release-'], patterns: [] })
  const rest = any({ priority: 5 })

  test('is an error where a later rule expires what meets one of them', () => {
    const [lint] = said('needs-all-tags', [both, rest])
    expect(lint).toMatchObject({ level: 'error', rule: 4, field: 'selection.tagPrefixList' })
    expect(lint?.problem).toContain('"v" and "release-". Almost no image has all of them.')
    expect(lint?.problem).toContain('fall to rule 5 (all images: expire 90 days after their push).')
    expect(lint?.instead).toContain('The count then holds for each of them by itself.')
  })

  test.each<[string, readonly Rule[], readonly string[]]>([
    ['a warning where nothing takes them', [both], ['warning 4']],
    ['a warning where a later rule archives them', [both, any({ priority: 5, action: 'archive' })], ['warning 4']],
    [
      'a warning where an earlier rule has taken them',
      [
        rule({ priority: 1, prefixes: ['v'], patterns: [] }),
        rule({ priority: 2, patterns: ['release-*'] }),
        both,
        rest,
      ],
      ['warning 4'],
    ],
    ['said of patterns too', [rule({ patterns: ['prod-*', 'release-*'] })], ['warning 1']],
    ['not said where one tag can meet both', [rule({ patterns: ['v*', '*-alpine'] }), rest], []],
    ['not said of a single entry', [rule(), rest], []],
  ])('is %s', (_, rules, expected) => expect(levels('needs-all-tags', rules)).toEqual(expected))

  test('is meant so where an image has them all', () => {
    const evidence = withImages(images(['v1', 'release-1'], ['v2']))
    expect(levels('needs-all-tags', [both, rest], evidence)).toEqual([])
  })

  test('is told with the images that there are', () => {
    const [lint] = said('needs-all-tags', [both, rest], withImages(images(['v1'])))
    expect(lint?.problem).toContain('No image here has all of them.')
  })

  test('speaks of days where it counts days', () => {
    const [lint] = said('needs-all-tags', [{ ...both, count: days(9) }])
    expect(lint?.instead).toContain('The number of days')
  })
})

describe('a shadowed rule', () => {
  const everyTag = rule({ priority: 2, patterns: ['*'] })
  test.each<[string, readonly Rule[], string]>([
    ['rule 1', [untagged(), untagged({ priority: 2 })], 'Leave it out, or change rule 1'],
    ['rules 1 and 2', [untagged(), everyTag, any({ priority: 3 })], 'Leave it out, or change rules 1 and 2'],
    ['rule 2', [everyTag, rule({ priority: 3, prefixes: ['v'], patterns: [] })], 'Put it before rule 2'],
    [
      'rule 1',
      [rule({ prefixes: ['v'], patterns: [] }), rule({ priority: 2, patterns: ['v1*', '*-x'] })],
      'Put it before rule 1',
    ],
  ])('is an error, of %s', (by, rules, instead) => {
    const [lint] = said('shadowed', rules)
    expect(lint).toMatchObject({ level: 'error', rule: rules.at(-1)?.priority, field: 'rulePriority' })
    expect(lint?.problem).toContain(`is the affair of ${by}`)
    expect(lint?.instead).toContain(instead)
  })

  test.each<[string, readonly Rule[]]>([
    ['is narrower', [rule({ patterns: ['v1*'] }), rule({ priority: 2 })]],
    ['asks for more', [rule({ patterns: ['v*', 'a*'] }), rule({ priority: 2 })]],
    ['is about untagged images', [untagged(), rule({ priority: 2, patterns: ['*'] })]],
    ['leaves the tagged images', [untagged(), any({ priority: 2 })]],
    ['is of another storage class', [rule({ action: 'archive' }), rule({ priority: 2, storageClass: 'archive' })]],
  ])('is none where the earlier one %s', (_, rules) => expect(said('shadowed', rules)).toEqual([]))
})

describe('what no tag can be', () => {
  test.each<[Partial<Rule>, string]>([
    [{ prefixes: ['v*'], patterns: [] }, 'A prefix is taken letter by letter'],
    [{ prefixes: ['v', 'release-*'], patterns: [] }, 'A prefix is taken letter by letter'],
    [{ patterns: ['-x'] }, 'A tag begins with'],
    [{ prefixes: ['.x*'], patterns: [] }, 'A tag begins with'],
  ])('%j is an error', (change, instead) => {
    const [lint] = said('impossible-tag', [rule(change)])
    expect(lint?.level).toBe('error')
    expect(lint?.instead).toContain(instead)
  })

  test.each<[Partial<Rule>]>([[{}], [{ patterns: ['*-x'] }], [{ prefixes: [''], patterns: [] }], [{ patterns: [] }]])(
    'is not %j',
    (change) => expect(said('impossible-tag', [rule(change)])).toEqual([]),
  )
})

describe('a pattern without a wildcard', () => {
  test.each<[string, readonly string[], readonly (readonly string[])[] | undefined, number]>([
    ['that ends as no tag does', ['release-'], undefined, 1],
    ['that is the start of tags and none itself', ['v'], [['v1'], ['v2']], 1],
    ['that may be a tag', ['prod'], undefined, 0],
    ['that is a tag', ['prod'], [['prod'], ['prod-1']], 0],
    ['that no tag starts with', ['prod'], [['v1']], 0],
    ['that has one after all', ['release-*'], undefined, 0],
  ])('%s', (_, patterns, tags, many) => {
    const evidence = tags && withImages(images(...tags))
    expect(said('no-wildcard', [rule({ patterns })], evidence)).toHaveLength(many)
  })

  test('says which', () => {
    const [one] = said('no-wildcard', [rule({ patterns: ['a-'] })])
    expect([one?.problem, one?.instead]).toEqual([
      '"a-" has no *, so only a tag that is just that fits.',
      'Write "a-*" for tags that start so.',
    ])
    const [two] = said('no-wildcard', [rule({ patterns: ['a-', 'b-'] })])
    expect(two?.problem).toContain('"a-", "b-" have no *')
  })

  test('is about images of the storage class', () => {
    const archived = images(['v1']).map((one) => ({ ...one, status: 'ARCHIVED' as const, archivedAt: DAY }))
    expect(said('no-wildcard', [rule({ patterns: ['v'] })], withImages(archived))).toEqual([])
  })
})

describe('a rule on untagged images', () => {
  const use = (number: number): Use => ({
    image: { account: '123456789012', region: 'eu-central-1', repository: 'a', digest: digestOf(number) },
    by: 'ECS task web',
  })
  const all = images([], ['v1'], [])

  test('is a note where it is not known what runs', () => {
    expect(levels('untagged-in-use', [untagged()])).toEqual(['note 1'])
    expect(levels('untagged-in-use', [any(), rule({ priority: 2 })])).toEqual([])
    expect(levels('untagged-in-use', [untagged({ action: 'archive' })])).toEqual([])
  })

  test('is an error where it takes what runs', () => {
    const tagged = { ...use(1), image: { ...use(1).image, digest: undefined, tag: 'v1' } }
    const evidence = withImages(all, [use(1), use(2), tagged])
    const [lint] = said('untagged-in-use', [untagged()], evidence)
    expect(lint?.level).toBe('error')
    expect(lint?.problem).toContain(`expire in the end: ${digestOf(1).slice(0, 19)} (ECS task web).`)
    expect(levels('untagged-in-use', [any()], evidence)).toEqual(['error 1'])
  })

  test('is fine where nothing of it runs', () => {
    expect(levels('untagged-in-use', [untagged()], withImages(all, [use(2), use(9)]))).toEqual([])
    expect(levels('untagged-in-use', [any()], { ...withImages([]), uses: [] })).toEqual([])
  })
})

describe('the image that latest names', () => {
  const latestKept = rule({ priority: 1, patterns: ['latest'], count: keep(1) })
  const old = images(['latest'], ['v1'], ['v2'])
  const without = images(['v1'])

  test.each<[string, readonly Rule[], readonly StoredImage[] | undefined, readonly string[]]>([
    ['goes by age with any', [any()], undefined, ['warning 1']],
    ['goes by age with every tag', [rule({ patterns: ['*'], count: days(30) })], undefined, ['warning 1']],
    ['goes by age by its name', [rule({ patterns: ['latest'], count: days(30) })], undefined, ['warning 1']],
    ['is kept by an earlier rule', [latestKept, any({ priority: 2 })], undefined, []],
    ['is kept by a count', [any({ count: keep(5) })], undefined, []],
    ['is archived, not expired', [any({ action: 'archive' })], undefined, []],
    ['is not meant', [rule({ count: days(30) })], undefined, []],
    ['is there, and goes by age', [any()], old, ['warning 1']],
    ['is not there, and the newest goes', [any()], without, ['warning 1']],
    ['is not there, and by its name nothing goes', [rule({ patterns: ['latest'], count: days(9) })], without, []],
    ['is not among the newest', [any({ count: keep(2) })], old, ['warning 1']],
    ['is among the newest', [any({ count: keep(3) })], old, []],
    ['is counted alone', [rule({ patterns: ['latest'], count: keep(1) })], old, []],
  ])('%s', (_, rules, all, expected) => {
    expect(levels('expires-latest', rules, all && withImages(all))).toEqual(expected)
  })

  test.each<[Rule, readonly StoredImage[] | undefined, string]>([
    [any(), undefined, 'Where nothing is pushed for 90 days, the newest image expires too, latest among them'],
    [any({ count: days(1) }), old, 'is its affair, and expires 1 day after its push'],
    [any({ count: keep(2) }), old, 'is not among the newest that stay: it expires.'],
  ])('is told how it goes', (one, all, problem) => {
    expect(said('expires-latest', [one], all && withImages(all))[0]?.problem).toContain(problem)
  })
})

describe('a count over images of several kinds', () => {
  const builds = numbered('pr-', 12)
  const top = any({ count: keep(10) })

  test('is a note without images', () => {
    expect(levels('mixed-streams', [top])).toEqual(['note 1'])
    expect(levels('mixed-streams', [rule({ patterns: ['*'] })])).toEqual(['note 1'])
    expect(levels('mixed-streams', [rule(), untagged({ priority: 2, count: keep(1) })])).toEqual([])
    expect(levels('mixed-streams', [any(), any({ action: 'archive', count: keep(1) })])).toEqual([])
  })

  test('is a warning where the builds of pull requests push the releases out (3 October 2023)', () => {
    const evidence = withImages(images(...numbered('v1.', 3), ...builds))
    const [lint] = said('mixed-streams', [top], evidence)
    expect(lint?.level).toBe('warning')
    expect(lint?.problem).toBe(
      'Other images are newer and fill the count, so that none stays of v*. Of those that stay: 10 of 12 pr-*.',
    )
  })

  test('is a warning where a tag that moves is pushed out', () => {
    const [lint] = said('mixed-streams', [top], withImages(images(['prod'], ...builds)))
    expect(lint).toMatchObject({ level: 'warning', problem: expect.stringContaining('none stays of prod.') })
  })

  test.each<[string, readonly (readonly string[])[], readonly string[]]>([
    ['a note where all of them have images that stay', [...builds, ...numbered('v', 3)], ['note 1']],
    ['nothing to say of where there is one', builds, []],
    ['nothing to say of where single branches go', [['feature-a'], ['feature-b'], ...builds], []],
    ['nothing to say of where the tag that moves stays', [...builds, ['latest']], []],
  ])('is %s', (_, tags, expected) => {
    expect(levels('mixed-streams', [top], withImages(images(...tags)))).toEqual(expected)
  })
})

describe('a rule that was to keep images', () => {
  const kept = rule({ priority: 1, prefixes: ['release-'], patterns: [], count: keep(9_999) })
  const rest = any({ priority: 2, count: days(7) })

  test('keeps none, so that all are for the rule after it (METR/hawk #916)', () => {
    const [lint] = said('protects-nothing', [kept, rest], withImages(images(['latest'], ['v1'], [])))
    expect(lint).toMatchObject({ level: 'warning', rule: 1, field: 'selection.tagPrefixList' })
    expect(lint?.problem).toBe(
      'There are no images with a tag that starts with "release-", and no rule before 2 keeps anything: all 2 tagged images are its affair (all images: expire 7 days after their push).',
    )
  })

  test.each<[string, readonly Rule[], Evidence | undefined, readonly string[]]>([
    ['is not known without images', [kept, rest], undefined, []],
    ['keeps some', [kept, rest], withImages(images(['release-1'], ['v1'])), []],
    ['has nothing to keep them from', [kept], withImages(images(['v1'])), []],
    ['has no tagged image to keep', [kept, rest], withImages(images([])), []],
    [
      'is one of several of a policy for many repositories',
      [kept, rule({ priority: 2 }), { ...rest, priority: 3 }],
      withImages(images(['v1'], ['x'])),
      ['note 1'],
    ],
    [
      'is said to be a list that nothing can meet',
      [rule({ prefixes: ['v', 'release-'], patterns: [] }), rest],
      withImages(images(['v1'])),
      [],
    ],
  ])('%s', (_, rules, evidence, expected) => {
    expect(levels('protects-nothing', rules, evidence)).toEqual(expected)
  })
})

describe('a count that signatures are part of', () => {
  test.each<[string, Rule, readonly StoredImage[] | undefined, readonly string[]]>([
    ['any, without images', any({ count: keep(10) }), undefined, ['note 1']],
    ['every tag, without images', rule({ patterns: ['*'] }), undefined, ['note 1']],
    ['releases', rule(), undefined, []],
    ['untagged images', untagged({ count: keep(1) }), undefined, []],
    ['days', any(), undefined, []],
    ['with signatures', any({ count: keep(10) }), images(['v1'], [`${sha(1)}.sig`]), ['warning 1']],
    ['with other images', any({ count: keep(10) }), images(['v1']), []],
    ['with signatures that it does not mean', rule(), images(['v1'], [`${sha(1)}.sig`]), []],
  ])('%s', (_, one, all, expected) => {
    expect(levels('counts-signatures', [one], all && withImages(all))).toEqual(expected)
  })

  test('says how many', () => {
    const evidence = withImages(images(['v1'], [`${sha(1)}.sig`], [`${sha(2)}.att`]))
    expect(said('counts-signatures', [any({ count: keep(9) })], evidence)[0]?.problem).toMatch(
      /^Of the 3 images that it counts, 2 are signatures or the like: sha256-0{12}….sig and 1 more\./,
    )
  })
})

describe('the archive', () => {
  const archiving = any({ action: 'archive', count: { type: 'sinceImagePulled', days: 90 } })
  const emptying = any({ priority: 2, storageClass: 'archive', count: { type: 'sinceImageTransitioned', days: 365 } })
  const archived = images([]).map((one) => ({ ...one, status: 'ARCHIVED' as const, archivedAt: DAY }))

  test('that nothing comes into', () => {
    expect(levels('never-archived', [emptying])).toEqual(['note 2'])
    expect(levels('never-archived', [emptying], withImages(images(['v1'])))).toEqual(['warning 2'])
    expect(levels('never-archived', [emptying], withImages(archived))).toEqual([])
    expect(levels('never-archived', [archiving, emptying])).toEqual([])
    expect(levels('never-archived', [any()])).toEqual([])
  })

  test('that nothing leaves', () => {
    expect(levels('archive-grows', [archiving])).toEqual(['note 1'])
    expect(levels('archive-grows', [archiving, emptying])).toEqual([])
    expect(levels('archive-grows', [any()])).toEqual([])
  })

  test('by age does not know what runs', () => {
    expect(said('archives-by-age', [archiving])[0]?.problem).toContain('pulled more than 90 days ago')
    expect(said('archives-by-age', [{ ...archiving, count: days(1) }])[0]?.problem).toContain(
      'pushed more than 1 day ago',
    )
    expect(levels('archives-by-age', [any(), any({ action: 'archive', count: keep(5) })])).toEqual([])
  })
})

test.each<[string, Rule, readonly string[]]>([
  ['tagged images that expire by age', rule({ count: days(14) }), ['note 1']],
  ['every tag, of which is said more', rule({ patterns: ['*'], count: days(14) }), []],
  ['a count', rule(), []],
  ['untagged images', untagged(), []],
  ['what is archived', rule({ count: days(14), action: 'archive' }), []],
])('of age is told: %s', (_, one, expected) => expect(levels('age-of-tagged', [one])).toEqual(expected))

test.each<[string, Rule, readonly string[]]>([
  ['one release', rule({ count: keep(1) }), ['note 1']],
  ['one of all', any({ count: keep(1) }), ['note 1']],
  ['two', rule({ count: keep(2) }), []],
  ['one image without a tag', untagged({ count: keep(1) }), []],
  ['the image of one tag', rule({ patterns: ['latest'], count: keep(1) }), []],
  ['the image of one tag as a prefix', rule({ prefixes: ['latest'], patterns: [], count: keep(1) }), []],
  ['days', rule({ count: days(1) }), []],
  ['one that is not archived', rule({ count: keep(1), action: 'archive' }), []],
])('of a single image is told: %s', (_, one, expected) => expect(levels('keeps-one', [one])).toEqual(expected))

test('of any is told which tags it takes that no rule names', () => {
  const [releases, rest] = [rule({ priority: 1 }), any({ priority: 2 })]
  const evidence = withImages(images(['v1'], ['hotfix-1', 'x'], ['hotfix-2'], []))
  expect(said('takes-the-rest', [releases, rest], evidence)).toEqual([
    expect.objectContaining({
      ...{ level: 'note', rule: 2 },
      problem: 'Tagged images that no rule before it means are its affair: 2 hotfix-*, 1 x.',
    }),
  ])
  expect(said('takes-the-rest', [rest], evidence)).toEqual([])
  expect(said('takes-the-rest', [releases, rest], withImages(images(['v1'], [])))).toEqual([])
  expect(said('takes-the-rest', [releases, { ...rest, action: 'archive' }], evidence)).toEqual([])
})

test('the worst comes first, then by rule', () => {
  const rules = [
    untagged({ priority: 1 }),
    rule({ priority: 2, prefixes: ['v', 'release-'], patterns: [] }),
    rule({ priority: 3, count: days(3) }),
    any({ priority: 4 }),
  ]
  expect(lintPolicy(rules.toReversed()).map(({ level, rule }) => `${level} ${rule}`)).toEqual([
    ...['error 2', 'warning 4', 'note 1', 'note 3'],
  ])
})

test('a repository without images tells nothing', () => {
  expect(lintPolicy([any()], withImages([]))).toEqual(lintPolicy([any()]))
})

test('a child of an index that is used is no affair of a rule on untagged images', () => {
  const [index, child] = [digestOf(1), digestOf(2)]
  const all = images(['v1'], []).map((one) =>
    one.digest === index ? { ...one, mediaType: 'application/vnd.oci.image.index.v1+json' } : one,
  )
  const image = { account: '123456789012', region: 'eu-central-1', repository: 'a', digest: child }
  const evidence = { images: all, uses: [{ image, by: 'ECS task web' }] }
  const of = (children: readonly string[]) => ({ ...evidence, children: new Map([[index, children]]) })
  expect(levels('untagged-in-use', [untagged()], of([child]))).toEqual([])
  expect(levels('untagged-in-use', [untagged()], of([]))).toEqual(['error 1'])
})
