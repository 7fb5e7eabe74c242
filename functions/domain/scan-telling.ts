import type { Alert } from './alert.ts'
import type { AlertPolicy } from './alert-policy.ts'
import type { Ancestor } from './ancestry/ancestor.ts'
import { type AlertContent, envelope, minute } from './compose.ts'
import type { ImageRef } from './image.ts'
import { pullReference } from './registry.ts'

/** What an alert on the scan of an image is about, and to whom it goes. */
export type ScanTelling = {
  readonly image: ImageRef
  readonly policy: AlertPolicy
  /** Ids of the events that caused it. */
  readonly events: readonly string[]
  readonly now: Date
  /** ISO 8601 instants, where they could be read. */
  readonly pushedAt?: string | undefined
  readonly scannedAt?: string | undefined
  readonly scanner: 'basic' | 'enhanced'
  /** What it is built upon, where that was read. */
  readonly ancestor?: Ancestor | undefined
  /** What could not be read, in words for the reader. */
  readonly notices: readonly string[]
}

/** Only names that a shell takes literally go into a line that people paste into one. */
const SHELL_SAFE = /^[\w./:@-]+$/

const factsOf = ({ pushedAt, scannedAt, scanner }: ScanTelling): Alert['facts'] => [
  ...(pushedAt ? [{ name: 'Pushed', value: minute(pushedAt) }] : []),
  ...(scannedAt ? [{ name: 'Scanned', value: minute(scannedAt) }] : []),
  { name: 'Scanner', value: scanner === 'enhanced' ? 'enhanced (Inspector)' : 'basic' },
]

/**
 * The alert on a scan, with the line that pulls exactly this image.
 * @param identity what makes this alert another one than the last about the same image
 */
export function scanEnvelope(scan: ScanTelling, content: AlertContent, identity: unknown): Alert {
  const { image, policy, notices, events, now } = scan
  const reference = pullReference(image)
  const command = SHELL_SAFE.test(reference) ? `docker pull ${reference}` : undefined
  const telling = { subject: image, slack: policy.slack, facts: factsOf(scan), notices, events, now }
  return envelope(telling, { ...content, command }, identity)
}
