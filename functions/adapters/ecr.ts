import type { EnhancedImageScanFinding, ImageScanFinding } from '@aws-sdk/client-ecr'
import { type Finding, findingKey } from '../domain/finding.ts'
import type { ImageRef } from '../domain/image.ts'
import { scanOutcome } from '../domain/scan-status.ts'
import { type Severity, type SeverityCounts, tally, toSeverity } from '../domain/severity.ts'
import { Unreadable } from '../faults.ts'
import type { ImageDetail, ImageReader, Manifest, ScanResult } from '../scan-alert/ports.ts'
import { instant } from './ecr-call.ts'
import { fromBasic, fromEnhanced } from './ecr-findings.ts'
import { whatIs } from './manifest.ts'
import { type AwsCall, AwsError } from './signed-aws.ts'

/** What is used of a page of findings, as ECR's JSON has it: instants are seconds since 1970. */
type FindingsPage = {
  readonly imageScanStatus?: { readonly status?: string; readonly description?: string }
  readonly imageScanFindings?: {
    readonly imageScanCompletedAt?: number
    readonly findingSeverityCounts?: Readonly<Record<string, number>>
    readonly findings?: readonly ImageScanFinding[]
    readonly enhancedFindings?: readonly EnhancedImageScanFinding[]
  }
  readonly nextToken?: string
}
type Described = {
  readonly imageDetails?: readonly { readonly imageTags?: readonly string[]; readonly imagePushedAt?: number }[]
}
type Got = { readonly images?: readonly { readonly imageManifest?: string }[] }

const toCounts = (words: Readonly<Record<string, number>>): SeverityCounts => {
  const counts: Partial<Record<Severity, number>> = {}
  for (const [word, count] of Object.entries(words)) counts[toSeverity(word)] = (counts[toSeverity(word)] ?? 0) + count
  return counts
}

const findingsOf = ({ imageScanFindings: found }: FindingsPage): Finding[] => [
  ...(found?.findings ?? []).map(fromBasic),
  ...(found?.enhancedFindings ?? []).flatMap(fromEnhanced),
]

/** The same finding in two places of an image is one. */
function toResult({ imageScanStatus, imageScanFindings }: FindingsPage, findings: readonly Finding[]): ScanResult {
  // An answer without a status is none: unknown, not clean.
  const { status = 'UNKNOWN', description } = imageScanStatus ?? {}
  const words = imageScanFindings?.findingSeverityCounts ?? {}
  return {
    status,
    outcome: scanOutcome(status),
    description,
    scannedAt: instant(imageScanFindings?.imageScanCompletedAt),
    counts: Object.keys(words).length > 0 ? toCounts(words) : tally(findings.map(({ severity }) => severity)),
    findings,
  }
}

/** @throws {Unreadable} in place of what AWS refused; a fault of ours goes up as it is */
async function reading<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    if (error instanceof AwsError) throw new Unreadable(`ECR answered ${error.code}`, !error.transient, error)
    if (error instanceof SyntaxError) throw new Unreadable('its manifest is not JSON', true, error)
    throw error
  }
}

/**
 * Images as ECR has them in `region`, read from the registry of the image's account.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html
 */
export function ecrImages(aws: AwsCall, region: string): ImageReader {
  const call = async <T>(operation: string, image: ImageRef, input: object): Promise<T> => {
    // A replica of the same name and digest would answer here, with findings of its own.
    if (image.region !== region)
      throw new Unreadable(`the image is in ${image.region}, not in ${region}`, true, undefined)
    return (await aws('ecr', operation, { registryId: image.account, repositoryName: image.repository, ...input })) as T
  }

  async function scanResult(image: ImageRef): Promise<ScanResult> {
    const findings = new Map<string, Finding>()
    const input = { imageId: { imageDigest: image.digest }, maxResults: 1_000 }
    const first = await call<FindingsPage>('DescribeImageScanFindings', image, input)
    for (let page = first; ; ) {
      for (const finding of findingsOf(page)) findings.set(findingKey(finding), finding)
      if (!page.nextToken) return toResult(first, [...findings.values()])
      page = await call('DescribeImageScanFindings', image, { ...input, nextToken: page.nextToken })
    }
  }

  async function detail(image: ImageRef): Promise<ImageDetail> {
    const imageIds = [{ imageDigest: image.digest }]
    const { imageDetails } = await call<Described>('DescribeImages', image, { imageIds })
    const [found] = imageDetails ?? []
    return { tags: found?.imageTags ?? [], pushedAt: instant(found?.imagePushedAt) }
  }

  async function manifest(image: ImageRef): Promise<Manifest> {
    const imageIds = [{ imageDigest: image.digest }]
    const { images } = await call<Got>('BatchGetImage', image, { imageIds })
    const text = images?.[0]?.imageManifest
    if (!text) throw new AwsError('ImageNotFoundException', false)
    return whatIs(text)
  }

  return {
    scanResult: (image) => reading(scanResult(image)),
    detail: (image) => reading(detail(image)),
    manifest: (image) => reading(manifest(image)),
  }
}
