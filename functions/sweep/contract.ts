import type { AlertPolicy } from '../domain/alert-policy.ts'
import type { CleanUpPolicy } from '../domain/clean-up/policy.ts'
import type { Exception } from '../domain/exception.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { RepositorySettings } from '../domain/facts/repository-facts.ts'
import type { PolicyEntry, RegistryPolicy } from '../domain/policy.ts'
import { registryKey } from '../domain/registry.ts'
import { type Vouching, type VouchingSections, vouchingIn } from '../domain/supply-chain/vouching.ts'
import type { SweepPolicy } from '../domain/sweep/policy.ts'
import type { SweepReport } from '../domain/sweep/report.ts'

/** Where the steps of a sweep find and leave things: keys of the store, below the prefix `sweep`. */
export const SWEEP_PREFIX = 'sweep'

/** Below it there is a `PackageIndex` for each registry. */
export const PACKAGE_INDEXES = 'packages/index/'

/** Below it Inspector puts the SBOMs that it is asked for, those of each registry in a folder of their own. */
export const SBOM_EXPORTS = 'packages/exports/'

export const KEYS = {
  /** Written once by whoever begins the sweep: of the same hour there is one. */
  begun: (id: string): string => `${id}/begun.json`,
  /** A line of `ListedRepository` for each repository: what the Distributed Map reads. */
  repositories: (id: string, registry: RegistryRef): string => `${id}/repositories/${registryKey(registry)}.jsonl`,
  /** What is in use, as it was read once for the registry. */
  inventory: (id: string, registry: RegistryRef): string => `${id}/inventory/${registryKey(registry)}.json`,
  /** Lines of `SweepRecord`, as `recordLine` has them. Written once for each batch, named by its first repository's number: a batch that is there is done. */
  records: (id: string, registry: RegistryRef, first: number): string =>
    `${id}/records/${registryKey(registry)}/${String(first).padStart(7, '0')}.jsonl`,
  recordsOf: (id: string): string => `${id}/records/`,
  /** One line: the `RegistryRecord` of the registry itself. */
  registryRecord: (id: string, registry: RegistryRef): string =>
    `${id}/records/${registryKey(registry)}/registry.jsonl`,
  /** `ListedTarget`: how the listing of a registry ended. */
  target: (id: string, registry: RegistryRef): string => `${id}/targets/${registryKey(registry)}.json`,
  report: (id: string, format: 'html' | 'json' | 'csv' | 'md'): string => `${id}/report.${format}`,
  /** Written last: the sweep is over. */
  ended: (id: string): string => `${id}/ended.json`,
  /** Points of the trend, oldest first, and what the last sweep saw of each repository. */
  history: 'history.json',
  /** Written when a digest has told of a registry as a whole: from then on, what is new in it is told by itself. */
  told: (registry: RegistryRef): string => `told/${registryKey(registry)}.json`,
  /** Of packages that are watched for, the images that were told of. */
  watchedFor: 'packages/watched-for.json',
  /** What is known of the packages of a repository, as an index of its own. */
  packagesOf: ({ repository, ...registry }: RegistryRef & { readonly repository: string }): string =>
    `${KEYS.packageParts(registry)}${repository}.jsonl`,
  /** A packed index of many repositories. */
  packageShard: (id: string, registry: RegistryRef, n: number): string =>
    `${id}/packages/${registryKey(registry)}/${String(n).padStart(4, '0')}.jsonl.gz`,
  /** `PackageIndex`: that of the last sweep which made a whole one. */
  packageIndex: (registry: RegistryRef): string => `${PACKAGE_INDEXES}${registryKey(registry)}.json`,
  packageParts: (registry: RegistryRef): string => `packages/parts/${registryKey(registry)}/`,
  /** `AskedExports`: what Inspector was asked for of a registry. */
  askedExports: (registry: RegistryRef): string => `packages/asked-exports/${registryKey(registry)}.json`,
  /** The folder of all exports of a registry, without a slash at its end. */
  sbomExports: (registry: RegistryRef): string => `${SBOM_EXPORTS}${registryKey(registry)}`,
  /** That of one, as Inspector names it. */
  sbomExport: (registry: RegistryRef, id: string): string =>
    `${KEYS.sbomExports(registry)}/CYCLONEDX_1_4_outputs_${id}/`,
  /** When findings of a repository were first seen: by id and package, the instant. */
  firstSeen: ({ repository, ...registry }: RegistryRef & { readonly repository: string }): string =>
    `first-seen/${registryKey(registry)}/${repository}.json`,
  /** What was last sent of a repository to the use cases that tell. */
  sent: ({ repository, ...registry }: RegistryRef & { readonly repository: string }): string =>
    `sent/${registryKey(registry)}/${repository}.json`,
} as const

