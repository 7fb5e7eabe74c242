import type * as client from '@aws-sdk/client-inspector2'
import { AwsError } from './error.ts'
import {
  type Exporting,
  type ExportRoute,
  type ExportsState,
  exportHandlers,
  SbomExports,
} from './inspector-exports.ts'
import { TYPE } from './inspector-sbom.ts'
import { pageOf } from './listing.ts'
import { sdkService } from './sdk-service.ts'
import type { Handler, Service, Surroundings } from './service.ts'

type InUse = { count: number; lastInUse: Date }

export type InspectorState = ExportsState & {
  /** Whether ECR images are watched; not where nobody says so. */
  setEcrScanning(status: 'ENABLED' | 'DISABLED'): void
  /** Whether an image is watched as long as it is used, or by its last pull. */
  setRescanning(mode: 'LAST_IN_USE_AT' | 'LAST_PULL_DATE'): void
  /**
   * Says of a watched image how many containers run it, and when one last did; now where it is not said.
   * @param image `repository@sha256:…`
   */
  setInUse(image: string, count: number, lastInUse?: Date): void
}

const PAGE = 200

export class Inspector implements InspectorState {
  readonly images = new Map<string, InUse>()
  ecr: 'ENABLED' | 'DISABLED' = 'DISABLED'
  mode: 'LAST_IN_USE_AT' | 'LAST_PULL_DATE' = 'LAST_PULL_DATE'
  readonly around: Surroundings
  readonly exports: SbomExports

  constructor(around: Surroundings, route: ExportRoute) {
    this.around = around
    this.exports = new SbomExports(route, () => this.ecr === 'ENABLED')
  }

  setEcrScanning(status: 'ENABLED' | 'DISABLED'): void {
    this.ecr = status
  }

  setRescanning(mode: 'LAST_IN_USE_AT' | 'LAST_PULL_DATE'): void {
    this.mode = mode
  }

  setPackages(image: string, purls: readonly string[]): void {
    this.exports.setPackages(image, purls)
  }

  setExporting(exporting: Exporting): void {
    this.exports.setExporting(exporting)
  }

  setInUse(image: string, count: number, lastInUse: Date = new Date(this.around.clock.now())): void {
    const { region, account } = this.around
    this.images.set(`arn:aws:ecr:${region}:${account}:repository/${image.replace('@', '/')}`, { count, lastInUse })
  }
}

const repositoryOf = (arn: string): string => /:repository\/(.+)\/sha256:/.exec(arn)?.[1] ?? ''

const isWithin = (value: number, low: number | Date | undefined, high: number | Date | undefined): boolean =>
  value >= Number(low ?? Number.NEGATIVE_INFINITY) && value <= Number(high ?? Number.POSITIVE_INFINITY)

const hasOne = (filters: readonly client.CoverageStringFilter[], value: string): boolean =>
  filters.some(({ comparison, value: given = '' }) => (comparison === 'EQUALS') === (value === given))

type Criteria = client.CoverageFilterCriteria
type Filter = (filters: never, arn: string, image: InUse) => boolean

/** Filters of one kind are alternatives; kinds must all hold. */
const FILTERS: Readonly<Record<string, Filter>> = {
  resourceType: (filters: NonNullable<Criteria['resourceType']>) => hasOne(filters, TYPE),
  ecrRepositoryName: (filters: NonNullable<Criteria['ecrRepositoryName']>, arn) => hasOne(filters, repositoryOf(arn)),
  resourceId: (filters: NonNullable<Criteria['resourceId']>, arn) => hasOne(filters, arn),
  ecrImageInUseCount: (filters: NonNullable<Criteria['ecrImageInUseCount']>, _, { count }) =>
    filters.some(({ lowerInclusive, upperInclusive }) => isWithin(count, lowerInclusive, upperInclusive)),
  ecrImageLastInUseAt: (filters: NonNullable<Criteria['ecrImageLastInUseAt']>, _, { lastInUse }) =>
    filters.some(({ startInclusive, endInclusive }) => isWithin(lastInUse.getTime(), startInclusive, endInclusive)),
}

function fits(criteria: Criteria, arn: string, image: InUse): boolean {
  return Object.entries(criteria).every(([name, filters]) => {
    const filter = FILTERS[name]
    if (!filter) throw new AwsError('ValidationException', `The local AWS does not filter coverage by ${name}.`)
    return filter(filters as never, arn, image)
  })
}

const covered = ({ account }: Surroundings, arn: string, { count, lastInUse }: InUse): client.CoveredResource => ({
  ...{ resourceType: TYPE, resourceId: arn, accountId: account, scanType: 'PACKAGE' },
  scanStatus: { statusCode: 'ACTIVE', reason: 'SUCCESSFUL' },
  resourceMetadata: {
    ecrRepository: { name: repositoryOf(arn), scanFrequency: 'CONTINUOUS_SCAN' },
    ecrImage: { inUseCount: count, lastInUseAt: lastInUse },
  },
})

const off = { status: 'DISABLED' as const, errorCode: 'ALREADY_ENABLED' as const, errorMessage: '' }

const handlersOf = (inspector: Inspector): Record<string, Handler> => ({
  ...exportHandlers(inspector.exports),
  BatchGetAccountStatus({ accountIds = [inspector.around.account] }: client.BatchGetAccountStatusRequest) {
    const isOurs = (id: string): boolean => id === inspector.around.account
    const ecr = { ...off, status: inspector.ecr }
    return {
      accounts: accountIds.filter(isOurs).map((accountId) => ({
        ...{ accountId, state: ecr, resourceState: { ec2: off, ecr, lambda: off } },
      })),
      failedAccounts: accountIds
        .filter((id) => !isOurs(id))
        .map((accountId) => ({ accountId, errorCode: 'ACCESS_DENIED', errorMessage: 'Access denied' })),
    }
  },
  GetConfiguration: () => ({
    ecrConfiguration: {
      rescanDurationState: { rescanDuration: 'DAYS_14', status: 'SUCCESS', pullDateRescanMode: inspector.mode },
    },
  }),
  /** Findings are read of ECR, which asks for them here as its caller: nobody else does. */
  ListFindings: () => ({ findings: [] }),
  ListCoverage({ maxResults = PAGE, nextToken, filterCriteria = {} }: client.ListCoverageRequest) {
    const all = [...inspector.images].filter(([arn, image]) => fits(filterCriteria, arn, image))
    const size = Math.min(maxResults, PAGE)
    const { items, next } = pageOf(inspector.ecr === 'ENABLED' ? all : [], {
      ...{ keyOf: ([arn]) => arn, size, token: nextToken, wrong: 'ValidationException' },
    })
    return { coveredResources: items.map(([arn, image]) => covered(inspector.around, arn, image)), nextToken: next }
  },
})

/**
 * What Inspector tells of the images that run, and of what is in images.
 * @see https://docs.aws.amazon.com/inspector/v2/APIReference/Welcome.html
 */
export const inspectorService = (inspector: Inspector): Service =>
  sdkService({
    name: 'inspector2',
    protocol: 'rest-json',
    client: '@aws-sdk/client-inspector2',
    handlers: handlersOf(inspector),
    requires: (operation) => [{ action: `inspector2:${operation}`, resource: '*' }],
  })
