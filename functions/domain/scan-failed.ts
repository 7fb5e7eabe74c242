import type { Alert } from './alert.ts'
import { shortName } from './registry.ts'
import { type ScanTelling, scanEnvelope } from './scan-telling.ts'

/**
 * What to do per status of a scan that did not end well.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanStatus.html
 */
const REMEDIES: Readonly<Record<string, string>> = {
  FAILED: 'Start the scan again; basic scanning allows one a day for each image.',
  UNSUPPORTED_IMAGE:
    'The scanner knows neither its operating system nor its packages: scan it in CI, or build it on a supported base image.',
  LIMIT_EXCEEDED: 'The image is over a limit of the scanner: make it smaller, or scan it in CI.',
  FINDINGS_UNAVAILABLE: 'The findings are no longer kept: start the scan again.',
  SCAN_ELIGIBILITY_EXPIRED:
    'Inspector no longer watches it: push or pull it again, or lengthen the re-scan duration, if it is still in use.',
}

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
      todo: REMEDIES[status] ?? 'Look at the scan in the console and start it again.',
      facts: [
        { name: 'Scan status', value: status },
        ...(description ? [{ name: 'Scanner says', value: description.slice(0, 500) }] : []),
      ],
    },
    status,
  )
}
