import { describe, expect, test } from 'vitest'
import { createClosings, NOTHING } from '../../../functions/domain/sweep/closing.ts'
import type { ImageRecord, RecordedFinding } from '../../../functions/domain/sweep/record.ts'
import {
  builtOf,
  daysAgo,
  digestOf,
  EXCEPTED,
  failed,
  found,
  judged,
  judgedImage,
  judgedRegistry,
  sweep,
} from './recorded.ts'

const fixesOf = (...repositories: readonly (readonly [string, readonly ImageRecord[]])[]) =>
  sweep(repositories.map(([repository, images]) => judged({ repository, images }))).report.fixes

const withFindings = (...findings: readonly RecordedFinding[]) => judgedImage({ findings })

describe('upgrades of packages', () => {
  test('close all findings of a package, in all images, by the latest version that one of them needs', () => {
    const one = found({ id: 'CVE-1', installed: '4.17.1', fixed: '4.17.19' })
    const two = found({ id: 'CVE-2', installed: '4.17.1', fixed: '4.18.2', severity: 'CRITICAL' })
    const three = found({ id: 'CVE-1', installed: '4.16.0', fixed: '4.17.19' })
    const agreed = found({ id: 'CVE-3', fixed: '5.0.0', exception: EXCEPTED })
    const hopeless = found({ id: 'CVE-4' })

    expect(
      fixesOf(['a', [withFindings(one, two, three), withFindings(one, agreed, hopeless)]], ['b', [withFindings(one)]]),
    ).toEqual([
      {
        ...{ kind: 'package', title: 'Upgrade openssl to 4.18.2', severity: 'CRITICAL', repositories: ['a', 'b'] },
        closes: { findings: 5, fails: 0, images: 3, repositories: 2 },
      },
    ])
  })

  test('do not ask for what another distribution has, and count each finding once', () => {
    const debian = found({ fixed: '3.0.15-1~deb12u1' })
    const alpine = found({ fixed: '3.3.2-r1', severity: 'LOW' })

    const fixes = fixesOf(['a', [withFindings(debian), withFindings(alpine)]])
    expect(fixes.map(({ title, closes }) => [title, closes.findings])).toEqual([
      ['Upgrade openssl to 3.0.15-1~deb12u1', 1],
      ['Upgrade openssl to 3.3.2-r1', 1],
    ])
  })
})

describe('rebuilds', () => {
  const rebuilds = (...repositories: readonly (readonly [string, readonly ImageRecord[]])[]) =>
    fixesOf(...repositories).filter(({ kind }) => kind === 'base')
  const brought = (id: string, change: Partial<RecordedFinding> = {}) =>
    found({ id, layer: digestOf('debian'), ...change })
  const upon = (own: string, findings: readonly RecordedFinding[], base?: string) =>
    builtOf(['debian', own], { findings, base })

  test('close what has a published fix, where no newer base was read', () => {
    const some = [
      brought('CVE-1', { fixed: '2', severity: 'CRITICAL' }),
      brought('CVE-2'),
      found({ id: 'CVE-3', layer: digestOf('a') }),
    ]
    const agreed = brought('CVE-4', { fixed: '2', exception: EXCEPTED })
    expect(rebuilds(['a', [upon('a', some, 'debian:12')]], ['b', [upon('b', [...some, agreed], 'debian:12')]])).toEqual(
      [
        {
          ...{
            kind: 'base',
            title: 'Rebuild on a newer debian:12: it brings 4 findings, 2 with a published fix',
            severity: 'CRITICAL',
          },
          closes: { findings: 2, fails: 0, images: 2, repositories: 2 },
          repositories: ['a', 'b'],
        },
      ],
    )
    const unnamed = rebuilds(['a', [upon('a', some)]], ['b', [upon('b', some, 'debian:12')]])
    expect(unnamed[0]?.title).toBe(
      'Rebuild on a newer base: one that nobody names brings 4 findings, 2 with a published fix',
    )
  })

  test('are none where nothing has a fix, or nothing is shared', () => {
    expect(rebuilds(['a', [upon('a', [brought('CVE-1')])]], ['b', [upon('b', [brought('CVE-1')])]])).toEqual([])
    expect(rebuilds(['a', [upon('a', [brought('CVE-1', { fixed: '2' })]), upon('b', [])]])).toEqual([])
  })

  test('close what the newer image of the base is without', () => {
    const all = ['CVE-1', 'CVE-2'].map((id) => brought(id))
    const bases = [
      builtOf(['debian'], { findings: all, tags: ['12.1'], pushedAt: daysAgo(20) }),
      builtOf(['newer'], { findings: [brought('CVE-2')], tags: ['12.2'], pushedAt: daysAgo(10) }),
    ]
    const [fix, ...rest] = rebuilds(['a', [upon('a', all)]], ['base/debian', bases])
    expect(rest).toEqual([])
    expect(fix).toMatchObject({
      title: 'Rebuild on base/debian:12.2 what is built upon base/debian:12.1',
      closes: { findings: 1, images: 1, repositories: 1 },
    })
  })
})

