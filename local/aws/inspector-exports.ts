import { randomUUID } from 'node:crypto'
import type * as client from '@aws-sdk/client-inspector2'
import { isIndex } from './ecr/manifest.ts'
import { isScannedContinuously } from './ecr/scanning.ts'
import type { Registry } from './ecr/state.ts'
import { AwsError } from './error.ts'
import { componentsOf, documentOf, type Inspected, keyOf, resourceOf, TYPE } from './inspector-sbom.ts'
import type { Buckets } from './s3/state.ts'
import type { Handler } from './service.ts'

/** How exports of SBOMs go. */
export type Exporting = {
  /** Which GetSbomExport is the first to find an export over, from 1: the second where nobody says so. */
  overAt?: number
  /** What it fails with then. */
  errorCode?: client.ReportingErrorCode
}

export type ExportsState = {
  /**
   * Says what Inspector has found in an image. One of which nothing is said is as one that it does not support, or has not
   * looked into yet: no export has it.
   * @param image `repository@sha256:…`
   * @param purls package URLs as Inspector writes them: `pkg:dpkg/openssl@3.0.15-1?arch=AMD64&epoch=0`
   * @throws {TypeError} where one is no package URL
   */
  setPackages(image: string, purls: readonly string[]): void
  /** Replaces what was said before, also for exports that run. */
  setExporting(exporting: Exporting): void
}

/** What is exported, and to where. */
export type ExportRoute = {
  readonly registry: Registry
  readonly buckets: Buckets
  /** Where all the buckets are. */
  readonly bucketRegion: string
}

type Criteria = client.ResourceFilterCriteria
type Filters = readonly client.ResourceStringFilter[]

type Report = {
  readonly destination: client.Destination
  readonly criteria: Criteria | undefined
  /** ms */
  readonly began: number
  reads: number
  status: client.ExternalReportStatus
  errorCode?: client.ReportingErrorCode
}

/** ms after which an export is over that nobody has asked about: none keeps others from running for good. */
const LONGEST = 3_600_000
const MOST_FILTERS = 10
const ID = /^[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}$/
const KMS_ARN = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:(key|alias)\/.+$/

const invalid = (message: string): AwsError => new AwsError('ValidationException', message)

/** What of an image a kind of filter looks at. */
const LOOKED_AT: Readonly<Record<string, (inspected: Inspected) => readonly string[]>> = {
  resourceType: () => [TYPE],
  resourceId: (inspected) => [resourceOf(inspected)],
  ecrRepositoryName: ({ repository }) => [repository.settings.repositoryName],
  ecrImageTags: ({ image }) => [...image.tags],
  accountId: ({ repository }) => [String(repository.settings.registryId)],
}

/** Those that are not honoured may have another shape, and are refused. */
const filtersOf = (criteria: Criteria): [name: string, filters: Filters][] => Object.entries(criteria)

function checkCriteria(criteria: Criteria): void {
  for (const [name, filters] of filtersOf(criteria)) {
    if (!LOOKED_AT[name]) throw invalid(`The local AWS does not filter exports by ${name}.`)
    if (filters.length === 0 || filters.length > MOST_FILTERS)
      throw invalid(`${name} has ${filters.length} filters, where 1 to ${MOST_FILTERS} belong.`)
    const other = filters.find(({ comparison }) => comparison !== 'EQUALS' && comparison !== 'NOT_EQUALS')
    if (other) throw invalid(`${name} has the comparison ${other.comparison}, where EQUALS or NOT_EQUALS belongs.`)
  }
}

function checkInput({ reportFormat, s3Destination, resourceFilterCriteria }: client.CreateSbomExportRequest): void {
  if (reportFormat === 'SPDX_2_3') throw invalid('The local AWS does not export SPDX_2_3: use CYCLONEDX_1_4.')
  if (reportFormat !== 'CYCLONEDX_1_4') throw invalid(`There is no format ${reportFormat}.`)
  if (!KMS_ARN.test(s3Destination?.kmsKeyArn ?? '')) throw invalid('kmsKeyArn is not the ARN of a key of KMS.')
  checkCriteria(resourceFilterCriteria ?? {})
}

/** One of those that it is to equal, and none of those that it is not to. */
function isLetBy(filters: Filters, values: readonly string[]): boolean {
  const named = (comparison: client.ResourceStringComparison): (string | undefined)[] =>
    filters.filter((filter) => filter.comparison === comparison).map(({ value }) => value)
  const [equal, others] = [named('EQUALS'), named('NOT_EQUALS')]
  const isEqual = equal.length === 0 || values.some((value) => equal.includes(value))
  return isEqual && !values.some((value) => others.includes(value))
}

const fits = (criteria: Criteria, inspected: Inspected): boolean =>
  filtersOf(criteria).every(([name, filters]) => isLetBy(filters, LOOKED_AT[name]?.(inspected) ?? []))

