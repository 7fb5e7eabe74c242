import {
  BatchGetImageCommand,
  DescribeImageScanFindingsCommand,
  type DescribeImageScanFindingsCommandOutput,
  DescribeImagesCommand,
  ECRClient,
} from '@aws-sdk/client-ecr'
import { type Finding, findingKey } from '../domain/finding.ts'
import type { ImageRef } from '../domain/image.ts'
import { scanOutcome } from '../domain/scan-status.ts'
import { type Severity, type SeverityCounts, tally, toSeverity } from '../domain/severity.ts'
import { Unreadable } from '../faults.ts'
import type { ImageReader, Manifest, ScanResult } from '../scan-alert/ports.ts'
import { clientOptions } from './aws-client.ts'
import { fromBasic, fromEnhanced } from './ecr-findings.ts'
import { whatIs } from './manifest.ts'

/** Refusals that asking again does not change. */
const PERMANENT = new Set([
  'AccessDeniedException',
  'ImageNotFoundException',
  'InvalidParameterException',
  'RepositoryNotFoundException',
  'ScanNotFoundException',
  'UnrecognizedClientException',
  'ValidationException',
])

const inOneRegion = (image: ImageRef) => ({ registryId: image.account, repositoryName: image.repository })
const byDigest = (image: ImageRef) => ({ imageDigest: image.digest })

/** @throws {Unreadable} in place of any error of ECR or of the way to it */
async function reading<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown error'
    throw new Unreadable(`ECR answered ${name}`, PERMANENT.has(name), error)
  }
}

const toCounts = (page: DescribeImageScanFindingsCommandOutput): SeverityCounts | undefined => {
  const entries = Object.entries(page.imageScanFindings?.findingSeverityCounts ?? {})
  if (entries.length === 0) return undefined
  const counts: Partial<Record<Severity, number>> = {}
  for (const [word, count] of entries) counts[toSeverity(word)] = (counts[toSeverity(word)] ?? 0) + count
  return counts
}

const findingsOf = ({ imageScanFindings: found }: DescribeImageScanFindingsCommandOutput): Finding[] => [
  ...(found?.findings ?? []).map(fromBasic),
  ...(found?.enhancedFindings ?? []).flatMap(fromEnhanced),
]

/** Page by page; the same finding in two places of an image is one. */
async function scanResult(client: ECRClient, image: ImageRef): Promise<ScanResult> {
  const findings = new Map<string, Finding>()
  const input = { ...inOneRegion(image), imageId: byDigest(image), maxResults: 1_000 }
  let page = await client.send(new DescribeImageScanFindingsCommand(input))
  const { imageScanStatus: status, imageScanFindings } = page
  const counts = toCounts(page)
  for (;;) {
    for (const finding of findingsOf(page)) findings.set(findingKey(finding), finding)
    if (!page.nextToken) break
    page = await client.send(new DescribeImageScanFindingsCommand({ ...input, nextToken: page.nextToken }))
  }
  return {
    status: status?.status ?? 'COMPLETE',
    outcome: scanOutcome(status?.status ?? 'COMPLETE'),
    description: status?.description,
    scannedAt: imageScanFindings?.imageScanCompletedAt?.toISOString(),
    counts: counts ?? tally([...findings.values()].map(({ severity }) => severity)),
    findings: [...findings.values()],
  }
}

async function detail(client: ECRClient, image: ImageRef) {
  const { imageDetails } = await client.send(
    new DescribeImagesCommand({ ...inOneRegion(image), imageIds: [byDigest(image)] }),
  )
  const [found] = imageDetails ?? []
  return { tags: found?.imageTags ?? [], pushedAt: found?.imagePushedAt?.toISOString() }
}

async function manifest(client: ECRClient, image: ImageRef): Promise<Manifest> {
  const { images } = await client.send(new BatchGetImageCommand({ ...inOneRegion(image), imageIds: [byDigest(image)] }))
  const [found] = images ?? []
  if (!found?.imageManifest) throw Object.assign(new Error('no such image'), { name: 'ImageNotFoundException' })
  return whatIs(found.imageManifest)
}

/**
 * Images as ECR has them, read in the region of the image and from the registry of its account.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html
 */
export function ecrImages(): ImageReader {
  const clients = new Map<string, ECRClient>()
  const clientFor = ({ region }: ImageRef): ECRClient => {
    const client = clients.get(region) ?? new ECRClient({ ...clientOptions, region })
    clients.set(region, client)
    return client
  }
  return {
    scanResult: (image) => reading(scanResult(clientFor(image), image)),
    detail: (image) => reading(detail(clientFor(image), image)),
    manifest: (image) => reading(manifest(clientFor(image), image)),
  }
}
