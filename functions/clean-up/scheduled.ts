import { ENV_TOPIC } from '../contract.ts'
import { ENV_BUCKET } from './contract.ts'

/** What the function finds in its environment. */
export type Settings = { readonly bucket: string; readonly topic: string }

/** What the stack and Lambda itself set. @throws {Error} naming all that are missing */
export function settings(): Settings {
  const { [ENV_BUCKET]: bucket, [ENV_TOPIC]: topic } = process.env
  if (bucket && topic) return { bucket, topic }
  const missing = [ENV_BUCKET, ENV_TOPIC].filter((name) => !process.env[name])
  throw new Error(`missing environment variables: ${missing.join(', ')}`)
}

/** The time that a run is for. @throws {Error} where Scheduler, or whoever starts it by hand, names none */
export function scheduledTime(event: unknown): Date {
  const { scheduledTime: text } = (event ?? {}) as { readonly scheduledTime?: unknown }
  const time = new Date(typeof text === 'string' ? text : Number.NaN)
  if (!Number.isNaN(time.getTime())) return time
  throw new Error('the event has no scheduledTime, expected {"scheduledTime": "2026-11-28T03:00:00Z"}')
}
