import type { Telling } from '../../../functions/domain/compose.ts'
import type { OwnerReport, Sums, SweepReport, TopFix } from '../../../functions/domain/sweep/report.ts'
import { policyTelling } from '../../builders.ts'

const HUB = { account: '123456789012', region: 'ap-northeast-1' }

export const sums = (change: Partial<Sums> = {}): Sums => ({
  ...{ repositories: 128, images: 1_204, unscanned: 0, bytes: 1_240_000_000_000, dollarsPerMonth: 124 },
  ...{ removableBytes: 240_000_000_000, removableDollarsPerMonth: 24 },
  ...{ findings: { CRITICAL: 7, HIGH: 61, MEDIUM: 240 }, overdue: { CRITICAL: 4, HIGH: 12 } },
  ...{ fails: 31, unknowns: 2, excepted: 5 },
  ...change,
})

export const owner = (name: string, change: Partial<OwnerReport> = {}): OwnerReport => ({
  ...{ owner: name, score: 74, losses: [] },
  ...sums({ repositories: 3, findings: { CRITICAL: 2, HIGH: 9 }, overdue: { CRITICAL: 2, HIGH: 1 } }),
  ...change,
})

export const fix = (change: Partial<TopFix> = {}): TopFix => ({
  kind: 'base',
  title: 'Rebuild on a newer base/node',
  severity: 'CRITICAL',
  closes: { findings: 214, fails: 0, images: 31, repositories: 9 },
  repositories: ['prod/storefront'],
  ...change,
})

type Since = NonNullable<SweepReport['since']>

export const since = (change: Partial<Since> = {}): Since => ({
  ...{ at: '2026-11-26T21:00:00.000Z', score: 0, newFails: 0, fixedFails: 0, newFindings: {}, fixedFindings: {} },
  ...{ bytes: 0, dollarsPerMonth: 0 },
  ...change,
})

export const exceptionState = (
  change: Partial<SweepReport['exceptions'][number]> = {},
): SweepReport['exceptions'][number] => ({
  ...{ what: 'CVE-2026-31789 in prod/*', owner: 'team-a', reason: 'TLS ends before this service', line: 44, uses: 3 },
  ...{ expires: '2026-12-03', state: 'expires-soon' },
  ...change,
})

/** A report of the night of 27 November, when nothing has changed. */
export const quiet = (change: Partial<SweepReport> = {}): SweepReport => {
  const totals = change.totals ?? sums()
  return {
    schemaVersion: 1,
    id: '2026-11-27t21',
    startedAt: '2026-11-27T21:00:00.000Z',
    endedAt: '2026-11-27T21:04:10.000Z',
    targets: [{ ...HUB, listed: 128, judged: 128, problem: null }],
    coverage: { listed: 128, judged: 128, notWhole: 0, complete: true, notJudged: [], omitted: 0 },
    verdict: 'fail',
    score: 71.4,
    losses: [],
    totals,
    since: since(),
    trend: [
      { at: '2026-11-26T21:00:00.000Z', score: 71.4, ...sums() },
      { at: '2026-11-27T21:00:00.000Z', score: 71.4, ...totals },
    ],
    owners: [owner('team-b', { score: 55, change: 0 }), owner('team-a', { change: 0.4 })],
    ownersOmitted: 0,
    fixes: [
      fix(),
      fix({
        kind: 'package',
        title: 'Upgrade openssl to 3.0.15',
        closes: { findings: 61, fails: 0, images: 12, repositories: 4 },
      }),
      fix({
        ...{
          kind: 'rule',
          title: 'Turn on scan on push',
          severity: 'MEDIUM',
          command: 'aws ecr put-image-scanning-configuration …',
        },
        closes: { findings: 0, fails: 9, images: 0, repositories: 9 },
      }),
      fix({ title: 'Rebuild on a newer base/python' }),
    ],
    ancestry: { bases: [], omitted: 0, inherited: 0, own: 0, unplaced: 0 },
    rules: [],
    ages: [
      { severity: 'CRITICAL', sla: 7, buckets: [3, 2, 1, 1], overdue: 4 },
      { severity: 'HIGH', sla: 30, buckets: [9, 40, 8, 4], overdue: 12 },
      { severity: 'MEDIUM', sla: 90, buckets: [100, 100, 40, 0], overdue: 0 },
      { severity: 'LOW', sla: null, buckets: [1, 1, 1, 1], overdue: 0 },
    ],
    exceptions: [exceptionState({ state: 'holds', expires: '2027-03-01' })],
    registries: [],
    repositories: [],
    ...change,
  }
}

/** A night on which much has come. */
export const busy = (change: Partial<SweepReport> = {}): SweepReport =>
  quiet({
    totals: sums({ overdue: { CRITICAL: 7, HIGH: 12 } }),
    ages: [
      { severity: 'CRITICAL', sla: 7, buckets: [0, 0, 0, 7], overdue: 7 },
      { severity: 'HIGH', sla: 30, buckets: [9, 40, 8, 4], overdue: 12 },
    ],
    since: since({
      ...{ score: -3.2, newFails: 3, fixedFails: 1, bytes: 3_200_000_000, dollarsPerMonth: 0.32 },
      ...{ newFindings: { CRITICAL: 2, HIGH: 5, LOW: 8 }, fixedFindings: { HIGH: 8, MEDIUM: 4 } },
    }),
    owners: [
      owner('team-b', { score: 55, change: -12 }),
      owner('team-c', { score: 70, change: -0.2 }),
      owner('team-a', { score: 74, change: -2.6, overdue: {}, findings: {} }),
    ],
    exceptions: [
      exceptionState(),
      exceptionState({
        ...{ what: 'scan-on-push in sandbox/*', owner: 'platform', reason: 'moves to another registry', line: 51 },
        ...{ expires: '2026-11-26', state: 'expired', uses: 0 },
      }),
      exceptionState({ state: 'holds', what: 'tag-immutability in ci/*', expires: '2027-03-01' }),
    ],
    ...change,
  })

export const tellingOfHub = (change: Partial<Telling> = {}): Telling =>
  policyTelling({ subject: { ...HUB, tags: [] }, events: ['2026-11-27t21'], ...change })

export const REPORT_URL = 'https://s3.console.aws.amazon.com/s3/object/steward?prefix=sweep/2026-11-27t21/report.html'
