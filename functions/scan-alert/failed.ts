import type { Result } from '../batch.ts'
import { isYoung } from '../delivery.ts'
import { composeScanFailed } from '../domain/scan-failed.ts'
import type { Told } from '../domain/triage.ts'
import { Later, Unreadable } from '../faults.ts'
import { type Claim, underClaim } from '../memory.ts'
import { detailOf, orWhy, quiet, subjectOf, tellingOf } from './gather.ts'
import type { Group } from './group.ts'
import type { ImageDetail, Manifest, Ports, ScanResult } from './ports.ts'

type Gathered = readonly [scan: ScanResult | Unreadable, manifest: Manifest | Unreadable, detail: ImageDetail]

const WHAT = { index: 'an image index: its platforms are scanned one by one', artifact: 'an artifact, not an image' }

/** Why there is nothing to tell; undefined where there is. */
function whyQuiet(
  claim: Claim<Told>,
  [scan, manifest]: Gathered,
): readonly [outcome: string, reason: string] | undefined {
  if (claim.told) return ['known', 'the failed scan of this image was told before']
  if (!(manifest instanceof Unreadable) && manifest.what !== 'image') return ['not-an-image', WHAT[manifest.what]]
  if (!(scan instanceof Unreadable) && scan.outcome === 'complete') {
    return ['unconfirmed', 'ECR shows a complete scan by now']
  }
  return undefined
}

async function decideAndTell(group: Group, { alerts }: Ports, now: Date, claim: Claim<Told>, gathered: Gathered) {
  const why = whyQuiet(claim, gathered)
  if (why?.[0] === 'unconfirmed' && isYoung(group, now)) throw new Later('ECR does not show yet what the event says')
  if (why) return quiet(claim, ...why)
  const [scan, manifest, detail] = gathered
  const status = group.scans.at(-1)?.event.status ?? 'FAILED'
  const notices = manifest instanceof Unreadable ? [`The image could not be read: ${manifest.message}.`] : []
  const description = scan instanceof Unreadable ? undefined : scan.description
  const alert = composeScanFailed(tellingOf(group, detail, { now, notices }), status, description)
  await alerts.publish(alert)
  await claim.mark({ counts: {} })
  return { outcome: 'alerted', reason: alert.summary, alert }
}

/** Tells, once per image, that its scan failed or cannot be done. @throws {Later} */
export function tellFailed(group: Group, ports: Ports, now: Date): Promise<Result> {
  const { images, memory } = ports
  const gathering = Promise.all([
    orWhy(group, images.scanResult(group.image)),
    orWhy(group, images.manifest(group.image)),
    detailOf(group, images),
  ])
  return underClaim(memory, subjectOf('failed', group), gathering, (claim, gathered) =>
    decideAndTell(group, ports, now, claim, gathered),
  )
}
