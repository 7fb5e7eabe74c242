import type { Result } from '../batch.ts'
import { type Finding, findingKey } from '../domain/finding.ts'
import { enrich } from '../domain/ranking.ts'
import { countsFrom, exceeds, isAtLeast, type SeverityCounts, tally } from '../domain/severity.ts'
import { decide, remember, type Seen, type Told } from '../domain/triage.ts'
import { composeVulnerabilities } from '../domain/vulnerabilities.ts'
import { Later, Unreadable } from '../faults.ts'
import { type Claim, underClaim } from '../memory.ts'
import { detailOf, isPatient, isYoung, orWhy, quiet, receivesOf, subjectOf, tellingOf } from './gather.ts'
import type { Group } from './group.ts'
import type { ImageDetail, ImageReader, Ports, ScanResult } from './ports.ts'

/** What is there at or above the threshold, with the counts of all severities. */
type View = { readonly seen: Seen; readonly counts: SeverityCounts; readonly notices: readonly string[] }

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
function contradicts({ scans, findings, policy }: Group, read: readonly Finding[], counts: SeverityCounts): boolean {
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

/** Inspector sends hundreds of finding events around one scan: they let it go first, so that it is one message. */
const precedesItsScan = (group: Group, claim: Claim<Told>): boolean =>
  group.scans.length === 0 && claim.told === undefined && receivesOf(group) === 1

async function baseLayerOf(group: Group, images: ImageReader, seen: Seen): Promise<string | undefined> {
  if (!('findings' in seen) || !seen.findings.some(({ layer }) => layer)) return undefined
  const manifest = await images.manifest(group.image).catch((error: unknown) => {
    if (error instanceof Unreadable) return undefined
    throw error
  })
  return manifest?.baseLayer
}

type Gathered = readonly [scan: ScanResult | Unreadable, detail: ImageDetail]

/** A scan that has no result, or none any more, says nothing of the image: unknown, not clean. */
function viewOf(group: Group, scan: ScanResult | Unreadable, now: Date): View {
  if (scan instanceof Unreadable) return fromEvents(group, scan.message)
  if (scan.outcome === 'complete') return fromRead(group, scan, now)
  const why = `ECR says that the scan is ${scan.status}`
  if (isPatient(group)) throw new Later(why)
  return fromEvents(group, why)
}

/** Decides on what was gathered, and tells what is new. @throws {Later} */
async function decideAndTell(
  group: Group,
  { images, alerts }: Ports,
  now: Date,
  claim: Claim<Told>,
  gathered: Gathered,
) {
  if (precedesItsScan(group, claim)) throw new Later('not told about this image yet: its scan event goes first')
  const [scan, detail] = gathered
  const view = viewOf(group, scan, now)
  if ('findings' in view.seen && view.seen.findings.length === 0) {
    const outcome = contradicts(group, [], {}) ? 'unconfirmed' : 'quiet'
    return quiet(claim, outcome, `ECR shows nothing at ${group.policy.threshold} or above by now`)
  }
  const decision = decide(claim.told, view.seen, group.policy.threshold)
  if (!decision.tell && !decision.remember) return quiet(claim, 'known', decision.reason)
  if (!decision.tell) {
    await claim.mark(remember(view.seen))
    return { outcome: 'known', reason: decision.reason }
  }
  const baseLayer = await baseLayerOf(group, images, view.seen)
  const scannedAt = scan instanceof Unreadable ? undefined : scan.scannedAt
  const telling = tellingOf(group, detail, { now, scannedAt, baseLayer, notices: view.notices })
  const alert = composeVulnerabilities(telling, { ...view, told: claim.told }, decision.changes)
  await alerts.publish(alert)
  await claim.mark(remember(view.seen, claim.told))
  return { outcome: 'alerted', reason: alert.summary, alert }
}

/** Tells what is new about the findings of one image. @throws {Later} */
export function tellFound(group: Group, ports: Ports, now: Date): Promise<Result> {
  const { images, memory } = ports
  const gathering = Promise.all([orWhy(group, images.scanResult(group.image)), detailOf(group, images)])
  return underClaim(memory, subjectOf('found', group), gathering, (claim, gathered) =>
    decideAndTell(group, ports, now, claim, gathered),
  )
}
