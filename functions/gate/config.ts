import type { DeploymentConfig } from './contract.ts'

/** Put here by the bundler, from the properties of the construct. */
declare const STEWARD_CONFIG: DeploymentConfig

export const config = STEWARD_CONFIG
