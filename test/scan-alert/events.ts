import { DIGEST } from '../builders.ts'

const head = (detailType: string, source: string, id: string, time: string) => ({
  version: '0',
  id,
  'detail-type': detailType,
  source,
  account: '123456789012',
  time,
  region: 'ap-northeast-1',
  resources: ['arn:aws:ecr:ap-northeast-1:123456789012:repository/prod/api'],
})

type Change = { id?: string; time?: string; digest?: string; status?: string; tags?: string[] }

/** `ECR Image Scan` of prod/api. */
export const basicScan = (
  counts: object,
  { id = 'scan-1', time = '2026-11-20T09:00:00Z', digest = DIGEST, status = 'COMPLETE', tags = ['1.4.2'] }: Change = {},
) => ({
  ...head('ECR Image Scan', 'aws.ecr', id, time),
  detail: {
    'scan-status': status,
    'repository-name': 'prod/api',
    'finding-severity-counts': counts,
    'image-digest': digest,
    'image-tags': tags,
  },
})

/** `Inspector2 Scan` of prod/api. */
export const enhancedScan = (counts: object, change: Change = {}) => {
  const { detail } = basicScan(counts, { status: 'INITIAL_SCAN_COMPLETE', ...change })
  const arn = 'arn:aws:ecr:ap-northeast-1:123456789012:repository/prod/api'
  return {
    ...head('Inspector2 Scan', 'aws.inspector2', change.id ?? 'scan-1', change.time ?? '2026-11-20T09:00:00Z'),
    detail: { ...detail, 'repository-name': arn },
  }
}

/** `Inspector2 Finding` of one package of prod/api. */
export const inspectorFinding = (cve: string, severity: string, change: Change = {}) => ({
  ...head('Inspector2 Finding', 'aws.inspector2', change.id ?? `finding-${cve}`, change.time ?? '2026-11-20T09:00:00Z'),
  detail: {
    awsAccountId: '123456789012',
    epss: { score: 0.3 },
    exploitAvailable: 'YES',
    severity,
    status: change.status ?? 'ACTIVE',
    title: `${cve} - openssl`,
    type: 'PACKAGE_VULNERABILITY',
    packageVulnerabilityDetails: {
      vulnerabilityId: cve,
      vulnerablePackages: [{ name: 'openssl', version: '3.0.1', fixedInVersion: '0:3.0.15' }],
    },
    resources: [
      {
        type: 'AWS_ECR_CONTAINER_IMAGE',
        id: `arn:aws:ecr:ap-northeast-1:123456789012:repository/prod/api/${DIGEST}`,
        region: 'ap-northeast-1',
        partition: 'aws',
        details: {
          awsEcrContainerImage: {
            imageHash: DIGEST,
            imageTags: ['1.4.2'],
            registry: '123456789012',
            repositoryName: 'prod/api',
          },
        },
      },
    ],
  },
})
