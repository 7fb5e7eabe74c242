import { describe, expect, test } from 'vitest'
import { createClosings, NOTHING } from '../../../functions/domain/sweep/closing.ts'
import type { ImageRecord, RecordedFinding } from '../../../functions/domain/sweep/record.ts'
import { EXCEPTED, failed, found, judged, judgedImage, judgedRegistry, sweep } from './recorded.ts'

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
  const layered = (layer: string, ...ids: readonly string[]) => ids.map((id) => found({ id, layer }))

  test('close what a layer brings to the images that share it', () => {
    const shared = layered('sha256:base', 'CVE-1', 'CVE-2')
    const fixes = fixesOf(
      ['a', [withFindings(...shared, ...layered('sha256:own', 'CVE-3')), withFindings(...shared)]],
      ['b', [withFindings(...shared, found({ id: 'CVE-4', layer: 'sha256:base', exception: EXCEPTED }))]],
    )
    expect(fixes).toEqual([
      {
        ...{
          kind: 'base',
          title: 'Rebuild on a newer base: one layer brings 2 findings to 3 images',
          severity: 'HIGH',
        },
        closes: { findings: 6, fails: 0, images: 3, repositories: 2 },
        repositories: ['a', 'b'],
      },
    ])
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
