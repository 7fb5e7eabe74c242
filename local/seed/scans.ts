import type { EnhancedImageScanFinding, ImageScanFinding, ScanStatus } from '@aws-sdk/client-ecr'
import { type SeverityCounts, tally, toSeverity } from '../../functions/domain/severity.ts'
import { HOSTILE_FINDINGS, toBasic } from './basic.ts'
import { type Sighting, toEnhanced } from './enhanced.ts'
import type { SeedFinding } from './findings.ts'
import * as debian from './findings-debian.ts'
import { PAYMENTS_FINDINGS, PAYMENTS_NEW, STOREFRONT_FINDINGS } from './findings-languages.ts'
import { seedImage } from './images.ts'
import { LEDGER_IMAGES } from './ledger-images.ts'

/** The result of one scan of one image. */
export type SeedScan = {
  /** Name of the image in `images.ts`. */
  readonly image: string
  readonly status: ScanStatus
  readonly description?: string
  readonly basic?: readonly ImageScanFinding[]
  readonly enhanced?: readonly SeedFinding[]
  /** Tasks and pods that run the image, as Inspector counts them. */
  readonly inUse?: number
}

const basic = (image: string, findings: readonly SeedFinding[]): SeedScan => ({
  image,
  status: 'COMPLETE',
  description: 'The scan was completed successfully.',
  basic: findings.map(toBasic),
})

/** One that found nothing. */
export const cleanScan = (image: string): SeedScan => basic(image, [])

const none = (image: string, status: ScanStatus, description: string): SeedScan => ({ image, status, description })

const enhanced = (image: string, findings: readonly SeedFinding[], inUse?: number): SeedScan => ({
  image,
  status: 'ACTIVE',
  description: 'Continuous scan is selected for image.',
  enhanced: findings,
  ...(inUse !== undefined && { inUse }),
})

const without = (findings: readonly SeedFinding[], ...ids: readonly string[]): readonly SeedFinding[] =>
  findings.filter(({ id }) => !ids.includes(id))

const UNSUPPORTED = 'UnsupportedImageError: The operating system and/or package manager are not supported.'
const payments = [...PAYMENTS_FINDINGS, ...PAYMENTS_NEW]

/** Results that are there before the story begins: of the images that nothing happens to. */
export const EARLIER_SCANS: readonly SeedScan[] = [
  basic(
    'base/node:20',
    without(debian.API_FINDINGS, ...debian.API_FINDINGS.filter(({ layer }) => layer === 'api-apt').map(({ id }) => id)),
  ),
  basic('prod/api:1.4.1', debian.API_FINDINGS),
  ...LEDGER_IMAGES.map(({ name }) => cleanScan(name)),
]

/** Results that come into force during the story, by a name of their own. */
export const SCANS = {
  api: basic('prod/api:1.4.2', debian.API_FINDINGS),
  apiLater: basic('prod/api:1.4.2', debian.API_FINDINGS_LATER),
  base: basic('base/node:22', debian.BASE_FINDINGS),
  batch: basic('team-b/batch:2026.11.20', []),
  batchBefore: basic('team-b/batch:2026.11.19', []),
  cache: basic('docker-hub/library/alpine:3.20', debian.CACHE_FINDINGS),
  chart: none('charts/api:0.9.1', 'UNSUPPORTED_IMAGE', UNSUPPORTED),
  dangling: basic('team-a/worker@dangling', debian.WORKER_FINDINGS),
  demo: { ...basic('sandbox/demo', []), basic: HOSTILE_FINDINGS },
  edge: none('prod/edge:3.1.0', 'UNSUPPORTED_IMAGE', UNSUPPORTED),
  edgeAmd64: basic('prod/edge@amd64', debian.EDGE_FINDINGS),
  experimental: none(
    'team-a/worker:experimental',
    'FAILED',
    'UnexpectedError: An internal error occurred. Try the scan again.',
  ),
  firmware: none('team-b/firmware:0.3.0', 'UNSUPPORTED_IMAGE', UNSUPPORTED),
  gateway: basic('prod/gateway:2.8.0', debian.GATEWAY_FINDINGS),
  inProgress: none('prod/web:5.13.0-rc.1', 'IN_PROGRESS', 'The scan is in progress.'),
  signature: none('prod/api@signature', 'UNSUPPORTED_IMAGE', UNSUPPORTED),
  trainer: none('ml/trainer:cuda12', 'LIMIT_EXCEEDED', 'The image is larger than the scanner can read.'),
  web: basic('prod/web:5.12.0', debian.WEB_FINDINGS),
  worker: basic('team-a/worker:sha-3f2c9d1', debian.WORKER_FINDINGS),
  batchEnhanced: enhanced('team-b/batch:2026.11.20', []),
  payments: enhanced('prod/payments:7.3.0', PAYMENTS_FINDINGS, 4),
  paymentsNew: enhanced('prod/payments:7.3.0', payments, 4),
  paymentsClosed: enhanced('prod/payments:7.3.0', without(payments, 'CVE-2022-25857'), 4),
  paymentsSuppressed: enhanced('prod/payments:7.3.0', without(payments, 'CVE-2022-25857', 'CVE-2016-1000027'), 4),
  storefront: enhanced('prod/storefront:3.0.0', STOREFRONT_FINDINGS, 2),
} satisfies Readonly<Record<string, SeedScan>>

export type ScanName = keyof typeof SCANS

/** Findings of a scan by severity. */
export const countsOf = (scan: SeedScan): SeverityCounts =>
  tally([...(scan.basic ?? []), ...(scan.enhanced ?? [])].map(({ severity }) => toSeverity(severity ?? 'UNDEFINED')))

/** Findings of a scan in the shape of ECR's API: of one scanner or the other, never of both. */
export function findingsOf(
  scan: SeedScan,
  sighting: Omit<Sighting, 'inUse'>,
): {
  findings?: ImageScanFinding[]
  enhancedFindings?: EnhancedImageScanFinding[]
} {
  if (scan.basic) return { findings: [...scan.basic] }
  if (!scan.enhanced) return {}
  const image = seedImage(scan.image)
  const seen = { ...sighting, ...(scan.inUse !== undefined && { inUse: scan.inUse }) }
  return { enhancedFindings: scan.enhanced.map((finding) => toEnhanced(finding, image, seen)) }
}
