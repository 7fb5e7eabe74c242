import { type Excepted, onFinding } from '../exception.ts'
import { type Finding, findingKey } from '../finding.ts'
import { compareVersions } from '../package-version.ts'
import { byUrgency } from '../ranking.ts'
import { bySeverity, type Severity } from '../severity.ts'
import type { Gathered, ReadScan } from './gathered.ts'
import type { Agreed, FindingState, GateFinding } from './result.ts'

/** A finding with all platforms that have it. */
type Merged = { readonly finding: Finding; readonly platforms: readonly string[]; readonly saysFixes: boolean }

/** What closes it on both platforms. */
const laterFix = (one: Finding, other: Finding): string | undefined =>
  [one.fixed, other.fixed]
    .filter((version) => version !== undefined)
    .toSorted(compareVersions)
    .at(-1)

/** Two platforms may tell different things of one finding: the worse severity, and whatever one of them knows. */
function merge(one: Merged, other: Merged): Merged {
  const [worse, milder] = bySeverity(one.finding.severity, other.finding.severity) <= 0 ? [one, other] : [other, one]
  const known = Object.fromEntries(Object.entries(worse.finding).filter(([, value]) => value !== undefined))
  return {
    finding: { ...milder.finding, ...(known as Finding), fixed: laterFix(one.finding, other.finding) },
    platforms: [...one.platforms, ...other.platforms],
    saysFixes: one.saysFixes && other.saysFixes,
  }
}

function mergedOf(scans: readonly ReadScan[]): readonly Merged[] {
  const merged = new Map<string, Merged>()
  for (const { findings, platform, saysFixes } of scans)
    for (const finding of findings) {
      const one = { finding, platforms: platform === undefined ? [] : [platform], saysFixes }
      const before = merged.get(findingKey(finding))
      merged.set(findingKey(finding), before ? merge(before, one) : one)
    }
  return [...merged.values()]
}

/** Whether an image is compared with itself: a tag that was moved to it already would let everything through. */
export const isItself = ({ base, scans }: Gathered): boolean =>
  scans.every(({ digest }) => base?.scans.some((scan) => scan.digest === digest))

/** Severity of each finding of the image that this one is compared with. */
function knownIn(gathered: Gathered): ReadonlyMap<string, Severity> {
  const scans = isItself(gathered) ? [] : (gathered.base?.scans ?? [])
  return new Map(mergedOf(scans).map(({ finding }) => [findingKey(finding), finding.severity]))
}

export const agreedOf = ({ state, exception }: Excepted): Agreed => {
  const { reason, owner, expires, line } = exception
  return { state, reason, owner, expires, line }
}

type Known = ReturnType<typeof knownIn>

/** One that the other image has as something milder is new. */
function isKnown({ finding }: Merged, known: Known): boolean {
  const before = known.get(findingKey(finding))
  return before !== undefined && bySeverity(before, finding.severity) <= 0
}

function stateOf(merged: Merged, agreed: Excepted | undefined, known: Known, fixableOnly: boolean): FindingState {
  if (agreed?.state === 'excepted') return 'excepted'
  if (isKnown(merged, known)) return 'known'
  return fixableOnly && merged.saysFixes && merged.finding.fixed === undefined ? 'not-fixable' : 'counts'
}

const httpsOnly = (url: string | undefined): string | undefined => (url?.startsWith('https://') ? url : undefined)

/** Every finding, each once, with what becomes of it; the worst first. */
export function sortedFindings(gathered: Gathered): readonly Omit<GateFinding, 'over'>[] {
  const { image, exceptions, now, fixableOnly, scans } = gathered
  const known = knownIn(gathered)
  return mergedOf(scans)
    .toSorted((a, b) => byUrgency(a.finding, b.finding))
    .map((merged) => {
      const { finding, platforms } = merged
      const agreed = onFinding(exceptions, finding, image, now)
      const { id, severity, package: name, installed, fixed, score, exploit, layer } = finding
      return {
        ...{ id, severity, package: name, installed, fixed, score, exploit, layer, url: httpsOnly(finding.url) },
        ...{ platforms: [...platforms], state: stateOf(merged, agreed, known, fixableOnly) },
        ...(agreed && { exception: agreedOf(agreed) }),
      }
    })
}
