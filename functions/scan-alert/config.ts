import { ENV_TABLE } from '../contract.ts'
import { ENV_TOPIC, type ScanAlertConfig } from './contract.ts'

/** Put here by the bundler, from `steward.yaml`. */
declare const STEWARD_CONFIG: ScanAlertConfig

export const { alerts } = STEWARD_CONFIG

/** Value of an environment variable that the stack sets. @throws {Error} naming all that are missing */
export function environment(): { readonly table: string; readonly topic: string } {
  const { [ENV_TABLE]: table, [ENV_TOPIC]: topic } = process.env
  if (table && topic) return { table, topic }
  const missing = [ENV_TABLE, ENV_TOPIC].filter((name) => !process.env[name])
  throw new Error(`missing environment variables: ${missing.join(', ')}`)
}
