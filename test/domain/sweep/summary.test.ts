import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { SEVERITIES, type Severity } from '../../../functions/domain/severity.ts'
import type { RepositoryRecord } from '../../../functions/domain/sweep/record.ts'
import { SweepReportSchema } from '../../../functions/domain/sweep/report.ts'
import {
  daysAgo,
  EXCEPTED,
  EXPIRED,
  failed,
  found,
  judged,
  judgedImage,
  judgedRegistry,
  notJudged,
  REGISTRY,
  SLA,
  sweep,
} from './recorded.ts'

test('bytes and money are added up; what is archived costs as the archive does', () => {
  const stored = { images: 9, untagged: 2, archived: 1, bytes: 300e12, archivedBytes: 250e12 }
  const records = [
    judged({ stored, removable: { images: 3, bytes: 10e9 } }),
    judged({ repository: 'b', stored: { ...stored, bytes: 1e9, archivedBytes: 0 } }),
  ]
  const { totals, owners } = sweep(records).report

  expect(totals).toMatchObject({
    ...{ repositories: 2, bytes: 300_001e9, dollarsPerMonth: 5_000 + 15_000 + 7_000 + 0.1 },
    ...{ removableBytes: 10e9, removableDollarsPerMonth: 1 },
  })
  expect(owners[0]).toMatchObject({ ...totals })
})

test('what a record leaves out counts in the sums and by age', () => {
  const omitted = {
    ...{ images: 900, fails: 3, unknowns: 2, excepted: 4 },
    findings: [
      { severity: 'HIGH' as const, firstSeen: daysAgo(40), count: 70 },
      { severity: 'LOW' as const, firstSeen: daysAgo(1), count: 5 },
    ],
  }
  const { totals, ages } = sweep([
    judged({ judged: 1_000, omitted, images: [judgedImage({ findings: [found()] })] }),
  ]).report

  expect(totals).toMatchObject({ images: 1_000, findings: { HIGH: 71, LOW: 5 }, overdue: { HIGH: 70 } })
  expect(totals).toMatchObject({ fails: 3, unknowns: 2, excepted: 4 })
  expect(ages.find(({ severity }) => severity === 'HIGH')).toMatchObject({ buckets: [1, 0, 70, 0], overdue: 70 })
})

test('of two records on the same repository, or registry, the first counts', () => {
  const twice = [judgedRegistry(), judgedRegistry({ verdicts: [failed()] }), judged(), judged({ verdicts: [failed()] })]
  const { totals, repositories, registries, coverage } = sweep(twice).report

  expect(totals).toMatchObject({ repositories: 1, fails: 0 })
  expect([repositories.length, registries.length, coverage.judged]).toEqual([1, 1, 1])
})

test('repositories of a large estate have their worst reason alone; a thousand owners are shown', () => {
  const many = Array.from({ length: 2_001 }, (_, n) =>
    judged({
      repository: `r${n}`,
      owner: `o${n}`,
      verdicts: n === 0 ? ['a', 'b', 'c'].map((rule) => failed({ rule })) : [],
    }),
  )
  const { repositories, owners, ownersOmitted } = sweep(many).report

  expect(repositories[0]?.losses).toEqual([{ why: 'a fails', points: 5 }])
  expect([owners.length, ownersOmitted, owners[0]?.owner]).toEqual([1_000, 1_001, 'o0'])
})

const exceptions = fc.constantFrom({}, {}, { exception: EXCEPTED }, { exception: EXPIRED })

const findings = fc
  .record({
    id: fc.constantFrom('CVE-1', 'CVE-2', 'CVE-3'),
    severity: fc.constantFrom(...SEVERITIES),
    package: fc.constantFrom('openssl', 'zlib', '<b>'),
    days: fc.nat(200),
    more: fc.constantFrom({}, { fixed: '1.2' }, { fixed: '1.10', layer: 'sha256:a' }),
    exception: exceptions,
  })
  .map(({ days, more, exception, ...rest }) => found({ ...rest, ...more, ...exception, firstSeen: daysAgo(days) }))

const verdicts = fc
  .record({
    rule: fc.constantFrom('non-root-user', 'base-image', 'scanned'),
    outcome: fc.constantFrom('fail' as const, 'unknown' as const),
    severity: fc.constantFrom(...SEVERITIES),
    exception: exceptions,
  })
  .map(({ exception, ...rest }) => failed({ ...rest, ...exception }))

const images = fc
  .record({
    scan: fc.constantFrom('complete' as const, 'complete' as const, 'pending' as const, 'unread' as const),
    findings: fc.array(findings, { maxLength: 5 }),
    verdicts: fc.array(verdicts, { maxLength: 2 }),
  })
  .map(judgedImage)

