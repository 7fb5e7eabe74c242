import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { AlertSchema } from '../../../functions/domain/alert.ts'
import { toText } from '../../../functions/domain/alert-text.ts'
import { composeDigest } from '../../../functions/domain/sweep/digest-alert.ts'
import { createFirstLook } from '../../../functions/domain/sweep/first-look.ts'
import type { RepositoryRecord } from '../../../functions/domain/sweep/record.ts'
import { policy } from '../../builders.ts'
import { foundFinding, imageRecord, openVerdict, repositoryRecord } from '../../sweep/records.ts'
import { quiet, REPORT_URL, sums, tellingOfHub } from './morning.ts'

const ALERTS = [
  policy({ repositories: ['prod/**'], threshold: 'HIGH' }),
  policy({ repositories: ['ci/**'], threshold: 'CRITICAL' }),
]

const digestOf = (n: number): string => `sha256:${String(n).padStart(64, '0')}`
const excepted = { state: 'excepted', reason: 'r', owner: 'o', expires: '2027-01-01', line: 1 } as const

/** An image with so many findings of each severity. */
const image = (n: number, critical: number, high = 0, change: Parameters<typeof imageRecord>[0] = {}) =>
  imageRecord({
    ...{ digest: digestOf(n), tags: [`v${n}`] },
    findings: [
      ...Array.from({ length: critical }, (_, at) => foundFinding({ id: `CVE-${at}` })),
      ...Array.from({ length: high }, (_, at) => foundFinding({ id: `CVE-H${at}`, severity: 'HIGH' })),
    ],
    ...change,
  })

function lookAt(...records: readonly Partial<RepositoryRecord>[]) {
  const look = createFirstLook(ALERTS)
  for (const record of records) look.add(repositoryRecord(record))
  return look.end()
}

describe('a first look', () => {
  test('counts what alerts would tell: at their thresholds, without what is excepted, and where somebody is told', () => {
    const look = lookAt(
      { repository: 'prod/api', images: [image(1, 1, 2), image(2, 0, 1), image(3, 0)] },
      { repository: 'prod/web', images: [image(4, 0, 0, { findings: [foundFinding({ exception: excepted })] })] },
      {
        repository: 'ci/job',
        images: [image(5, 0, 3)],
        verdicts: [openVerdict(), openVerdict({ exception: excepted })],
      },
      { repository: 'sandbox/x', images: [image(6, 9)], verdicts: [openVerdict()] },
    )
    expect(look).toMatchObject({ images: 2, repositories: 1, unscanned: 0, failing: 1 })
    expect(look?.worst.map(({ tags, counts }) => [tags[0], counts])).toEqual([
      ['v1', { CRITICAL: 1, HIGH: 2 }],
      ['v2', { HIGH: 1 }],
    ])
  })

  test('counts images that could not be scanned, and what does not keep to rules', () => {
    const images = [
      image(1, 0, 0, { scan: 'failed' }),
      image(2, 0, 0, { scan: 'unsupported', verdicts: [openVerdict()] }),
      image(3, 0, 0, { scan: 'never', verdicts: [openVerdict({ outcome: 'unknown' })] }),
    ]
    const look = lookAt({ images, verdicts: [openVerdict({ exception: excepted })] })
    expect(look).toMatchObject({ images: 0, repositories: 0, unscanned: 2, failing: 2, worst: [] })
  })

  test('names the ten worst, whatever the order in which they come', () => {
    const images = Array.from({ length: 30 }, (_, n) => image(n, n % 7, n % 5))
    const worst = (records: readonly Partial<RepositoryRecord>[]) => lookAt(...records)?.worst
    const expected = images
      .filter(({ findings }) => findings.length > 0)
      .map(({ findings, tags, digest }) => {
        const of = (severity: string) => findings.filter((finding) => finding.severity === severity).length
        return { tag: tags[0], digest, rank: of('CRITICAL') * 1_000 + of('HIGH') }
      })
      .toSorted((a, b) => b.rank - a.rank || (a.digest < b.digest ? -1 : 1))
      .slice(0, 10)
      .map(({ tag }) => tag)
    const apart = images.map((one) => ({ images: [one] }))
    expect(worst([{ images }])?.map(({ tags }) => tags[0])).toEqual(expected)
    expect(worst(apart)).toEqual(worst([{ images }]))
    expect(worst(apart.toReversed())).toEqual(worst([{ images }]))
  })

  test('names images that are as bad by their names', () => {
    const images = [image(1, 1), image(2, 1), image(3, 1)]
    for (const some of [images, images.toReversed()])
      expect(lookAt({ images: some })?.worst.map(({ tags }) => tags[0])).toEqual(['v1', 'v2', 'v3'])
  })

  test('knows the worst of an image, whatever the order of its findings', () => {
    const findings = (['HIGH', 'CRITICAL', 'HIGH'] as const).map((severity) => foundFinding({ severity }))
    expect(lookAt({ images: [image(1, 0, 0, { findings })] })?.worst).toMatchObject([{ severity: 'CRITICAL' }])
  })

  test('of nothing is none', () => {
    expect(lookAt()).toBeUndefined()
  })
})