/** The exports of an account in a region. @see https://docs.aws.amazon.com/inspector/latest/user/sbom-export.html */
export class SbomExports implements ExportsState {
  readonly #route: ExportRoute
  readonly #isOn: () => boolean
  readonly #packages = new Map<string, readonly string[]>()
  readonly #reports = new Map<string, Report>()
  #exporting: Exporting = {}

  /** @param isOn whether Inspector watches images at all */
  constructor(route: ExportRoute, isOn: () => boolean) {
    this.#route = route
    this.#isOn = isOn
  }

  setPackages(image: string, purls: readonly string[]): void {
    componentsOf(purls)
    this.#packages.set(image, purls)
  }

  setExporting(exporting: Exporting): void {
    this.#exporting = exporting
  }

  /** @throws AwsError ValidationException */
  create(input: client.CreateSbomExportRequest): client.CreateSbomExportResponse {
    checkInput(input)
    for (const [reportId, report] of this.#reports) {
      if (report.status === 'IN_PROGRESS' && this.#now - report.began >= LONGEST) this.#end(reportId, report)
      if (report.status === 'IN_PROGRESS') throw invalid('An export is in progress: one at a time runs in a region.')
    }
    const reportId = randomUUID()
    this.#reports.set(reportId, {
      ...{ destination: input.s3Destination as client.Destination, criteria: input.resourceFilterCriteria },
      ...{ began: this.#now, reads: 0, status: 'IN_PROGRESS' },
    })
    return { reportId }
  }

  /** @throws AwsError ResourceNotFoundException */
  get(reportId: string): client.GetSbomExportResponse {
    const report = this.#need(reportId)
    report.reads += 1
    const isDue = report.reads >= (this.#exporting.overAt ?? 2) || this.#now - report.began >= LONGEST
    if (report.status === 'IN_PROGRESS' && isDue) this.#end(reportId, report)
    const { status, errorCode, destination, criteria } = report
    return {
      ...{ reportId, format: 'CYCLONEDX_1_4', status, s3Destination: destination, filterCriteria: criteria },
      ...(errorCode && { errorCode, errorMessage: `The export failed: ${errorCode}.` }),
    }
  }

  /** @throws AwsError ResourceNotFoundException, ValidationException where it is over */
  cancel(reportId: string): client.CancelSbomExportResponse {
    const report = this.#need(reportId)
    if (report.status !== 'IN_PROGRESS') throw invalid(`The export ${reportId} is not in progress.`)
    report.status = 'CANCELLED'
    return { reportId }
  }

  #need(reportId: string): Report {
    if (!ID.test(reportId)) throw invalid(`There is no report with an id like ${reportId}.`)
    const report = this.#reports.get(reportId)
    if (!report) throw new AwsError('ResourceNotFoundException', `There is no report ${reportId}.`, 404)
    return report
  }

  get #now(): number {
    return this.#route.registry.around.clock.now()
  }

  #end(reportId: string, report: Report): void {
    report.errorCode = this.#exporting.errorCode ?? this.#failureAt(report.destination)
    report.status = report.errorCode ? 'FAILED' : 'SUCCEEDED'
    if (!report.errorCode) this.#write(reportId, report)
  }

  #failureAt({ bucketName = '', kmsKeyArn = '' }: client.Destination): client.ReportingErrorCode | undefined {
    const { registry, buckets, bucketRegion } = this.#route
    if (!buckets.has(bucketName)) return 'BUCKET_NOT_FOUND'
    if (registry.around.region !== bucketRegion) return 'INCOMPATIBLE_BUCKET_REGION'
    const [, keyRegion, kind] = KMS_ARN.exec(kmsKeyArn) ?? []
    return keyRegion === bucketRegion && kind === 'key' ? undefined : 'MALFORMED_KMS_KEY'
  }

  #write(reportId: string, { destination, criteria = {} }: Report): void {
    const { bucketName = '', keyPrefix: prefix = '' } = destination
    for (const inspected of this.#inspected().filter((one) => fits(criteria, one))) {
      const body = Buffer.from(documentOf(inspected, new Date(this.#now)))
      this.#route.buckets.put(bucketName, keyOf(inspected, { reportId, prefix }), { body })
    }
  }

  /** Single images alone, and none of the archive. */
  #inspected(): Inspected[] {
    const { registry } = this.#route
    const watched = registry.repositories().filter((one) => this.#isOn() && isScannedContinuously(registry, one))
    return watched.flatMap((repository) =>
      [...repository.images.values()].flatMap((image) => {
        const purls = this.#packages.get(`${repository.settings.repositoryName}@${image.digest}`)
        return purls && !image.isArchived && !isIndex(image) ? [{ repository, image, purls }] : []
      }),
    )
  }
}

export const exportHandlers = (exports: SbomExports): Record<string, Handler> => ({
  CreateSbomExport: (input: client.CreateSbomExportRequest) => exports.create(input),
  GetSbomExport: ({ reportId = '' }: client.GetSbomExportRequest) => exports.get(reportId),
  CancelSbomExport: ({ reportId = '' }: client.CancelSbomExportRequest) => exports.cancel(reportId),
})
