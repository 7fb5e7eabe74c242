import { scanRemedy } from '../scan-status.ts'
import type { ReadScan } from './gathered.ts'
import type { GatePlatform } from './result.ts'

const MINUTE = 60_000

/** `40 s`, `10 minutes`. */
const durationText = (ms: number): string =>
  ms < 2 * MINUTE ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / MINUTE)} minutes`

/** With the sentence of ECR where it says more than the status. */
const described = ({ status, description }: ReadScan): string =>
  description ? `${status} (${description.replace(/\.$/, '')})` : String(status)

/** Nobody scans what is archived: there is nothing to wait for. */
export const isArchived = ({ status }: ReadScan): boolean => status === 'IMAGE_ARCHIVED'

/** Why the findings of a platform are not known, and what to do; undefined where they are. */
export function problemOf(scan: ReadScan, waited: number): string | undefined {
  const { outcome, status = 'never', unread } = scan
  if (unread !== undefined) return `Its scan could not be read: ${unread}.`
  if (outcome === 'complete') return undefined
  if (outcome === 'never')
    return `It is not scanned${waited > 0 ? `, and was not within ${durationText(waited)}` : ''}. ${scanRemedy('never')}`
  if (isArchived(scan)) return 'It is archived: restore it, and it is scanned again.'
  if (outcome === 'pending')
    return `Its scan is ${described(scan)}, and was not complete within ${durationText(waited)}. Wait longer with --timeout.`
  return `Its scan ended as ${described(scan)}. ${scanRemedy(status)}`
}

export function platformOf(scan: ReadScan, waited: number): GatePlatform {
  const { digest, platform, status, scannedAt, os, counts } = scan
  return { ...{ digest, platform, status, scannedAt, os, counts: { ...counts } }, problem: problemOf(scan, waited) }
}

/** `linux/arm64: …`; the platform of an image for one alone goes without saying. */
export const withPlatform = ({ platform }: Pick<GatePlatform, 'platform'>, text: string): string =>
  platform === undefined ? text : `${platform}: ${text}`
