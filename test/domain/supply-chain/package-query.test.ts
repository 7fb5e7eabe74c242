import { describe, expect, it, test } from 'vitest'
import { matchesQuery, packageQuery } from '../../../functions/domain/supply-chain/package-query.ts'
import { isWithin, parseRange, type VersionRange } from '../../../functions/domain/supply-chain/version-range.ts'

const query = (text: string) => {
  const parsed = packageQuery(text)
  if ('fault' in parsed) throw new Error(parsed.fault)
  return parsed
}

describe('a range', () => {
  test.each([
    ['*', []],
    [' ', []],
    ['<2.17.1', [{ operator: '<', version: '2.17.1' }]],
    [
      '>= 1.0, <2',
      [
        { operator: '>=', version: '1.0' },
        { operator: '<', version: '2' },
      ],
    ],
    ['1.2.3', [{ operator: '=', version: '1.2.3' }]],
    [
      '==1.2.3 !=1.2.4',
      [
        { operator: '=', version: '1.2.3' },
        { operator: '!=', version: '1.2.4' },
      ],
    ],
  ])('%s', (text, range) => {
    expect(parseRange('npm', text)).toEqual(range)
  })

  test.each([
    ['^1.2', '"^1.2" is no bound such as "<2.17.1"'],
    ['<latest', '"latest" is no version that can be compared'],
    ['<', '"<" is no bound such as "<2.17.1"'],
    ['<1 || >2', '"||" is no bound such as "<2.17.1"'],
    ['<<1', '"<<1" is no bound such as "<2.17.1"'],
    [`<${'1'.repeat(129)}`, `"<${'1'.repeat(129)}" is no bound such as "<2.17.1"`],
  ])('is not %s', (text, fault) => {
    expect(parseRange('npm', text)).toEqual({ fault })
    // There every text is a version.
    if (fault.includes('no bound')) expect(parseRange('maven', text)).toEqual({ fault })
  })

  test.each([
    ['maven', '<2.17.1', '2.17.0', true],
    ['maven', '<2.17.1', '2.17.1', false],
    ['maven', '<2.17.1', '2.17.1-rc1', true],
    ['maven', '>=2.13.0 <2.17.1', '2.12.4', false],
    ['maven', '<=2.17', '2.17.0', true],
    ['npm', '>1.0.0', '1.0.0', false],
    ['npm', '!=1.0.0', '1.0.1', true],
    ['npm', '<2.0.0', 'latest', undefined],
    ['npm', '<2.0.0', undefined, undefined],
    ['npm', '*', undefined, true],
    [undefined, '<1.2 >0', '1.1-x', true],
    [undefined, '<1.2 !=1.1', '1.1-x', undefined],
    [undefined, '<1.0 !=1.1', '1.1-x', false],
    // What a bound says nothing of is not compared.
    ['rpm', '<3.2.3', '1:3.2.2-1.amzn2023.0.1', true],
    ['rpm', '=3.2.2', '1:3.2.2-1.amzn2023.0.1', true],
    ['rpm', '<=1:3.2.2', '1:3.2.2-1.amzn2023.0.1', true],
    ['rpm', '<1:3.2.2-2', '1:3.2.2-1.amzn2023.0.1', true],
    ['rpm', '<3.2.2-2', '1:3.2.2-1.amzn2023.0.1', true],
    ['deb', '<=9.16', '1:9.16-2', true],
    ['deb', '<1:9.16-2', '1:9.16-2', false],
    ['apk', '=3.5.1', '3.5.1-r4', true],
    ['apk', '<3.5.1-r5', '3.5.1-r4', true],
    ['pypi', '=1.0', '1.0+acme', true],
    ['pypi', '=1.0+acme', '1.0+other', false],
  ])('of %s, %s: %s is within: %s', (ecosystem, range, version, within) => {
    expect(isWithin(parseRange(ecosystem, range) as VersionRange, version, ecosystem)).toBe(within)
  })
})

