import type { ScanAlertConfig } from './contract.ts'

/** Put here by the bundler, from `steward.yaml`. */
declare const STEWARD_CONFIG: ScanAlertConfig

export const config = STEWARD_CONFIG