/** The same for a start that is repeated within the hour: `2026-11-24t21`. */
export const sweepId = (at: Date): string => at.toISOString().slice(0, 13).toLowerCase()

/** Repositories of a batch: one invocation judges so many within its time, also where AWS grants few calls. */
export const BATCH = 25
/** Batches of a registry that are judged at once: each has its share of `rate`. */
export const CONCURRENCY = 10

/** Lambda lets nothing take longer. What a batch does not get done is tried anew, and the machine goes on with the others. */
export const TIMEOUT_SECONDS = 900
/** The report of 10,000 repositories with 100 images takes about 400 MB; more memory is more processor too. */
export const MEMORY_MB = 1_024

/** Operations of ECR about the registry as a whole, the list of its repositories too: IAM asks for them on everything. */
export const READS_OF_REGISTRY = [
  ...['DescribePullThroughCacheRules', 'DescribeRegistry', 'DescribeRepositories', 'GetRegistryPolicy'],
  'GetRegistryScanningConfiguration',
] as const

/** Operations of ECR that a repository and its images are read with. */
export const READS = [
  ...['BatchGetImage', 'DescribeImageScanFindings', 'DescribeImages', 'GetDownloadUrlForLayer'],
  ...['GetLifecyclePolicy', 'GetRepositoryPolicy', 'ListTagsForResource'],
] as const

/** Operations of Inspector that ask it for SBOMs: IAM asks for them on everything. */
export const SBOM_EXPORT_ACTIONS = ['inspector2:CreateSbomExport', 'inspector2:GetSbomExport'] as const

/** Name of the bucket that holds sweeps and their reports. */
export const ENV_BUCKET = 'STEWARD_BUCKET'
/** ARN of the key of KMS that Inspector encrypts the SBOMs with that it exports; absent where it is not asked for any. */
export const ENV_SBOM_KEY = 'STEWARD_SBOM_KEY'
/** Queues of the use cases that tell: what a sweep finds goes to them as an event of its own. Empty where a use case is not there. */
export const ENV_SCAN_QUEUE = 'STEWARD_SCAN_QUEUE'
export const ENV_PUSH_QUEUE = 'STEWARD_PUSH_QUEUE'
export const ENV_CHANGE_QUEUE = 'STEWARD_CHANGE_QUEUE'

export { ENV_EXTERNAL_ID } from '../in-use/contract.ts'

/** What the bundle is built with. */
export type SweepConfig = {
  readonly sweep: SweepPolicy
  readonly alerts: readonly AlertPolicy[]
  readonly policy: readonly PolicyEntry[]
  readonly registry: RegistryPolicy
  readonly exceptions: readonly Exception[]
  /** Undefined where nothing is to be cleaned up. */
  readonly cleanUp?: CleanUpPolicy | undefined
  /** By what signatures are verified; undefined where nothing asks for them or for SBOMs. */
  readonly vouching?: Vouching | undefined
}

/** Of steward.yaml. */
export type SweepSections = Omit<SweepConfig, 'vouching'> & VouchingSections

export const sweepConfig = ({
  sweep,
  alerts,
  policy,
  registry,
  exceptions,
  cleanUp,
  ...sections
}: SweepSections): SweepConfig => ({
  ...{ sweep, alerts, policy, registry, exceptions },
  ...(cleanUp && { cleanUp }),
  ...vouchingIn({ policy, ...sections }, sweep.packages !== undefined),
})

