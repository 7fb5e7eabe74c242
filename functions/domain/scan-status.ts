export type ScanOutcome = 'complete' | 'failed' | 'pending'

/**
 * Words that are not here are failures: what is not known to have been scanned is unknown, not clean.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanStatus.html
 */
const OUTCOMES: ReadonlyMap<string, ScanOutcome> = new Map([
  ['COMPLETE', 'complete'],
  ['INITIAL_SCAN_COMPLETE', 'complete'],
  /** Continuous scanning: findings are there, and kept up to date. */
  ['ACTIVE', 'complete'],
  ['PENDING', 'pending'],
  ['IN_PROGRESS', 'pending'],
  /** Nobody can pull it; it is scanned again once it is restored. */
  ['IMAGE_ARCHIVED', 'pending'],
])

/** What the status of a scan means, whether an event or the API names it. */
export const scanOutcome = (status: string): ScanOutcome => OUTCOMES.get(status) ?? 'failed'

/**
 * What to do per status of a scan that did not end well.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanStatus.html
 */
const REMEDIES: Readonly<Record<string, string>> = {
  never: 'Have the registry scan on push, and start a scan of this image; with enhanced scanning, push it again.',
  FAILED: 'Start the scan again; basic scanning allows one a day for each image.',
  UNSUPPORTED_IMAGE:
    'The scanner knows neither its operating system nor its packages: scan it in CI, or build it on a supported base image.',
  LIMIT_EXCEEDED: 'The image is over a limit of the scanner: make it smaller, or scan it in CI.',
  FINDINGS_UNAVAILABLE: 'The findings are no longer kept: start the scan again.',
  SCAN_ELIGIBILITY_EXPIRED:
    'Inspector no longer watches it: push or pull it again, or lengthen the re-scan duration, if it is still in use.',
}

export const scanRemedy = (status: string): string =>
  REMEDIES[status] ?? 'Look at the scan in the console and start it again.'
