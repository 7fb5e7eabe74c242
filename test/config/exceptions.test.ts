import { describe, expect, it } from 'vitest'
import { around, faults, parsed } from './read.ts'

const POLICY = 'policy: [{ repositories: ["**"], rules: { tag-immutability: report } }]'

const BASE = {
  finding: 'CVE-2026-1234',
  repositories: '["team-a/*"]',
  reason: 'TLS ends before it',
  owner: 'team-a',
  expires: '2027-01-31',
}

/** One exception, with some keys changed and some left out. */
const entry = (change: Readonly<Record<string, string | undefined>> = {}): string =>
  Object.entries({ ...BASE, ...change })
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${value}`]))
    .join(', ')

const file = (...entries: string[]): string =>
  `${around(POLICY)}\nexceptions:\n${entries.map((one) => `  - { ${one} }`).join('\n')}`

const onRule = (change: Readonly<Record<string, string | undefined>> = {}): string =>
  entry({ finding: undefined, rule: 'tag-immutability', ...change })

describe('exceptions', () => {
  it('are read with their lines', () => {
    const digest = `sha256:${'a'.repeat(64)}`
    const { config, warnings } = parsed(file(entry({ package: 'openssl', tags: '["1.*"]', digest }), onRule()))

    expect(config.exceptions).toEqual([
      { ...BASE, repositories: ['team-a/*'], package: 'openssl', tags: ['1.*'], digest, line: 4 },
      { ...BASE, finding: undefined, rule: 'tag-immutability', repositories: ['team-a/*'], line: 5 },
    ])
    expect(warnings).toEqual([])
  })

  it('on a rule on images may name tags', () => {
    const { config } = parsed(file(onRule({ rule: 'max-image-size', tags: '["1.*"]' })))

    expect(config.exceptions[0]).toMatchObject({ rule: 'max-image-size', tags: ['1.*'] })
  })

  it('survive JSON', () => {
    const { config } = parsed(file(entry(), onRule()))

    expect(JSON.parse(JSON.stringify(config))).toStrictEqual(config)
  })

  it('have a reason and an owner of one line, without what cannot be seen', () => {
    const { config } = parsed(file(entry({ reason: '"two\\n  lines \\u202e turned"', owner: '" team-a "' })))

    expect(config.exceptions[0]).toMatchObject({ reason: 'two lines turned', owner: 'team-a' })
  })

  it.each(['CVE-2026-12345', 'GHSA-jfh8-c2jp-5v3q', 'ALAS2-2026-1', 'RHSA-2026:1234', 'IN1-PYTHON-FLASK-42'])(
    'may name the finding %s',
    (finding) => {
      expect(parsed(file(entry({ finding }))).config.exceptions[0]?.finding).toBe(finding)
    },
  )
})

describe('an exception is refused', () => {
  it.each([
    ['without a reason', entry({ reason: undefined }), '.reason: missing, expected reason: TLS is terminated before'],
    ['with an empty reason', entry({ reason: '' }), '.reason: found nothing, expected a reason in words, such as'],
    [
      'with a reason that nobody sees',
      entry({ reason: '"\\u200b"' }),
      '.reason: found nothing that can be seen, expected a reason in words',
    ],
    ['with a novel', entry({ reason: 'x'.repeat(501) }), '.reason: found more than 500 characters, expected a reason'],
    ['without an owner', entry({ owner: undefined }), '.owner: missing, expected owner: team-a'],
    ['without an end', entry({ expires: undefined }), '.expires: missing, expected expires: 2027-01-31'],
    [
      'without repositories',
      entry({ repositories: undefined }),
      '.repositories: missing, expected repositories: ["**"]',
    ],
    [
      'with a day that does not exist',
      entry({ expires: '2027-02-30' }),
      '.expires: found "2027-02-30", expected a day of the calendar such as 2027-01-31',
    ],
    ['with a day in words', entry({ expires: 'never' }), '.expires: found "never", expected a day of the calendar'],
    [
      'on nothing',
      entry({ finding: undefined }),
      ': found neither rule nor finding, expected one: rule: tag-immutability, or finding: CVE-2026-1234',
    ],
    [
      'on both',
      entry({ rule: 'tag-immutability' }),
      '.finding: found beside rule, expected one of the two: make it two exceptions',
    ],
    [
      'on a rule that does not exist',
      onRule({ rule: 'tag-mutability' }),
      '.rule: found "tag-mutability", expected ',
      'Did you mean tag-immutability?',
    ],
    [
      'on a rule on the registry',
      onRule({ rule: 'registry-scanning' }),
      '.rule: found "registry-scanning", expected a rule on repositories or images: this one is on the registry, so no repository can be left out. Set it to off under registry',
    ],
    [
      'with a package and no finding',
      entry({ finding: undefined, package: 'openssl' }),
      '.package: found without finding, expected finding: CVE-2026-1234 beside it',
    ],
    [
      'with a package of a rule',
      onRule({ package: 'openssl' }),
      '.package: found beside rule, expected finding beside it: a rule has no packages',
    ],
    [
      'with tags of a rule on repositories',
      onRule({ tags: '["1.*"]' }),
      '.tags: found beside tag-immutability, which is on repositories: it would never match. Leave it out',
    ],
    [
      'with a finding in lower case',
      entry({ finding: 'cve-2026-1234' }),
      '.finding: found "cve-2026-1234", expected the id of a finding, such as CVE-2026-1234. Did you mean CVE-2026-1234?',
    ],
    ['with a finding that is cut', entry({ finding: 'CVE-2026' }), '.finding: found "CVE-2026", expected the id of'],
    [
      'with a tag that YAML reads as a number',
      entry({ tags: '[1.0]' }),
      '.tags[0]: found 1, expected a tag in quotes, such as "1.4.2" or "1.*"',
    ],
    ['with no tag', entry({ tags: '[]' }), '.tags: found an empty list, expected at least one tag'],
    ['with a short digest', entry({ digest: 'sha256:aa' }), '.digest: found "sha256:aa", expected sha256: and 64'],
    ['with a key that is none', entry({ expiry: '2027-01-31' }), '.expiry: unknown key', 'Did you mean expires?'],
  ])('%s', (_, exception, start, end = '') => {
    const found = faults(file(exception))

    expect(found).toHaveLength(1)
    const said = found[0]?.replace(/^steward\.yaml:4:\d+ {2}exceptions\[0]/, '') ?? ''
    expect(said.slice(0, start.length)).toBe(start)
    expect(said.endsWith(end)).toBe(true)
  })

  it('where an earlier one is about the same', () => {
    const [first, again] = [
      onRule({ repositories: '["a", "b"]' }),
      onRule({ repositories: '["b", "a"]', expires: '2027-02-28' }),
    ]

    expect(faults(file(entry(), first, again))).toEqual([
      'steward.yaml:6:5  exceptions[2]: found again what exceptions[1] is about, expected it once: which end would hold?',
    ])
  })

  it('where they are more than anybody keeps an eye on', () => {
    const many = Array.from({ length: 1_001 }, (_, index) => entry({ finding: `CVE-2026-${1_000 + index}` }))

    expect(faults(file(...many))).toEqual([
      'steward.yaml:4:3  exceptions: found more than 1000, expected a shorter list of entries with rule or finding, repositories, reason, owner and expires',
    ])
  })
})

describe('an exception is warned about', () => {
  const everywhere = { repositories: '["**"]' }

  it.each([
    [
      'that has expired',
      entry({ expires: '2026-11-19' }),
      '.expires: expired on 2026-11-19: what it excepted counts again. Ask "team-a", then renew or remove it',
    ],
    [
      'that ends today',
      entry({ expires: '2026-11-20' }),
      '.expires: ends today: from then on what it excepts counts again. Ask "team-a", then mend or renew it',
    ],
    ['that ends tomorrow', entry({ expires: '2026-11-21' }), '.expires: ends tomorrow: from'],
    ['that ends within two weeks', entry({ expires: '2026-12-04' }), '.expires: ends in 14 days: from'],
    [
      'that holds everywhere for long',
      entry({ ...everywhere, expires: '2027-02-19' }),
      '.expires: holds in every repository for more than 90 days. Name repositories, tags or a package, or end it sooner',
    ],
  ])('%s', (_, exception, start) => {
    const { warnings } = parsed(file(exception))

    expect(warnings).toHaveLength(1)
    expect(warnings[0]?.replace(/^steward\.yaml:4:\d+ {2}exceptions\[0]/, '').startsWith(start)).toBe(true)
  })

  it('whose rule is nowhere in force', () => {
    const text = `${around(POLICY.replace('report', 'off'))}\nexceptions: [{ ${onRule()} }]`

    expect(parsed(text).warnings).toEqual([
      expect.stringContaining('.rule: no entry of policy has tag-immutability in force, so there is nothing to except'),
    ])
  })

  it.each([
    ['has more than two weeks', entry({ expires: '2026-12-05' })],
    ['holds everywhere, for 90 days', entry({ ...everywhere, expires: '2027-02-18' })],
    ['holds everywhere, for one package', entry({ ...everywhere, package: 'openssl', expires: '2028-01-01' })],
    ['holds everywhere, for some tags', entry({ ...everywhere, tags: '["1.*"]', expires: '2028-01-01' })],
    ['holds in some places, for long', entry({ expires: '2028-01-01' })],
  ])('but not one that %s', (_, exception) => {
    expect(parsed(file(exception)).warnings).toEqual([])
  })
})