describe('rules', () => {
  const text = 'Name a user.'

  test('are fixed as most of their verdicts say; a command is told where all have the same', () => {
    const verdict = failed({ fix: { text, command: 'docker build' } })
    const other = failed({ fix: { text: 'Name another user.', command: 'docker build' } })
    const images = [verdict, verdict, other].map((one) => judgedImage({ verdicts: [one] }))

    expect(fixesOf(['a', images])).toEqual([
      {
        ...{ kind: 'rule', title: text, command: 'docker build', severity: 'MEDIUM', repositories: ['a'] },
        closes: { findings: 0, fails: 3, images: 3, repositories: 1 },
      },
    ])
  })

  test('of several repositories have no command that names one, and of registries none', () => {
    const own = (name: string) => failed({ rule: 'tag-immutability', fix: { text, command: `aws ${name}` } })
    const records = [
      judgedRegistry({ verdicts: [failed({ rule: 'registry-scanning', severity: 'HIGH' })] }),
      judged({ repository: 'a', verdicts: [own('a')] }),
      judged({ repository: 'b', verdicts: [own('b'), failed({ rule: 'base-image', severity: 'LOW' })] }),
      judged({ repository: 'c', verdicts: [failed({ outcome: 'unknown' }), failed({ exception: EXCEPTED })] }),
    ]
    const { fixes } = sweep(records).report
    expect(fixes.map(({ kind, title, command, repositories }) => [kind, title, command, repositories])).toEqual([
      ['rule', 'Meet the rule registry-scanning', undefined, []],
      ['rule', text, undefined, ['a', 'b']],
      ['base', 'Meet the rule base-image', undefined, ['b']],
    ])
  })

  test('keep some of the texts of their verdicts, and those that come often', () => {
    const images = Array.from({ length: 60 }, (_, n) =>
      judgedImage({ verdicts: [failed({ fix: { text: n % 2 === 0 ? text : `Text ${n}` } })] }),
    )
    expect(fixesOf(['a', images])[0]?.title).toBe(text)
  })
})

test('at most twenty are told, those that close most first; those that close the same by their names', () => {
  const images = Array.from({ length: 30 }, (_, n) =>
    withFindings(
      found({
        package: `package-${String(n).padStart(2, '0')}`,
        fixed: '1.0',
        severity: n === 29 ? 'CRITICAL' : 'HIGH',
      }),
    ),
  )
  const titles = fixesOf(['a', images]).map(({ title }) => title)

  expect(titles).toHaveLength(20)
  expect(titles.slice(0, 3)).toEqual([
    'Upgrade package-29 to 1.0',
    'Upgrade package-00 to 1.0',
    'Upgrade package-01 to 1.0',
  ])
})

test('the five repositories in which a fix closes most are named', () => {
  const few = (repository: string, count: number) =>
    [repository, Array.from({ length: count }, () => withFindings(found({ fixed: '2.0' })))] as const
  const [fix] = fixesOf(few('a', 1), few('b', 3), few('c', 1), few('d', 2), few('e', 9), few('f', 1), few('g', 1))

  expect(fix?.repositories).toEqual(['e', 'b', 'd', 'a', 'c'])
  expect(fix?.closes).toMatchObject({ repositories: 7, images: 18 })
})

test('of too many fixes those that close least are forgotten', () => {
  const closings = createClosings<number>(2, Math.max)
  const add = (key: string, weight: number) =>
    closings.add(key, { repository: key, closes: { ...NOTHING, weight }, note: weight })
  for (const [key, weight] of [
    ['a', 1],
    ['b', 9],
    ['c', 2],
    ['d', 7],
    ['e', 3],
  ] as const)
    add(key, weight)

  expect(closings.all().map(({ note }) => note)).toEqual([9, 7])
})
