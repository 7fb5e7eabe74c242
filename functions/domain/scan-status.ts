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
