import { compare as compare440, valid as valid440 } from '@renovatebot/pep440'
import fc from 'fast-check'
import semver from 'semver'
import { describe, expect, it, test } from 'vitest'
import { orderOf } from '../../../functions/domain/supply-chain/versions/order.ts'

const compare = (ecosystem: string, a: string, b: string): number | undefined => {
  const difference = orderOf(ecosystem)(a, b)
  return difference === undefined ? undefined : Math.sign(difference) + 0
}

/** Ascending, as the ecosystem publishes them; with `=` between them they are the same. */
const ASCENDING: readonly (readonly [ecosystem: string, source: string, versions: readonly string[]])[] = [
  [
    'npm',
    'https://semver.org/#spec-item-11',
    [
      '1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1',
      '1.0.0=1.0.0+build 2.0.0 2.1.0 2.1.1',
    ],
  ],
  [
    'golang',
    'https://go.dev/ref/mod#pseudo-versions',
    [
      'v0.0.0-20191109021931-daa7c04131f5 v1.2.3-pre v1.2.3-pre.0.20191109021931-daa7c04131f5 v1.2.3',
      'v1.2.4-0.20191109021931-daa7c04131f5 v2.0.0+incompatible',
    ],
  ],
  ['golang', 'https://go.dev/doc/toolchain#version', ['go1.21rc1 go1.21rc2 go1.21=go1.21.0=1.21 go1.21.1']],
  [
    'nuget',
    'https://learn.microsoft.com/en-us/nuget/concepts/package-versioning',
    ['1.0.0-ALPHA=1.0.0-alpha 1.0.0-beta 1.0.0-RC1 1.0.0=1.0 1.0.0.1 1.0.1'],
  ],
  [
    'pypi',
    'https://packaging.python.org/en/latest/specifications/version-specifiers/',
    [
      '1.0.dev=1.0.dev0 1.0.dev456 1.0a=1.0a0 1.0a1 1.0a2.dev456 1.0a12.dev456 1.0a12 1.0b1.dev456 1.0b2 1.0b2.post345.dev456 1.0b2.post345',
      '1.0rc1.dev456 1.0rc1=1.0c1=1.0-PREVIEW_1 1.0=v1=1.0.0 1.0+abc.5 1.0+abc.7 1.0+5 1.0.post=1.0.post0 1.0.post456.dev34',
      '1.0.post456=1.0-456 1.0.15 1.1.dev1 1!0.1',
    ],
  ],
  [
    'maven',
    'the qualifiers in the tests of ComparableVersion',
    [
      '1-alpha2snapshot 1-alpha2 1-alpha-123 1-beta-2 1-beta123 1-m2 1-m11 1-rc=1-cr 1-rc123 1-SNAPSHOT',
      '1=1.0=1-0=1-ga=1.final 1-sp 1-sp2 1-sp123 1-abc 1-def 1-pom-1 1-1-snapshot 1-1 1-2 1-123',
    ],
  ],
  [
    'maven',
    'the numbers in the tests of ComparableVersion',
    [
      '2.0=2=2. 2.0.a 2-1 2.0.2 2.0.123 2.1.0 2.1-a 2.1b 2.1-c 2.1-1 2.1.0.1 2.2 2.123',
      '11.a2 11.a11 11.b2 11.b11 11.m2 11.m11 11 11.a 11b 11c 11m',
    ],
  ],
  [
    'maven',
    'https://maven.apache.org/pom.html#version-order-specification',
    ['1-a1=1-alpha-1 1=1.0.0-0.0.0 1-sp-1 1-foo=1.foo=1.0.0-foo.0.0 1-foo2 1-foo10=1-foo-10 1-1=1-ga-1 1.1 2=2.ga'],
  ],
  [
    'gem',
    'https://docs.ruby-lang.org/en/master/Gem/Version.html',
    [
      '1.0.a.b 1.0.a.0.b=1.a.0.b 1.0.a1=1.a1 1.0.a.2 1.0.b1 1.0-rc1=1.0.pre.rc1 1.0=1=1.0.0 1.0.1.a 1.0.1 1.0.2 1.0.10 1.1',
    ],
  ],
  [
    'deb',
    'https://www.debian.org/doc/debian-policy/ch-controlfields.html#version',
    ['1.0~~ 1.0~~a 1.0~ 1.0 1.0-1 1.0-1ubuntu1 1.0-2 1.0a 1.0+b1 1.0.1 1.2.3 1.10 1:0.1 1:0.1-1'],
  ],
  [
    'rpm',
    'rpmvercmp.at of rpm',
    [
      '1.0~rc1~git123 1.0~rc1 1.0~rc1^git1 1.0=1_0 1.0^ 1.0^git1 1.0^20160101 1.0^20160101^git1 1.0^20160102',
      '1.0.1 1.01=1.1 1.0039 1:0.1-1 1:0.1-1.amzn2023 1:0.1-2',
    ],
  ],
  ['rpm', 'more of rpmvercmp.at', ['1.0a=1.0.a 1.0aa 4.999.9 5.0 10a1 10b2 10xyz 10.1xyz 10.1.0 20101121 20101122']],
  [
    'alpm',
    'https://man.archlinux.org/man/vercmp.8',
    ['1.0a 1.0b 1.0beta 1.0p 1.0pre 1.0rc 1.0rc1=1.0rc01 1.0 1.0.a 1.0.1 1.0.1-1 1.0.1-2 1.0.2.r3.gabc 1:0.1'],
  ],
  [
    'apk',
    'version.data of apk-tools',
    [
      '0.01 0.02 0.1_alpha 0.1_alpha1 0.1_alpha2 0.1_beta 0.1_pre 0.1_pre2 0.1_rc 0.1_rc3 0.1 0.1-r1 0.1-r2 0.1~0a',
      '0.1_cvs 0.1_git20130101 0.1_p1 0.1a 0.1b 0.1.0 0.1.1 1.2.3 1.2.10 10.0',
    ],
  ],
  ['generic', 'its numbers', ['v1.0=v1.0 1.1 1.2.3 1.10 2']],
]

