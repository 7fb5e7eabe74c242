import { matches } from './pattern.ts'
import type { Severity } from './severity.ts'

/** One entry of `alerts` in `steward.yaml`: who is told what about which repositories. */
export type AlertPolicy = {
  /** Patterns: `*` stays within one path segment, `**` crosses. */
  readonly repositories: readonly string[]
  /** Lowest severity that is worth a message. */
  readonly threshold: Severity
  /** Names under `channels` that get it on Slack. */
  readonly slack: readonly string[]
}

/** The first entry with a pattern that matches the repository; `undefined`: nobody wants to be told about it. */
export const policyFor = (policies: readonly AlertPolicy[], repository: string): AlertPolicy | undefined =>
  policies.find(({ repositories }) => repositories.some((pattern) => matches(pattern, repository)))
