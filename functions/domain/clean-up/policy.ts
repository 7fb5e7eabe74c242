import type { Pin } from '../in-use/use.ts'
import type { Rule } from '../lifecycle/rule.ts'

/** The lifecycle rules that the clean-up goes by in some repositories. */
export type CleanUpEntry = {
  readonly repositories: readonly string[]
  /** Path of the policy as steward.yaml names it. */
  readonly policy: string
  readonly rules: readonly Rule[]
  /** Line in steward.yaml. */
  readonly line: number
}

/** How much one plan may remove; what is beyond waits for the next plan. */
export type AtMost = {
  readonly images: number
  /** Of the images of one repository, 0 to 1. */
  readonly shareOfRepository: number
  /** Of the images of all repositories that a plan looks at, 0 to 1. */
  readonly shareOfRegistry: number
}

export type InUsePolicy = {
  /** Newest revisions of every ECS task definition family that count as use, whatever runs. */
  readonly taskDefinitions: number
  /** Regions beside the registry's own in which its images run. */
  readonly regions: readonly string[]
  /** Accounts beside the registry's own in which its images run; each is read with a role of its own. */
  readonly accounts: readonly string[]
  /** Sources that are not read, since nothing that they know of runs an image of this registry. */
  readonly ignoreSources: readonly string[]
  /** Accounts that may pull and are not read; `*` for whoever else may pull. */
  readonly ignoreAccounts: readonly string[]
  readonly pins: readonly Pin[]
}

/** The section `clean-up` of steward.yaml. */
export type CleanUpPolicy = {
  readonly mode: 'dry-run' | 'apply'
  /** As EventBridge Scheduler takes it: `cron(0 3 * * ? *)`. */
  readonly schedule: string
  /** Channels on Slack that get the report. */
  readonly slack: readonly string[]
  readonly atMost: AtMost
  /** In the order of the file: the first that matches a repository decides. */
  readonly entries: readonly CleanUpEntry[]
  readonly inUse: InUsePolicy
}
