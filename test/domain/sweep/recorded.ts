import { layerId } from '../../../functions/domain/ancestry/lineage.ts'
import type { RegistryRef } from '../../../functions/domain/facts/registry-facts.ts'
import type { History } from '../../../functions/domain/sweep/history.ts'
import type {
  ImageRecord,
  NotJudged,
  RecordedException,
  RecordedFinding,
  RecordedVerdict,
  RegistryRecord,
  RepositoryRecord,
  RuleCount,
  SweepRecord,
} from '../../../functions/domain/sweep/record.ts'
import { createSummary, type SummaryOptions } from '../../../functions/domain/sweep/summary.ts'

export const NOW = new Date('2026-11-24T21:00:00.000Z')
const DAY = 86_400_000

export const REGISTRY: RegistryRef = { account: '123456789012', region: 'ap-northeast-1' }

/** An instant so many days before now. */
export const daysAgo = (days: number): string => new Date(NOW.getTime() - days * DAY).toISOString()

export const found = (change: Partial<RecordedFinding> = {}): RecordedFinding => ({
  ...{ id: 'CVE-2026-0001', severity: 'HIGH', package: 'openssl', firstSeen: daysAgo(0) },
  ...change,
})

export const failed = (change: Partial<RecordedVerdict> = {}): RecordedVerdict => ({
  ...{ rule: 'non-root-user', outcome: 'fail', severity: 'MEDIUM', mode: 'report', reason: 'It runs as root.' },
  ...change,
})

export const EXCEPTED: RecordedException = {
  ...{ state: 'excepted', reason: 'TLS ends before this service', owner: 'team-a', expires: '2027-01-31', line: 12 },
}
export const EXPIRED: RecordedException = { ...EXCEPTED, state: 'expired', expires: '2026-11-01' }

export const judgedImage = (change: Partial<ImageRecord> = {}): ImageRecord => ({
  ...{ digest: `sha256:${'0'.repeat(64)}`, tags: ['1'], pushedAt: daysAgo(9), sizeBytes: 1_000 },
  ...{ scan: 'complete', findings: [], verdicts: [] },
  ...change,
})

/** Of a layer or an image, by a name of it. */
export const digestOf = (name: string): string =>
  `sha256:${Buffer.from(name.padEnd(32, '.')).toString('hex').slice(0, 64)}`

/** An image of these layers, lowest first, as enhanced scanning knows it. */
export const builtOf = (
  layers: readonly string[],
  { base, ...change }: Partial<ImageRecord> & { readonly base?: string | undefined } = {},
): ImageRecord =>
  judgedImage({
    ...{ digest: digestOf(layers.join('')), ...change },
    lineage: { platforms: [layers.map((one) => layerId(digestOf(one)))], ...(base !== undefined && { base }) },
  })

/** As the record of a sweep counts them. */
export function countsOf(verdicts: readonly RecordedVerdict[]): RuleCount[] {
  const number = (some: readonly RecordedVerdict[], state: string): number =>
    some.filter((one) => (one.exception?.state === 'excepted' ? 'excepted' : one.outcome) === state).length
  return [...Map.groupBy(verdicts, ({ rule }) => rule)].map(([rule, some]) => ({
    ...{ rule, pass: 1, fail: number(some, 'fail'), unknown: number(some, 'unknown') },
    excepted: number(some, 'excepted'),
  }))
}

/** Rules are counted from its verdicts, images from those that it has. */
export function judged(change: Partial<RepositoryRecord> = {}): RepositoryRecord {
  const { images = [], verdicts = [] } = change
  return {
    ...{ ...REGISTRY, kind: 'repository', repository: 'prod/api', owner: 'prod', verdicts, lints: [], unread: [] },
    rules: countsOf([...verdicts, ...images.flatMap((one) => one.verdicts)]),
    judged: images.length,
    stored: { images: 0, untagged: 0, archived: 0, bytes: 0, archivedBytes: 0 },
    images,
    ...change,
  }
}

export const judgedRegistry = (change: Partial<RegistryRecord> = {}): RegistryRecord => ({
  ...{ ...REGISTRY, kind: 'registry', verdicts: [], rules: countsOf(change.verdicts ?? []), unread: [] },
  ...change,
})

export const notJudged = (change: Partial<NotJudged> = {}): NotJudged => ({
  ...{ ...REGISTRY, kind: 'not-judged', repository: 'prod/api', why: 'ecr:DescribeImages is not allowed' },
  ...change,
})

export const SLA = { CRITICAL: 7, HIGH: 30, MEDIUM: 90 } as const

/** Adds up records of one registry, with its own unless it is among them; as many are listed as are there. */
export function sweep(records: readonly SweepRecord[], change: Partial<SummaryOptions> = {}) {
  const listed = records.filter((one) => one.kind !== 'registry' && one.repository !== null).length
  const summary = createSummary({
    ...{ id: '2026-11-24t21', startedAt: NOW, now: NOW, policy: { sla: SLA }, history: null, exceptions: [] },
    targets: [{ ...REGISTRY, listed, problem: null }],
    ...change,
  })
  const isOwn = records.some((one) => one.kind === 'registry')
  for (const record of isOwn ? records : [judgedRegistry(), ...records]) summary.add(record)
  return summary.end(NOW)
}

/** A second sweep after a first one. */
export function again(
  before: readonly SweepRecord[],
  now: readonly SweepRecord[],
  change: Partial<SummaryOptions> = {},
) {
  const history: History = JSON.parse(JSON.stringify(sweep(before, { id: '2026-11-23t21' }).history))
  return sweep(now, { history, ...change }).report
}
