import { counted } from '../counted.ts'
import type { RegistryRef } from '../facts/registry-facts.ts'
import { registryKey } from '../registry.ts'
import type { Fate } from './changes.ts'
import type { NotJudged, RegistryRecord, RepositoryRecord } from './record.ts'
import type { SweepReport } from './report.ts'

/** How the listing of a registry ended. @property problem why it is not listed whole, in words; null where it is */
export type ListedTarget = RegistryRef & { readonly listed: number; readonly problem: string | null }

/** What was not judged and is named; of the rest there is a number. */
const NAMED = 100

/** Characters of a reason. */
const LONG = 300

/** Names a registry, or a repository in it. */
export const nameOf = ({ repository, ...registry }: RegistryRef & { readonly repository?: string }): string =>
  repository === undefined ? registryKey(registry) : `${registryKey(registry)}/${repository}`

type Seen = ListedTarget & { judged: number; gone: number; named: number; isRegistryKnown: boolean }

const missingOf = ({ listed, named }: Seen): number => Math.max(0, listed - named)

const isWhole = (target: Seen): boolean => target.problem === null && missingOf(target) === 0

const UNASKED = 'it was not among the registries that were to be judged'

function notEnded(target: Seen): NotJudged[] {
  const { account, region } = target
  const missing = missingOf(target)
  const gap = (why: string): NotJudged => ({ kind: 'not-judged', account, region, repository: null, why })
  return [
    ...(missing > 0
      ? [gap(`${counted(missing, 'repository', 'repositories')} left no record: their batches did not end`)]
      : []),
    ...(target.problem === null && !target.isRegistryKnown
      ? [gap('the rules on the registry itself left no record')]
      : []),
  ]
}

const textOf = ({ account, region, repository, why }: NotJudged): string =>
  `${nameOf({ account, region, repository: repository ?? '' })} ${why}`

const byName = (a: NotJudged, b: NotJudged): number => (textOf(a) < textOf(b) ? -1 : 1)

const shown = ({ account, region, repository, why }: NotJudged): SweepReport['coverage']['notJudged'][number] => ({
  ...{ account, region, repository },
  why: why.slice(0, LONG),
})

/** Keeps the first, by name, of what was not judged, and counts the rest. */
function createGaps() {
  const gaps: NotJudged[] = []
  const names = new Set<string>()
  let omitted = 0
  return {
    add(gap: NotJudged): void {
      if (gap.repository !== null) names.add(nameOf({ ...gap, repository: gap.repository }))
      gaps.push(gap)
      if (gaps.length <= NAMED) return
      gaps.sort(byName).pop()
      omitted += 1
    },
    has: (name: string): boolean => names.has(name),
    isEmpty: (): boolean => gaps.length === 0,
    report: () => ({ notJudged: gaps.toSorted(byName).map(shown), omitted }),
  }
}

const sum = (targets: readonly Seen[], of: (target: Seen) => number): number =>
  targets.reduce((total, target) => total + of(target), 0)

function reportOf(targets: readonly Seen[], gaps: ReturnType<typeof createGaps>, notWhole: number) {
  for (const gap of targets.flatMap(notEnded)) gaps.add(gap)
  const gone = sum(targets, (target) => target.gone)
  return {
    targets: targets.map(({ account, region, listed, judged, problem }) => ({
      ...{ account, region, listed, judged, problem: problem?.slice(0, LONG) ?? null },
    })),
    coverage: {
      listed: sum(targets, ({ listed }) => listed),
      judged: sum(targets, ({ judged }) => judged),
      ...{ notWhole, ...(gone > 0 && { gone }) },
      complete: targets.every(isWhole) && gaps.isEmpty() && notWhole === 0,
      ...gaps.report(),
    },
  }
}

/** Compares what was judged with what was listed. */
export function createCoverage(targets: readonly ListedTarget[]) {
  const begin = (target: ListedTarget): Seen => ({ ...target, judged: 0, gone: 0, named: 0, isRegistryKnown: false })
  const seen = new Map(targets.map((target) => [nameOf(target), begin(target)]))
  const gaps = createGaps()
  let notWhole = 0

  const targetOf = ({ account, region }: RegistryRef): Seen => {
    const target = seen.get(nameOf({ account, region })) ?? begin({ account, region, listed: 0, problem: UNASKED })
    seen.set(nameOf({ account, region }), target)
    return target
  }
  return {
    add(record: RepositoryRecord): void {
      const target = targetOf(record)
      target.judged += 1
      target.named += 1
      if (record.unread.length > 0) notWhole += 1
    },
    addRegistry(record: RegistryRecord): void {
      targetOf(record).isRegistryKnown = true
      for (const why of record.unread) gaps.add({ ...record, kind: 'not-judged', repository: null, why })
    },
    addNotJudged(record: NotJudged): void {
      const target = targetOf(record)
      if (record.repository === null) target.isRegistryKnown = true
      else target.named += 1
      if (record.isGone) target.gone += 1
      else gaps.add(record)
    },
    /** Repositories that left no record. */
    missing: (): number => sum([...seen.values()], missingOf),
    /** What has become of a repository, or of a registry itself, that there is no record of. */
    fateOf(name: string): Fate {
      const registry = name.split('/', 2).join('/')
      const target = seen.get(registry)
      if (!target) return 'not-asked'
      return isWhole(target) && !gaps.has(name) && name !== registry ? 'gone' : 'not-judged'
    },
    /** To be called once, after all records. */
    report: (): Pick<SweepReport, 'targets' | 'coverage'> => reportOf([...seen.values()], gaps, notWhole),
  }
}
