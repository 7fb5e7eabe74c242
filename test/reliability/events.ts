import { randomUUID } from 'node:crypto'
import type { EnhancedImageScanFinding } from '@aws-sdk/client-ecr'
import type { Severity } from '../../functions/domain/severity.ts'

const ACCOUNT = '123456789012'
const REGION = 'ap-northeast-1'

/** A vulnerability of one package, as the tests speak of it. */
export type Flaw = { readonly id: string; readonly severity: Severity; readonly package?: string }

export type TestImage = { readonly repository: string; readonly digest: string; readonly tags: readonly string[] }

export const flaws = (count: number, severity: Severity = 'HIGH', from = 1): Flaw[] =>
  Array.from({ length: count }, (_, index) => ({ id: `CVE-2026-${String(from + index).padStart(5, '0')}`, severity }))

/** Findings by severity, as ECR counts them. */
const countsOf = (found: readonly Flaw[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { severity } of found) counts[severity] = (counts[severity] ?? 0) + 1
  return counts
}

const packageOf = (flaw: Flaw) => ({ name: flaw.package ?? 'openssl', version: '3.0.1', fixedInVersion: '3.0.15' })

/** As ECR's API gives it. */
export const toEnhanced = (flaw: Flaw): EnhancedImageScanFinding => ({
  severity: flaw.severity,
  status: 'ACTIVE',
  title: `${flaw.id} - openssl`,
  packageVulnerabilityDetails: { vulnerabilityId: flaw.id, vulnerablePackages: [packageOf(flaw)] },
})

const arnOf = ({ repository }: TestImage): string => `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${repository}`

const inspectorDate = (instant: number): string => {
  const [day = '', date = '', month = '', year = '', time = ''] = new Date(instant).toUTCString().split(/,? /)
  return `${day} ${month} ${date} ${time}.000 UTC ${year}`
}

const head = (source: string, detailType: string, at: number) => ({
  version: '0',
  id: randomUUID(),
  'detail-type': detailType,
  source,
  account: ACCOUNT,
  time: `${new Date(at).toISOString().slice(0, 19)}Z`,
  region: REGION,
})

/** The end of a scan, as Inspector announces it. @param about.at instant in milliseconds */
export function scanEvent(image: TestImage, found: readonly Flaw[], about: { at: number; status: string }): object {
  const detail = {
    'scan-status': about.status,
    'repository-name': arnOf(image),
    'finding-severity-counts': countsOf(found),
    'image-digest': image.digest,
    'image-tags': image.tags,
    version: '1.0',
  }
  return { ...head('aws.inspector2', 'Inspector2 Scan', about.at), resources: [arnOf(image)], detail }
}

/** One finding of one image, as Inspector announces it. @param at instant in milliseconds */
export function findingEvent(image: TestImage, flaw: Flaw, at: number): object {
  const details = {
    awsEcrContainerImage: {
      imageHash: image.digest,
      imageTags: image.tags,
      pushedAt: inspectorDate(at),
      registry: ACCOUNT,
      repositoryName: image.repository,
    },
  }
  const id = `${arnOf(image)}/${image.digest}`
  const detail = {
    severity: flaw.severity,
    status: 'ACTIVE',
    title: `${flaw.id} - openssl`,
    firstObservedAt: inspectorDate(at),
    packageVulnerabilityDetails: { vulnerabilityId: flaw.id, vulnerablePackages: [packageOf(flaw)] },
    resources: [{ type: 'AWS_ECR_CONTAINER_IMAGE', id, details }],
  }
  return { ...head('aws.inspector2', 'Inspector2 Finding', at), resources: [id], detail }
}