describe('a query', () => {
  const below = (version: string) => [{ operator: '<', version }]
  test.each([
    ['log4j-core', { name: 'log4j-core', range: [] }],
    ['maven/log4j-core <2.17.1', { ecosystem: 'maven', name: 'log4j-core', range: below('2.17.1') }],
    ['log4j-core@<2.17.1', { name: 'log4j-core', range: below('2.17.1') }],
    ['log4j-core<2.17.1', { name: 'log4j-core', range: below('2.17.1') }],
    ['log4j-core@2.14.1', { name: 'log4j-core', range: [{ operator: '=', version: '2.14.1' }] }],
    ['npm/@babel/core@<7.26', { ecosystem: 'npm', name: '@babel/core', range: below('7.26') }],
    ['@babel/core', { name: '@babel/core', range: [] }],
    ['@babel/core@*', { name: '@babel/core', range: [] }],
    ['PyPI/requests', { ecosystem: 'pypi', name: 'requests', range: [] }],
    ['golang.org/x/crypto < v0.31.0', { name: 'golang.org/x/crypto', range: below('v0.31.0') }],
    ['golang/golang.org/x/crypto', { ecosystem: 'golang', name: 'golang.org/x/crypto', range: [] }],
    [' org.x:y ', { name: 'org.x:y', range: [] }],
  ])('%s', (text, expected) => {
    expect(packageQuery(text)).toEqual(expected)
  })

  test.each([
    ['', '"" names no package'],
    ['<2.0', '"<2.0" names no package'],
    ['a//b', '"a//b" names no package'],
    ['npm/x <latest', '"latest" is no version that can be compared'],
    ['x y z', '"y" is no version that can be compared'],
    ['a'.repeat(513), `"${'a'.repeat(80)}" names no package`],
  ])('is not %s', (text, fault) => {
    expect(packageQuery(text)).toEqual({ fault })
  })
})

describe('what is asked for', () => {
  const log4j = { name: 'org.apache.logging.log4j/log4j-core', version: '2.14.1', ecosystem: 'maven' }
  test.each([
    ['log4j-core', log4j, 'yes'],
    ['Log4J-Core <2.17.1', log4j, 'yes'],
    ['org.apache.logging.log4j:log4j-core@<2.17.1', log4j, 'yes'],
    ['log4j', log4j, 'no'],
    ['core', log4j, 'no'],
    ['maven/log4j-core <2.14', log4j, 'no'],
    ['npm/log4j-core', log4j, 'no'],
    ['maven/log4j-core <2.17.1', { name: 'log4j-core', version: '2.14.1' }, 'unknown'],
    ['maven/log4j-core <2.17.1', { name: 'log4j-core', version: '2.18' }, 'no'],
    ['maven/log4j-core', { name: 'log4j-core' }, 'unknown'],
    ['log4j-core', { name: 'log4j-core' }, 'yes'],
    ['log4j-core <2.17.1', { name: 'log4j-core' }, 'unknown'],
    ['log4j-core <2.17.1', { name: 'log4j-core', version: '%{log4j.version}', ecosystem: 'npm' }, 'unknown'],
    ['typing_extensions', { name: 'typing-extensions', ecosystem: 'pypi' }, 'yes'],
    ['pypi/zope.interface', { name: 'zope-interface', ecosystem: 'pypi' }, 'yes'],
    ['typing_extensions', { name: 'typing-extensions', ecosystem: 'npm' }, 'no'],
    ['core', { name: '@babel/core', ecosystem: 'npm' }, 'yes'],
    ['xxhash <2.3', { name: 'github.com/cespare/xxhash/v2', version: 'v2.2.0', ecosystem: 'golang' }, 'yes'],
    ['github.com/cespare/xxhash/v2', { name: 'github.com/cespare/xxhash/v2', ecosystem: 'golang' }, 'yes'],
    ['openssl-libs <3.2.3', { name: 'openssl-libs', version: '1:3.2.2-1.amzn2023.0.1', ecosystem: 'rpm' }, 'yes'],
  ] as const)('%s: is it %o? %s', (text, one, answer) => {
    expect(matchesQuery(query(text), one)).toBe(answer)
  })

  it('is not what has another name, whatever its version', () => {
    expect(matchesQuery(query('zlib <2'), { name: 'zlib-ng' })).toBe('no')
  })
})
