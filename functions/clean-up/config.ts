import type { CleanUpConfig } from './contract.ts'

/** Put here by the bundler, from `steward.yaml`. */
declare const STEWARD_CONFIG: CleanUpConfig

export const config = STEWARD_CONFIG
