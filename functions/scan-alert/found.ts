import type { Result } from '../batch.ts'
import { receivesOf } from '../delivery.ts'
import { type Ancestor, ancestorOf } from '../domain/ancestry/ancestor.ts'
import type { Exception } from '../domain/exception.ts'
import { type Decision, decide, remember, type Seen, type Told } from '../domain/triage.ts'
import { composeVulnerabilities } from '../domain/vulnerabilities.ts'
import { Later, Unreadable } from '../faults.ts'
import { type Claim, underClaim } from '../memory.ts'
import { detailOf, orWhy, quiet, subjectOf, tagsOf, tellingOf } from './gather.ts'
import type { Group } from './group.ts'
import type { ImageDetail, ImageReader, Ports, ScanResult } from './ports.ts'
import { agreedView, contradicts, viewOf } from './view.ts'

/** Inspector sends hundreds of finding events around one scan: they let it go first, so that it is one message. */
const precedesItsScan = (group: Group, claim: Claim<Told>): boolean =>
  group.scans.length === 0 && claim.told === undefined && receivesOf(group) === 1

/** Findings from which on it is worth to read the images of base repositories: a few calls in a quarter of an hour. */
const MANY = 5

/** What is only good to have. */
const orNone = <T>(reading: Promise<T>): Promise<T | undefined> =>
  reading.catch((error: unknown) => {
    if (error instanceof Unreadable) return undefined
    throw error
  })

/** What the image is built upon, where the scanner says of its findings which layers bring them. */
async function ancestorIn({ image }: Group, images: ImageReader, seen: Seen): Promise<Ancestor | undefined> {
  const findings = 'findings' in seen ? seen.findings : []
  if (!findings.some(({ layer }) => layer)) return undefined
  const { described } = (await orNone(images.manifest(image))) ?? {}
  if (!described) return undefined
  const bases = findings.length < MANY ? undefined : await orNone(images.bases(image))
  return ancestorOf(described, bases ?? [])
}

type Gathered = readonly [scan: ScanResult | Unreadable, detail: ImageDetail]

type Silence = Extract<Decision, { readonly tell: false }>

const isCounting = (seen: Seen): boolean => 'counts' in seen || seen.findings.length > 0

type Work = {
  readonly group: Group
  readonly exceptions: readonly Exception[]
  readonly ports: Ports
  readonly now: Date
}

/** Nothing to tell; what is to be remembered may have changed all the same. */
async function stay(claim: Claim<Told>, outcome: string, { reason, keep }: Silence): Promise<Result> {
  if (!keep) return quiet(claim, outcome, reason)
  await claim.mark(keep)
  return { outcome, reason }
}

/** Decides on what was gathered, and tells what is new. @throws {Later} */
async function decideAndTell({ group, exceptions, ports, now }: Work, claim: Claim<Told>, [scan, detail]: Gathered) {
  if (precedesItsScan(group, claim)) throw new Later('not told about this image yet: its scan event goes first')
  const all = viewOf(group, scan, now)
  if ('findings' in all.seen && all.seen.findings.length === 0) {
    const outcome = contradicts(group, [], {}) ? 'unconfirmed' : 'quiet'
    return quiet(claim, outcome, `ECR shows nothing at ${group.policy.threshold} or above by now`)
  }
  const view = agreedView(all, exceptions, { ...group.image, tags: tagsOf(group, detail) }, now)
  const decision = decide(claim.told, view.seen, group.policy.threshold)
  if (!decision.tell) return stay(claim, isCounting(view.seen) ? 'known' : 'quiet', decision)
  const ancestor = await ancestorIn(group, ports.images, view.seen)
  const scannedAt = scan instanceof Unreadable ? undefined : scan.scannedAt
  const telling = tellingOf(group, detail, { now, scannedAt, ancestor, notices: view.notices })
  const alert = composeVulnerabilities(telling, { ...view, told: claim.told }, decision.changes)
  await ports.alerts.publish(alert)
  await claim.mark(remember(view.seen, claim.told))
  return { outcome: 'alerted', reason: alert.summary, alert }
}

/** Tells what is new about the findings of one image. @throws {Later} */
export function tellFound(group: Group, exceptions: readonly Exception[], ports: Ports, now: Date): Promise<Result> {
  const { images, memory } = ports
  const gathering = Promise.all([orWhy(group, images.scanResult(group.image)), detailOf(group, images)])
  return underClaim(memory, subjectOf('found', group), gathering, (claim, gathered) =>
    decideAndTell({ group, exceptions, ports, now }, claim, gathered),
  )
}
