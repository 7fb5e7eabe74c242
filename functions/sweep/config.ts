import type { SweepConfig } from './contract.ts'

/** Put here by the bundler, from `steward.yaml`. */
declare const STEWARD_CONFIG: SweepConfig

export const config = STEWARD_CONFIG
