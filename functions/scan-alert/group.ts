import type { Delivery } from '../delivery.ts'
import { type AlertPolicy, policyFor } from '../domain/alert-policy.ts'
import type { FindingEvent, ScanEvent, StewardEvent } from '../domain/event.ts'
import { type ImageRef, imageKey } from '../domain/image.ts'
import { countFrom, inWords, isAtLeast } from '../domain/severity.ts'
import type { Outcome } from '../outcome.ts'

/** All that one batch says about one image. */
export type Group = {
  readonly image: ImageRef
  readonly policy: AlertPolicy
  readonly scans: readonly Delivery<ScanEvent>[]
  readonly findings: readonly Delivery<FindingEvent>[]
  /** All of them: a scan speaks for its group, or the last finding where there is no scan. */
  readonly deliveries: readonly Delivery[]
}

type Verdict =
  | { readonly worth: true; readonly policy: AlertPolicy }
  | { readonly worth: false; readonly outcome: Outcome }

const drop = (event: StewardEvent, outcome: string, reason: string): Verdict => ({
  worth: false,
  outcome: { outcome, reason, event: event.id },
})

const below = (threshold: string, found: string): string =>
  `nothing at ${threshold} or above: ${found || 'no findings'}`

function judgeScan(event: ScanEvent, policy: AlertPolicy): Verdict {
  if (event.outcome === 'pending') return drop(event, 'quiet', `the scan is still ${event.status}`)
  if (event.outcome === 'failed' || event.uncounted || countFrom(event.counts, policy.threshold) > 0)
    return { worth: true, policy }
  return drop(event, 'quiet', below(policy.threshold, inWords(event.counts)))
}

function judgeFinding(event: FindingEvent, policy: AlertPolicy): Verdict {
  if (event.status !== 'ACTIVE') return drop(event, 'quiet', `the finding is ${event.status}: nothing to tell`)
  if (isAtLeast(event.severity, policy.threshold)) return { worth: true, policy }
  return drop(event, 'quiet', below(policy.threshold, `the finding is ${event.severity}`))
}

/** Whether an event is worth a look at the registry at all; needs nothing but the event and the policy. */
export function judge(event: StewardEvent, policies: readonly AlertPolicy[]): Verdict {
  if (event.type === 'foreign') return drop(event, 'foreign', `about ${event.about}, not an image in ECR`)
  if (event.type !== 'scan' && event.type !== 'finding')
    return drop(event, 'no-consumer', `${event.detailType} is nothing that scan-alert looks at`)
  const policy = policyFor(policies, event.image.repository)
  if (!policy) return drop(event, 'quiet', `no entry of alerts matches repository ${event.image.repository}`)
  return event.type === 'scan' ? judgeScan(event, policy) : judgeFinding(event, policy)
}

export type Worthy = { readonly delivery: Delivery; readonly policy: AlertPolicy }

const isScan = (delivery: Delivery): delivery is Delivery<ScanEvent> => delivery.event.type === 'scan'
const isFinding = (delivery: Delivery): delivery is Delivery<FindingEvent> => delivery.event.type === 'finding'

/** A failed scan is told apart from what was found, so each has its own group. */
const groupKey = ({ event }: Delivery): string => {
  if (event.type !== 'scan' && event.type !== 'finding') return event.id
  return `${event.type === 'scan' && event.outcome === 'failed' ? 'failed' : 'found'} ${imageKey(event.image)}`
}

/** One group per image, oldest event first, whatever the order of delivery. */
export function groupByImage(worthy: readonly Worthy[]): Group[] {
  const sorted = worthy.toSorted((a, b) => a.delivery.event.time.localeCompare(b.delivery.event.time))
  return [...Map.groupBy(sorted, ({ delivery }) => groupKey(delivery)).values()].flatMap((members) => {
    const all = members.map(({ delivery }) => delivery)
    const scans = all.filter(isScan)
    const findings = all.filter(isFinding)
    const last = scans.at(-1) ?? findings.at(-1)
    const policy = members[0]?.policy
    if (!last || !policy) return []
    return [{ image: last.event.image, policy, scans, findings, deliveries: [...findings, ...scans] }]
  })
}
