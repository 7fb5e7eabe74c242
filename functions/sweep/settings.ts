import { ENV_TOPIC } from '../contract.ts'
import {
  ENV_BUCKET,
  ENV_CHANGE_QUEUE,
  ENV_EXTERNAL_ID,
  ENV_PUSH_QUEUE,
  ENV_SBOM_KEY,
  ENV_SCAN_QUEUE,
} from './contract.ts'
import type { Queues } from './ports.ts'

/** What the function finds in its environment; a use case that is not in the stack has no queue. */
export type Settings = {
  readonly bucket: string
  readonly topic: string
  /** Their addresses. */
  readonly queues: Readonly<Record<keyof Queues, string | undefined>>
  readonly externalId: string | undefined
  /** ARN of the key that Inspector encrypts SBOMs with; undefined where it is not asked for any. */
  readonly sbomKey: string | undefined
}

/** What the stack and Lambda itself set. @throws {Error} naming all that are missing */
export function settings(): Settings {
  const { [ENV_BUCKET]: bucket, [ENV_TOPIC]: topic, ...rest } = process.env
  if (!bucket || !topic) {
    const missing = [ENV_BUCKET, ENV_TOPIC].filter((name) => !process.env[name])
    throw new Error(`missing environment variables: ${missing.join(', ')}`)
  }
  const ifAny = (name: string): string | undefined => rest[name] || undefined
  return {
    ...{ bucket, topic, externalId: ifAny(ENV_EXTERNAL_ID), sbomKey: ifAny(ENV_SBOM_KEY) },
    queues: { scans: ifAny(ENV_SCAN_QUEUE), pushes: ifAny(ENV_PUSH_QUEUE), changes: ifAny(ENV_CHANGE_QUEUE) },
  }
}
