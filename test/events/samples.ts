/** Builders of events in the shapes of AWS's documentation; tests override what they are about. */
type Fields = Readonly<Record<string, unknown>>

export const DIGEST = `sha256:${'4aa08ef415aecc80'.repeat(4)}`
export const ARN = 'arn:aws:ecr:ap-northeast-1:123456789012:repository/prod/api'

const head = (source: string, type: string, resources: readonly string[]): Fields => ({
  version: '0',
  id: '85fc3613-e913-7fc4-a80c-a3753e4aa9ae',
  'detail-type': type,
  source,
  account: '123456789012',
  time: '2026-11-20T02:36:48Z',
  region: 'ap-northeast-1',
  resources,
})

export const basicScan = (detail: Fields = {}, envelope: Fields = {}): Fields => ({
  ...head('aws.ecr', 'ECR Image Scan', [ARN]),
  detail: {
    'scan-status': 'COMPLETE',
    'repository-name': 'prod/api',
    'finding-severity-counts': { CRITICAL: 10, MEDIUM: 9 },
    'image-digest': DIGEST,
    'image-tags': ['1.4.2'],
    ...detail,
  },
  ...envelope,
})

export const enhancedScan = (detail: Fields = {}, envelope: Fields = {}): Fields => ({
  ...head('aws.inspector2', 'Inspector2 Scan', [ARN]),
  detail: {
    'scan-status': 'INITIAL_SCAN_COMPLETE',
    'repository-name': ARN,
    'finding-severity-counts': { CRITICAL: 7, HIGH: 61, MEDIUM: 62, TOTAL: 158 },
    'image-digest': DIGEST,
    'image-tags': ['latest'],
    ...detail,
  },
  ...envelope,
})

export const ofImage = (image: Fields = {}, resource: Fields = {}): Fields => ({
  details: {
    awsEcrContainerImage: {
      imageHash: DIGEST,
      imageTags: ['1.4.2'],
      platform: 'UBUNTU_24_04',
      pushedAt: 'Wed Sep 04 16:55:28.000 UTC 2024',
      registry: '123456789012',
      repositoryName: 'prod/api',
      ...image,
    },
  },
  id: `${ARN}/${DIGEST}`,
  partition: 'aws',
  region: 'ap-northeast-1',
  type: 'AWS_ECR_CONTAINER_IMAGE',
  ...resource,
})

export const libssl = (fields: Fields = {}): Fields => ({
  arch: 'ARM64',
  epoch: 0,
  fixedInVersion: '0:3.0.13-0ubuntu3.4',
  name: 'libssl3t64',
  packageManager: 'OS',
  release: '0ubuntu3.2',
  sourceLayerHash: `sha256:${'15'.repeat(32)}`,
  version: '3.0.13',
  ...fields,
})

export const vulnerability = (fields: Fields = {}): Fields => ({
  cvss: [],
  referenceUrls: ['https://www.cve.org/CVERecord?id=CVE-2024-6119'],
  vulnerabilityId: 'CVE-2024-6119',
  vulnerablePackages: [libssl()],
  ...fields,
})

export const finding = (detail: Fields = {}, envelope: Fields = {}): Fields => ({
  ...head('aws.inspector2', 'Inspector2 Finding', [`${ARN}/${DIGEST}`]),
  detail: {
    awsAccountId: '123456789012',
    epss: { score: 0.00045 },
    exploitAvailable: 'NO',
    firstObservedAt: 'Wed Sep 04 16:55:38.411 UTC 2024',
    packageVulnerabilityDetails: vulnerability(),
    resources: [ofImage()],
    severity: 'MEDIUM',
    status: 'ACTIVE',
    title: 'CVE-2024-6119 - libssl3t64',
    type: 'PACKAGE_VULNERABILITY',
    ...detail,
  },
  ...envelope,
})

export const ecrEvent = (type: string, detail: Fields, envelope: Fields = {}): Fields => ({
  ...head('aws.ecr', type, []),
  detail,
  ...envelope,
})

export const inspectorEvent = (type: string, resources: readonly string[], detail: Fields): Fields => ({
  ...head('aws.inspector2', type, resources),
  detail,
})
