import { isPatient, isYoung } from '../delivery.ts'
import { agree } from '../domain/agreed-findings.ts'
import { type Exception, isExpired, isIn, type Place } from '../domain/exception.ts'
import { type Finding, findingKey } from '../domain/finding.ts'
import { enrich } from '../domain/ranking.ts'
import { countsFrom, exceeds, isAtLeast, type SeverityCounts, tally } from '../domain/severity.ts'
import type { Seen } from '../domain/triage.ts'
import { Later, Unreadable } from '../faults.ts'
import type { Group } from './group.ts'
import type { ScanResult } from './ports.ts'

/** What is there at or above the threshold, with the counts of all severities. */
export type View = { readonly seen: Seen; readonly counts: SeverityCounts; readonly notices: readonly string[] }

const hintsOf = ({ findings }: Group): Map<string, Finding> =>
  new Map(findings.flatMap(({ event }) => event.findings.map((finding) => [findingKey(finding), finding])))

function fromEvents(group: Group, why: string): View {
  const notices = [`The findings could not be read: ${why}. This is what the event says.`]
  const scan = group.scans.at(-1)?.event
  if (scan) return { seen: { counts: countsFrom(scan.counts, group.policy.threshold) }, counts: scan.counts, notices }
  const findings = [...hintsOf(group).values()]
  const counts = tally(group.findings.map(({ event }) => event.severity))
  return { seen: findings.length > 0 ? { findings, partial: true } : { counts }, counts, notices }
}

/** Whether the read lacks what an event announced: it came late, a rule suppresses it, or ECR does not show it yet. */
export function contradicts(
  { scans, findings, policy }: Group,
  read: readonly Finding[],
  counts: SeverityCounts,
): boolean {
  const ids = new Set(read.map(({ id }) => id))
  const scan = scans.at(-1)?.event
  if (scan?.uncounted) return false
  if (scan && exceeds(scan.counts, counts, policy.threshold)) return true
  return ids.size === 0 || findings.some(({ event }) => event.findings.some(({ id }) => !ids.has(id)))
}

function fromRead(group: Group, scan: ScanResult, now: Date): View {
  const wanted = scan.findings.filter(({ severity }) => isAtLeast(severity, group.policy.threshold))
  if (contradicts(group, wanted, scan.counts) && isYoung(group, now))
    throw new Later('ECR does not show yet what the event says')
  return { seen: { findings: enrich(wanted, hintsOf(group), findingKey) }, counts: scan.counts, notices: [] }
}

/** A scan that has no result, or none any more, says nothing of the image: unknown, not clean. */
export function viewOf(group: Group, scan: ScanResult | Unreadable, now: Date): View {
  if (scan instanceof Unreadable) return fromEvents(group, scan.message)
  if (scan.outcome === 'complete') return fromRead(group, scan, now)
  const why = `ECR says that the scan is ${scan.status}`
  if (isPatient(group)) throw new Later(why)
  return fromEvents(group, why)
}

/** The view with what is agreed on its findings. Counts say nothing of which findings they are: all of them count. */
export function agreedView(view: View, exceptions: readonly Exception[], place: Place, now: Date): View {
  const { seen, notices } = view
  if ('findings' in seen) return { ...view, seen: { ...seen, ...agree(seen.findings, exceptions, place, now) } }
  const isAny = exceptions.some((exception) => isIn(exception, place.repository) && !isExpired(exception, now))
  return isAny ? { ...view, notices: [...notices, 'Exceptions are not applied: the event has counts alone.'] } : view
}
