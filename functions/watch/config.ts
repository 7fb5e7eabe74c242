import type { WatchConfig } from './contract.ts'

/** Put here by the bundler, from `steward.yaml`. */
declare const STEWARD_CONFIG: WatchConfig

export const config = STEWARD_CONFIG