const repositories = fc
  .array(
    fc.record({
      owner: fc.constantFrom('web', 'data', '__proto__'),
      images: fc.array(images, { maxLength: 3 }),
      verdicts: fc.array(verdicts, { maxLength: 2 }),
      unread: fc.constantFrom([], [], ['its tags']),
    }),
    { maxLength: 6 },
  )
  .map((some) => some.map((change, n) => judged({ ...change, repository: `team/r${n}` })))

/** Counted once more, plainly. */
function recount(records: readonly RepositoryRecord[]) {
  const all = records.flatMap((record) => record.images)
  const counts = (one: { exception?: { state: string } }): boolean => one.exception?.state !== 'excepted'
  const seen = all.flatMap((one) => one.findings)
  const said = [...records.flatMap((record) => record.verdicts), ...all.flatMap((one) => one.verdicts)]
  const days = (instant: string): number => Math.floor((Date.parse(daysAgo(0)) - Date.parse(instant)) / 86_400_000)
  const sla: Partial<Record<Severity, number>> = SLA
  const bySeverity = (some: typeof seen) =>
    Object.fromEntries(
      SEVERITIES.map((severity) => [severity, some.filter((one) => one.severity === severity).length]).filter(
        ([, count]) => count,
      ),
    )
  return {
    ...{ repositories: records.length, images: all.length },
    findings: bySeverity(seen.filter(counts)),
    overdue: bySeverity(
      seen.filter((one) => counts(one) && days(one.firstSeen) > (sla[one.severity] ?? Number.POSITIVE_INFINITY)),
    ),
    fails: said.filter((one) => counts(one) && one.outcome === 'fail').length,
    unknowns: said.filter((one) => counts(one) && one.outcome === 'unknown').length,
    excepted: [...seen, ...said].filter((one) => !counts(one)).length,
  }
}

const total = (counts: readonly (number | undefined)[]): number =>
  counts.reduce<number>((sum, count) => sum + (count ?? 0), 0)

describe('whatever was recorded', () => {
  test('the report is as its schema says, and its sums are those of a plain recount', () => {
    fc.assert(
      fc.property(repositories, (records) => {
        const { report } = sweep(records)
        expect(v.is(SweepReportSchema, report)).toBe(true)
        expect(report.totals).toMatchObject(recount(records))
        for (const row of report.repositories)
          expect({ ...row, repositories: 1 }).toMatchObject(
            recount(records.filter(({ repository }) => repository === row.repository)),
          )
        for (const row of report.owners)
          expect(row).toMatchObject(recount(records.filter(({ owner }) => owner === row.owner)))
        expect(total(report.ages.flatMap(({ buckets }) => buckets))).toBe(total(Object.values(report.totals.findings)))
        const upgrades = report.fixes.filter(({ kind }) => kind === 'package').map(({ closes }) => closes.findings)
        const fixable = records
          .flatMap((one) => one.images)
          .flatMap((one) => one.findings)
          .filter((one) => one.fixed && one.exception?.state !== 'excepted')
        expect(total(upgrades)).toBe(fixable.length)
        const rules = report.fixes.map(({ closes }) => closes.fails)
        expect(total(rules)).toBe(report.totals.fails)
      }),
      { numRuns: 150 },
    )
  })

  test('scores are within 0 and 100, and none rises by one more open verdict', () => {
    const changes = fc.record({ at: fc.nat(), verdict: verdicts })
    fc.assert(
      fc.property(repositories, changes, (records, { at, verdict }) => {
        const worse = records.map((record, n) =>
          n === at % records.length ? judged({ ...record, verdicts: [...record.verdicts, verdict] }) : record,
        )
        const [before, after] = [sweep(records).report, sweep(worse).report]
        for (const { score } of [before, after, ...before.owners, ...before.repositories]) {
          expect(score).toBeGreaterThanOrEqual(0)
          expect(score).toBeLessThanOrEqual(100)
        }
        expect(after.score).toBeLessThanOrEqual(before.score)
        for (const { repository, score } of after.repositories)
          expect(score).toBeLessThanOrEqual(
            before.repositories.find((row) => row.repository === repository)?.score ?? 0,
          )
      }),
      { numRuns: 150 },
    )
  })

  test('the order of records changes nothing', () => {
    const others = [judgedRegistry(), notJudged({ repository: 'x/y' }), notJudged({ repository: 'z', isGone: true })]
    const shuffled = repositories.chain((some) => {
      const records = [...some, ...others]
      return fc.tuple(fc.constant(records), fc.shuffledSubarray(records, { minLength: records.length }))
    })
    const targets = [{ ...REGISTRY, listed: 9, problem: null }]
    fc.assert(
      fc.property(shuffled, ([records, mixed]) => {
        expect(sweep(mixed, { targets }).report).toEqual(sweep(records, { targets }).report)
      }),
      { numRuns: 150 },
    )
  })
})