describe('the order of versions', () => {
  test.each(ASCENDING)('%s, by %s', (ecosystem, _, versions) => {
    const steps = versions.flatMap((line) => line.split(' ')).map((step) => step.split('='))
    const wrong = steps.flatMap((step, at) =>
      step.flatMap((one) => [
        ...step.filter((same) => compare(ecosystem, one, same) !== 0).map((same) => `${one} = ${same}`),
        ...steps
          .slice(at + 1)
          .flat()
          .filter((other) => compare(ecosystem, one, other) !== -1 || compare(ecosystem, other, one) !== 1)
          .map((other) => `${one} < ${other}`),
      ]),
    )
    expect(wrong).toEqual([])
  })

  test.each([
    ['npm', 'latest', '1.0.0'],
    ['npm', '1.x', '1.0.0'],
    ['npm', '1.0.0', ''],
    ['pypi', '1.0-foo-bar', '1.0'],
    ['gem', 'x', '1'],
    ['deb', 'main', '1'],
    ['rpm', '1-2-3', '1'],
    ['alpm', '1-2-3', '1'],
    ['apk', '1.2.3-1', '1.2.3'],
    ['generic', '1.1.1w', '1.1.1'],
    ['generic', '1.0-rc1', '1.0'],
    ['generic', 'HEAD', '1.0'],
    ['toString', '1.0-rc1', '1.0'],
    ['maven', '1'.repeat(513), '1'],
  ])('%s: %s and %s cannot be compared', (ecosystem, a, b) => {
    expect([compare(ecosystem, a, b), compare(ecosystem, b, a)]).toEqual([undefined, undefined])
  })

  it('is that of semver', () => {
    const number = fc.nat(12).map(String)
    const identifier = fc.oneof(number, fc.constantFrom('a', 'b', 'rc', 'alpha', 'x-1', '1a'))
    const version = fc
      .tuple(number, number, number, fc.array(identifier, { maxLength: 3 }))
      .map(([a, b, c, before]) => `${a}.${b}.${c}${before.length > 0 ? `-${before.join('.')}` : ''}`)
    fc.assert(fc.property(version, version, (a, b) => compare('npm', a, b) === semver.compare(a, b)))
  })

  it('is that of pep440', () => {
    const word = fc.constantFrom('', 'a', 'b', 'rc', '.dev', '.post', '-', '_beta', '.r', '+', 'c', '.', '+x.')
    const version = fc
      .array(fc.tuple(word, fc.nat(12)), { minLength: 1, maxLength: 5 })
      .map((parts) => `1${parts.map(([text, number]) => `${text}${number}`).join('')}`)
    fc.assert(
      fc.property(version, version, (a, b) => {
        const valid = valid440(a) !== null && valid440(b) !== null
        return compare('pypi', a, b) === (valid ? Math.sign(compare440(a, b)) + 0 : undefined)
      }),
    )
  })

  test.each([
    ['npm', ['.0', '.1', '-a', '-1', '-a.1', '-a.b', '-1.a.0', '-rc']],
    ['pypi', ['.0', '.1', 'a1', 'b', 'rc2', '.post1', '.dev', '.dev2', '+x', '+1', '+x.1']],
    ['maven', ['.0', '.1', '-0', '-1', '-a', 'a1', '.ga', '-sp', '-snapshot', 'x', '.', '-', '..1', '10']],
    ['gem', ['.0', '.1', '.a', '.b', 'a1', '-rc', '.10', '.00']],
    ['deb', ['.0', '.1', '~', 'a', '+', '-1', '-0', '-', '10', '007']],
    ['rpm', ['.0', '.1', '~', '^', 'a', 'b', '_', '10', '007', '+']],
    ['alpm', ['.0', '.1', 'a', '.a', 'rc1', '_', '10', '007', '+']],
    ['apk', ['.0', '.1', '.01', '.007', 'a', '_rc', '_alpha1', '_p', '_git2', '~0a', '-r0', '-r1']],
    ['generic', ['.0', '.1', '-a', '.10']],
  ])('of %s is total', (ecosystem, pieces) => {
    const order = orderOf(ecosystem)
    const version = fc
      .array(fc.constantFrom(...pieces), { maxLength: 4 })
      .map((all) => `1${all.join('')}`)
      .filter((text) => order(text, text) !== undefined)
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [ab, bc, ac, ba] = [order(a, b), order(b, c), order(a, c), order(b, a)]
        if (ab === undefined || bc === undefined || ac === undefined) return ecosystem === 'generic'
        if (Math.sign(ab) + Math.sign(ba as number) !== 0) return false
        if (ab > 0 || bc > 0) return true
        return ab < 0 || bc < 0 ? ac < 0 : ac === 0
      }),
      { numRuns: 200 },
    )
  })

  it('takes numbers of any length', () => {
    const [a, b] = ['9'.repeat(400), `${'9'.repeat(399)}8`]
    const ecosystems = ['npm', 'pypi', 'maven', 'gem', 'deb', 'rpm', 'apk', 'generic']
    expect(ecosystems.filter((ecosystem) => compare(ecosystem, a, b) !== 1)).toEqual([])
  })
})
