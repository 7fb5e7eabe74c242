import type { PushCheckConfig } from './contract.ts'

/** Put here by the bundler, from `steward.yaml`. */
declare const STEWARD_CONFIG: PushCheckConfig

export const config = STEWARD_CONFIG
