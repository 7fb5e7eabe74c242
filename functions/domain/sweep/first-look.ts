import { type AlertPolicy, policyFor } from '../alert-policy.ts'
import type { RegistryRef } from '../facts/registry-facts.ts'
import type { RepositoryRef } from '../facts/repository-facts.ts'
import { imageKey } from '../image.ts'
import { registryKey } from '../registry.ts'
import { isAtLeast, SEVERITIES, type Severity, type SeverityCounts, tally } from '../severity.ts'
import type { ImageRecord, RepositoryRecord } from './record.ts'
import { findingsToTell, isUndone, verdictsToTell } from './tellable.ts'

/** Images that are named: what a reader can take in. */
const NAMED = 10

/** An image with findings that alerts would tell. */
export type FoundImage = RepositoryRef &
  Pick<ImageRecord, 'digest' | 'tags' | 'users'> & {
    readonly owner: string
    /** Of the worst of those findings. */
    readonly severity: Severity
    /** Of those findings alone. */
    readonly counts: SeverityCounts
  }

/** What the alerts of steward.yaml would tell of registries that nothing was told of before. */
export type FirstLook = {
  readonly registries: readonly RegistryRef[]
  /** With findings at or above the threshold of their alerts, and the repositories that they are in. */
  readonly images: number
  readonly repositories: number
  /** Images whose scan ended without a result. */
  readonly unscanned: number
  /** Images and repositories that have a rule which fails or is unknown. */
  readonly failing: number
  /** Worst first. */
  readonly worst: readonly FoundImage[]
}

/** By how many of the worst severity, then of the next. */
function worstFirst(a: FoundImage, b: FoundImage): number {
  const differences = SEVERITIES.map((severity) => (b.counts[severity] ?? 0) - (a.counts[severity] ?? 0))
  return differences.find((difference) => difference !== 0) ?? (imageKey(a) < imageKey(b) ? -1 : 1)
}

function foundIn(record: RepositoryRecord, threshold: Severity): readonly FoundImage[] {
  const { account, region, repository, owner } = record
  return record.images.flatMap((image) => {
    const findings = findingsToTell(image, threshold)
    if (isUndone(image) || findings.length === 0) return []
    const { digest, tags, users } = image
    const severities = findings.map(({ severity }) => severity)
    const severity = severities.reduce((one, other) => (isAtLeast(one, other) ? one : other))
    const found = { digest, tags, severity, counts: tally(severities), ...(users && { users }) }
    return [{ account, region, repository, owner, ...found }]
  })
}

const count = <Item>(items: readonly Item[], of: (item: Item) => boolean): number => items.filter(of).length

const isFailing = ({ verdicts }: Pick<RepositoryRecord, 'verdicts'>): boolean => verdictsToTell(verdicts).length > 0

/** Adds up what was found, and holds the worst of it. */
export function createFirstLook(alerts: readonly AlertPolicy[]) {
  const sums = { images: 0, repositories: 0, unscanned: 0, failing: 0 }
  const registries = new Map<string, RegistryRef>()
  let worst: readonly FoundImage[] = []
  return {
    /** What nobody is to be told of is not counted. */
    add(record: RepositoryRecord): void {
      const { account, region, repository, images } = record
      registries.set(registryKey(record), { account, region })
      const policy = policyFor(alerts, repository)
      if (!policy) return
      const found = foundIn(record, policy.threshold)
      sums.images += found.length
      sums.repositories += found.length > 0 ? 1 : 0
      sums.unscanned += count(images, isUndone)
      sums.failing += count(images, isFailing) + Number(isFailing(record))
      worst = [...worst, ...found].toSorted(worstFirst).slice(0, NAMED)
    },
    /** Undefined where no repository was looked at. */
    end: (): FirstLook | undefined =>
      registries.size === 0 ? undefined : { registries: [...registries.values()], ...sums, worst },
  }
}
