import type { Alert } from './alert.ts'
import { shortName } from './registry.ts'
import { scanRemedy } from './scan-status.ts'
import { type ScanTelling, scanEnvelope } from './scan-telling.ts'

/** The alert on an image whose scan failed or cannot be done: what is not scanned is unknown, not clean. */
export function composeScanFailed(telling: ScanTelling, status: string, description: string | undefined): Alert {
  return scanEnvelope(
    telling,
    {
      kind: 'scan-failed',
      severity: 'UNDEFINED',
      title: `Not scanned: ${shortName(telling.image)}`,
      summary: `The scan ended as ${status}. Whether the image is vulnerable is unknown.`,
      items: [],
      omitted: 0,
      todo: scanRemedy(status),
      facts: [
        { name: 'Scan status', value: status },
        ...(description ? [{ name: 'Scanner says', value: description.slice(0, 500) }] : []),
      ],
    },
    status,
  )
}
