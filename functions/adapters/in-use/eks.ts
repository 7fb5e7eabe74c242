import { listed } from '../../domain/listed.ts'
import { gathered, listOf, pages, type Reading, Refused, type SourceKind, withQuery } from './site.ts'

type Account = { readonly accountId?: string; readonly resourceState?: { readonly ecr?: { readonly status?: string } } }
type Configuration = { readonly rescanDurationState?: { readonly pullDateRescanMode?: string } }
type Scanning = {
  readonly scanType?: string
  readonly rules?: readonly {
    readonly scanFrequency?: string
    readonly repositoryFilters?: readonly { readonly filter?: string }[]
  }[]
}
type Covered = {
  readonly resourceId?: string
  readonly resourceMetadata?: { readonly ecrImage?: { readonly inUseCount?: number } }
}

/** Image of an ECR registry as Inspector names it. */
const IMAGE = /^arn:[^:]+:ecr:([^:]+):(\d{12}):repository\/(.+)\/(sha256:[0-9a-f]{64})$/
/** For how long an image that was in use counts as in use: jobs come again, and deployments are rolled back. Days. */
const REMEMBERED = 90
const DAY = 86_400

async function clustersOf(reading: Reading): Promise<readonly string[]> {
  const ask = (nextToken: string | undefined) =>
    reading.rest('eks', 'ListClusters', withQuery('/clusters', { maxResults: '100', nextToken }))
  const found = await gathered(pages(ask, 'nextToken'))
  return found.flatMap((page) => listOf<string>(page, 'clusters', 'eks:ListClusters'))
}

async function isScanning(reading: Reading): Promise<boolean> {
  const { account } = reading.site.registry
  const input = { accountIds: [account] }
  const answer = await reading.rest('inspector2', 'BatchGetAccountStatus', '/status/batch/get', input)
  const accounts = listOf<Account>(answer, 'accounts', 'inspector2:BatchGetAccountStatus')
  return accounts.find(({ accountId }) => accountId === account)?.resourceState?.ecr?.status === 'ENABLED'
}

function useCovered(reading: Reading, { resourceId = '', resourceMetadata }: Covered): void {
  const [, region, account, repository, digest] = IMAGE.exec(resourceId) ?? []
  if (region === undefined || account === undefined || repository === undefined)
    throw new Refused('inspector2:ListCoverage', `${resourceId}, which is no image,`, 'see docs/in-use.md')
  const count = resourceMetadata?.ecrImage?.inUseCount ?? 0
  const how = count > 0 ? `${count} running` : `within the last ${REMEMBERED} days`
  reading.use({ account, region, repository, digest }, `EKS or ECS, as Inspector saw it: ${how}`)
}

/** Notes what of the registry's images is in use in a cluster, or was not long ago. */
async function readCoverage(reading: Reading, filter: object): Promise<void> {
  const resourceType = [{ comparison: 'EQUALS', value: 'AWS_ECR_CONTAINER_IMAGE' }]
  const ask = (nextToken: string | undefined) =>
    reading.rest('inspector2', 'ListCoverage', '/coverage/list', {
      ...{ filterCriteria: { resourceType, ...filter }, maxResults: 200 },
      ...(nextToken !== undefined && { nextToken }),
    })
  for await (const page of pages(ask, 'nextToken'))
    for (const covered of listOf<Covered>(page, 'coveredResources', 'inspector2:ListCoverage'))
      useCovered(reading, covered)
}

/** By default, an image that was pulled long ago is watched no longer, also while it runs. */
async function checkRescanning(reading: Reading): Promise<void> {
  const { ecrConfiguration } = await reading.rest('inspector2', 'GetConfiguration', '/configuration/get', {})
  const { rescanDurationState } = (ecrConfiguration ?? {}) as Configuration
  if (rescanDurationState?.pullDateRescanMode === 'LAST_IN_USE_AT') return
  throw new Refused(
    'inspector2:GetConfiguration',
    'not LAST_IN_USE_AT',
    'let Inspector watch images by their last use, not their last pull (pullDateRescanMode of update-configuration)',
  )
}

async function checkScanning(reading: Reading): Promise<void> {
  const { scanningConfiguration } = await reading.call('ecr', 'GetRegistryScanningConfiguration', {})
  const { scanType, rules = [] } = (scanningConfiguration ?? {}) as Scanning
  const watchesAll = rules.some(
    ({ scanFrequency, repositoryFilters = [] }) =>
      scanFrequency === 'CONTINUOUS_SCAN' && repositoryFilters.some(({ filter }) => filter === '*'),
  )
  if (scanType === 'ENHANCED' && watchesAll) return
  throw new Refused(
    'ecr:GetRegistryScanningConfiguration',
    'not every repository',
    'let Inspector watch them all: scanType ENHANCED, and CONTINUOUS_SCAN of "*" (put-registry-scanning-configuration)',
  )
}

/** What Inspector knows of a registry's images, and whether that is all. */
async function readInspector(reading: Reading, clusters: readonly string[]): Promise<void> {
  const { account, region } = reading.site.registry
  if (!(await isScanning(reading)))
    return reading.gap(
      `nothing tells what runs in EKS cluster ${listed(clusters)}: turn on Inspector's ECR scanning in ${account}, ${region}`,
    )
  const since = Math.floor(reading.site.now().getTime() / 1_000) - REMEMBERED * DAY
  await Promise.all(
    [
      () => readCoverage(reading, { ecrImageInUseCount: [{ lowerInclusive: 1 }] }),
      () => readCoverage(reading, { ecrImageLastInUseAt: [{ startInclusive: since }] }),
      () => checkRescanning(reading),
      () => checkScanning(reading),
    ].map((part) => reading.attempt(part)),
  )
}

/**
 * EKS: what Inspector has seen in clusters. It tells of images, not of clusters, so that an account with clusters is known
 * only where Inspector watches every image for as long as it is used: there, and where the images come from. An account
 * without clusters is known without it.
 * @see https://docs.aws.amazon.com/inspector/v2/APIReference/API_EcrContainerImageMetadata.html
 */
export const eks: SourceKind = {
  name: 'eks',
  async read(reading) {
    const clusters = await clustersOf(reading)
    if (clusters.length === 0) return
    const registries = reading.site.home ? [reading, reading.home] : [reading]
    await Promise.all(registries.map((at) => at.attempt(() => readInspector(at, clusters))))
  },
}