describe('the digest that tells of it', () => {
  const tell = (...records: readonly Partial<RepositoryRecord>[]) =>
    v.parse(
      AlertSchema,
      composeDigest(tellingOfHub(), quiet({ since: null, trend: [] }), { url: REPORT_URL, look: lookAt(...records) }),
    )

  test('says so first, in plain words, with the worst and the way to all', () => {
    const images = Array.from({ length: 12 }, (_, n) =>
      image(n, n + 1, 0, n === 11 ? { users: ['ECS task web:42'] } : {}),
    )
    const alert = tell(
      { repository: 'prod/api', images, verdicts: [openVerdict()] },
      { repository: 'prod/web', images: [image(20, 0, 1), image(21, 0, 0, { scan: 'failed' })] },
    )
    expect(alert.summary).toMatch(
      new RegExp(
        '^First look at 123456789012/ap-northeast-1: 13 images in 2 repositories have findings that your alerts would tell, ' +
          '1 image could not be scanned, 1 image or repository has rules that fail or are unknown\\. ' +
          'From now on each new one is told by itself\\. Verdict: fail\\.',
      ),
    )
    expect(alert.items).toHaveLength(10 + tell().items.length)
    expect(alert.items[0]).toEqual({
      ...{ id: 'prod/api:v11', severity: 'CRITICAL', change: 'new', text: '12 critical' },
      ...{ subject: 'First look, worst first: 10 of 13 images', notes: ['prod', 'used by ECS task web:42'] },
    })
    expect(alert.links[0]).toEqual({ text: 'Open the report', url: REPORT_URL })
    expect(toText(alert).split('\n')[1]).toMatch(/^First look at /)
  })

  test('names registries as far as a sentence can bear them, and with each image where it is', () => {
    const regions = ['a', 'b', 'c', 'd'].map((region) => ({ region, images: [image(1, 1)] }))
    expect(tell(...regions.slice(0, 2)).summary).toMatch(
      /^First look at 123456789012\/a, 123456789012\/b: 2 images in 2/,
    )
    expect(tell(...regions).summary).toMatch(/^First look at 4 registries: /)
    expect(tell(...regions).items[0]).toMatchObject({
      ...{ subject: 'First look, worst first', notes: ['prod', '123456789012/a'] },
    })
  })

  test('says that there is nothing, where there is nothing', () => {
    expect(tell({ images: [image(1, 0)] }).summary).toMatch(/: nothing that your alerts would tell\. From now on/)
  })

  test.each<[string, Partial<RepositoryRecord>, string]>([
    ['an image', { images: [image(1, 1)] }, 'CRITICAL'],
    ['a rule', { images: [], verdicts: [openVerdict()] }, 'MEDIUM'],
    ['a scan that failed', { images: [image(1, 0, 0, { scan: 'failed' })] }, 'MEDIUM'],
    ['nothing', { images: [] }, 'INFORMATIONAL'],
  ])('is as loud as %s, also where the report calls nothing new', (_, record, severity) => {
    const report = quiet({ totals: sums({ overdue: {} }) })
    expect(composeDigest(tellingOfHub(), report, { look: lookAt(record) })).toMatchObject({ severity })
  })
})
