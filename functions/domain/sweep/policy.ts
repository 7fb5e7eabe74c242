import type { Severity } from '../severity.ts'

/** A package whose coming is told. */
export type WatchFor = {
  /** `maven/log4j-core <2.17.1`: as `packageQuery` reads it. */
  readonly package: string
  /** Names under `channels` that are told on Slack. */
  readonly slack: readonly string[]
  /** For whoever reads the message. */
  readonly reason?: string | undefined
}

/**
 * SBOMs that an index of packages is made of: those that are `attached` to images, and for images that carry none those that
 * Inspector exports.
 */
export const PACKAGE_SOURCES = ['attached', 'attached-else-inspector'] as const
export type PackageSource = (typeof PACKAGE_SOURCES)[number]

/** What the section `sweep` of steward.yaml asks for, defaults filled in. */
export type SweepPolicy = {
  /** Of EventBridge Scheduler, in UTC: `cron(0 21 * * ? *)`. */
  readonly schedule: string
  /** Beside the region of the stack. */
  readonly regions: readonly string[]
  /** Beside the account of the stack: each has the member stack. */
  readonly accounts: readonly string[]
  /** Names under `channels` that get the digest on Slack. */
  readonly slack: readonly string[]
  /** Key of the repository tag that names the owner; without the tag, the first segment of the repository's name does. */
  readonly ownerTag: string
  /** Days within which a finding of a severity has to go; a severity without days has none. */
  readonly sla: Readonly<Partial<Record<Severity, number>>>
  /** Calls per second and operation that are asked for of a registry; undefined: as many as AWS grants. */
  readonly rate?: number | undefined
  /** Whose SBOMs the index of packages is made of; undefined where there is none. */
  readonly packages?: PackageSource | undefined
  /** Told when they show up in the index; undefined: nothing. */
  readonly watchFor?: readonly WatchFor[] | undefined
  /** Whether findings are sent to Security Hub. */
  readonly securityHub: boolean
}