/** Metrics that the last step of a sweep writes, of what it found: what the alarms and the dashboard look at. */
export const METRICS = {
  /** Percent of the repositories that were listed; below 100 also where a registry could not be listed. */
  coverage: 'SweepCoverage',
  /** Milliseconds from its beginning to its report. */
  duration: 'SweepDuration',
  /** Starts that did nothing, since another sweep of the hour exists or still runs. Written by the first step. */
  skipped: 'SweepSkipped',
  repositories: 'SweepRepositories',
  images: 'SweepImages',
  /** Verdicts that are open. */
  fails: 'SweepFails',
  unknowns: 'SweepUnknowns',
  /** Findings that count, of all severities, of the two worst alone, and those beyond their SLA. */
  findings: 'SweepFindings',
  critical: 'SweepCritical',
  high: 'SweepHigh',
  overdue: 'SweepOverdue',
  /** 0 to 100. */
  score: 'SweepScore',
  storedBytes: 'SweepStoredBytes',
  removableBytes: 'SweepRemovableBytes',
  /** Dollars a month that the store costs at most. */
  dollars: 'SweepDollars',
} as const

/** `KEYS.begun`: who began it, when (ISO 8601 instant), and what it goes through: the report tells which of these is missing. */
export type BegunSweep = {
  readonly execution: string
  readonly at: string
  readonly targets: readonly RegistryRef[]
  /** What it tells of by its digest alone; all else by events. Absent: nothing. */
  readonly untold?: readonly Untold[]
}

/** A registry that no digest has told of. @property left where one has, the repositories that it could not tell of */
export type Untold = RegistryRef & { readonly left?: readonly string[] }

/** `KEYS.ended`: what a list of sweeps tells without reading a report. */
export type EndedSweep = Pick<SweepReport, 'endedAt' | 'verdict' | 'score'> &
  Pick<SweepReport['coverage'], 'listed' | 'judged' | 'complete'>

/** The index of packages of a registry. */
export type PackageIndex = RegistryRef & {
  /** The sweep that made it. */
  readonly id: string
  /** ISO 8601 instant. */
  readonly at: string
  /** Each is an index of some of the repositories, by its key and by the hash of its text as it is stored, in hexadecimal. */
  readonly shards: readonly { readonly key: string; readonly sha256: string }[]
  /** Repositories in it. */
  readonly repositories: number
  /** Repositories of the registry that are not in it: nothing of them could be read yet. */
  readonly unread: number
}

/** A repository by its number in the list of its registry, from 0, with what the listing tells: it is not asked for again. */
export type ListedRepository = {
  readonly n: number
  readonly repository: string
  readonly settings?: RepositorySettings | undefined
}

/** @property problem why the registry could not be listed whole, in words; null where it was */
export type ListedTarget = RegistryRef & { readonly listed: number; readonly problem: string | null }

/** What the state machine gives the one function of the sweep, and gets from it. All steps may be repeated. */
export type SweepEvent =
  /** `begun` is false where a sweep of this hour exists, or another one still runs: nothing is done then, and `why` says it. */
  | { readonly step: 'begin'; readonly scheduledTime: string; readonly execution: string }
  /** Lists a registry, reads what is in use in it, and judges the registry itself. Never fails for what AWS refuses. */
  | { readonly step: 'list'; readonly id: string; readonly target: RegistryRef }
  /** As ItemBatcher hands over a batch. */
  | {
      readonly step: 'judge'
      readonly batch: {
        readonly BatchInput: { readonly id: string; readonly target: RegistryRef }
        readonly Items: readonly ListedRepository[]
      }
    }
  | { readonly step: 'report'; readonly id: string }

export type Begun =
  | { readonly begun: true; readonly id: string; readonly targets: readonly RegistryRef[] }
  | { readonly begun: false; readonly id: string; readonly why: string; readonly targets: readonly [] }

/** `key` is that of `KEYS.repositories`, whole with its prefix, for the Distributed Map to read. */
export type Listed = {
  readonly id: string
  readonly target: RegistryRef
  readonly listed: number
  readonly key: string
}

export type JudgedBatch = { readonly repositories: number; readonly notJudged: number }
