import { ENV_TABLE, ENV_TOPIC } from './contract.ts'

/** What a function that tells people of events finds in its environment. */
export type Environment = { readonly table: string; readonly topic: string; readonly region: string }

/** What the stack and Lambda itself set. @throws {Error} naming all that are missing */
export function environment(): Environment {
  const { [ENV_TABLE]: table, [ENV_TOPIC]: topic, AWS_REGION: region } = process.env
  if (table && topic && region) return { table, topic, region }
  const missing = [ENV_TABLE, ENV_TOPIC, 'AWS_REGION'].filter((name) => !process.env[name])
  throw new Error(`missing environment variables: ${missing.join(', ')}`)
}
