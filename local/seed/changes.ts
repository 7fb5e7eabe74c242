import type { LocalAws } from '../aws/server.ts'
import { seedImage } from './images.ts'
import { OPEN_POLICIES } from './policies.ts'
import { pushImage } from './push.ts'
import { putScan } from './put-scan.ts'
import { putScanning, SCANNED } from './registry.ts'
import { cleanScan } from './scans.ts'

/** Something that somebody does to the registry, and that an event of `events/` tells of. Doing it again changes nothing. */
export type Change = {
  readonly file: string
  /** Id of the event. */
  readonly event: string
  /** ISO 8601 instant of the event. */
  readonly time: string
  readonly apply: (aws: LocalAws) => void
}

const CONTINUOUS = ['prod/payments', 'prod/storefront', 'team-b/batch']

const enhanced = (aws: LocalAws): void =>
  putScanning(aws, 'ENHANCED', { CONTINUOUS_SCAN: CONTINUOUS, SCAN_ON_PUSH: SCANNED })

/** No filter is about prod/payments any more. */
const withoutPayments = (aws: LocalAws): void =>
  putScanning(aws, 'ENHANCED', {
    CONTINUOUS_SCAN: CONTINUOUS.slice(1),
    SCAN_ON_PUSH: [...SCANNED.filter((filter) => filter !== 'prod/*'), 'prod/a*', 'prod/e*', 'prod/g*', 'prod/w*'],
  })

/** Pushes what is not there yet. */
const push =
  (...names: readonly string[]) =>
  (aws: LocalAws): void => {
    for (const image of names.map(seedImage))
      if (!aws.ecr.repository(image.repository)?.images.has(image.digest)) pushImage(aws, image)
  }

/** An image of team-ledger with what is attached to it; its scan, of which no sample tells, finds nothing. */
const ledger =
  (image: string, ...attached: readonly string[]) =>
  (aws: LocalAws): void => {
    const [first = '', ...others] = [image, ...attached].map((name) => `team-ledger/${name}`)
    push(first, ...others)(aws)
    putScan(aws, cleanScan(first), aws.clock.now())
  }

const create = (repositoryName: string) => (aws: LocalAws) => {
  if (!aws.ecr.repository(repositoryName)) aws.call('ecr', 'CreateRepository', { repositoryName })
}

const dropLifecyclePolicy = (repositoryName: string) => (aws: LocalAws) => {
  if (aws.ecr.repository(repositoryName)?.lifecyclePolicyText !== undefined)
    aws.call('ecr', 'DeleteLifecyclePolicy', { repositoryName })
}

const calls = (operation: string, input: object) => (aws: LocalAws) => void aws.call('ecr', operation, input)

const tagsOfWeb = (imageTagMutability: string) =>
  calls('PutImageTagMutability', { repositoryName: 'prod/web', imageTagMutability })

const open = { repositoryName: 'team-b/batch', policyText: OPEN_POLICIES.repository }

const openRegistry = (aws: LocalAws) =>
  void aws.call('ecr', 'PutRegistryPolicy', { policyText: OPEN_POLICIES.registry(aws.account, aws.region) })

const narrow = (aws: LocalAws): void => putScanning(aws, 'BASIC', { SCAN_ON_PUSH: ['prod/*'] })

/** In the order of the story. Of a file with several events, the first brings the change. */
const table: readonly (readonly [event: string, time: string, file: string, apply: Change['apply']])[] = [
  ['e500bddf-37b0-0307-4f0f-4c3c2052e52b', '2026-11-20T03:10:00Z', 'push-that-moves-a-tag', push('prod/gateway:2.9.0')],
  [
    '651a6cc0-d41a-606f-9304-fd4c0a85e35c',
    '2026-11-20T03:30:00Z',
    'push-of-signed-image',
    ledger('api:1.4.0', 'api@signature-of-1.4.0'),
  ],
  ['10a8c42b-c90d-ee65-3bf5-7b1351cee272', '2026-11-20T03:35:00Z', 'push-of-unsigned-image', ledger('api:1.5.0')],
  [
    '1c60040f-f880-dab8-fd1a-65d19bd36ce4',
    '2026-11-20T03:35:20Z',
    'push-of-signature-afterwards',
    push('team-ledger/api@signature-of-1.5.0'),
  ],
  [
    '90c4a72c-d21b-bfb0-5092-301ba84c6c15',
    '2026-11-20T03:40:00Z',
    'push-of-forbidden-package',
    ledger('vault:2.1.0', 'vault@signature-of-2.1.0', 'vault@sbom-of-2.1.0'),
  ],
  [
    '4ffe884b-4c87-24dc-aec4-2815966153bf',
    '2026-11-20T03:45:00Z',
    'push-of-wrongly-signed-image',
    ledger('web:3.2.0', 'web@signature-of-3.2.0'),
  ],
  ['5e571eaa-66c1-64e7-c859-90d2e844c762', '2026-11-20T04:00:00Z', 'call-create-repository', create('prod/intake')],
  [
    '3af9f30c-5a66-1477-3da9-d8c096d38ff5',
    '2026-11-20T04:05:00Z',
    'call-put-image-tag-mutability',
    tagsOfWeb('MUTABLE'),
  ],
  [
    '50d00787-862a-73db-851b-ec1ede27387c',
    '2026-11-20T04:10:00Z',
    'call-delete-lifecycle-policy',
    dropLifecyclePolicy('prod/edge'),
  ],
  [
    'bce1cb34-00e2-87d7-5eda-7e46a386c4a7',
    '2026-11-20T04:15:00Z',
    'call-set-repository-policy',
    calls('SetRepositoryPolicy', open),
  ],
  ['944782d7-3418-a2c5-1b24-10a6f0ae1284', '2026-11-20T04:20:00Z', 'call-put-registry-scanning-configuration', narrow],
  ['6d84cc79-5636-4be9-b859-93a74865d3ee', '2026-11-20T04:25:00Z', 'call-put-registry-policy', openRegistry],
  [
    'd4ae6af5-fb68-eb68-bda0-39233dde8fcb',
    '2026-11-20T04:35:00Z',
    'call-by-aws-service',
    create('docker-hub/library/nginx'),
  ],
  ['4ca8c324-a8eb-52f1-627d-239fdf8adf39', '2026-11-20T04:50:00Z', 'call-that-mends', tagsOfWeb('IMMUTABLE')],
  ['6fe6c718-9219-2338-217f-9437a26e71b7', '2026-11-23T03:00:00Z', 'scan-frequency-changed', enhanced],
  ['9e6a1947-d757-62ef-0e5c-6000c6e5ff4d', '2026-11-24T05:00:00Z', 'scan-frequency-weakened', withoutPayments],
  ['54a8dc38-bf76-e314-c480-6bd0e15b72c2', '2026-11-24T05:30:00Z', 'scan-frequency-strengthened', enhanced],
]

export const changes: readonly Change[] = table.map(([event, time, file, apply]) => ({
  ...{ event, time, apply },
  file: `${file}.json`,
}))
