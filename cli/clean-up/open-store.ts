import { resolve } from 'node:path'
import { show } from '../../config/fault.ts'
import { s3Store } from '../../functions/adapters/s3-store.ts'
import { signedSend } from '../../functions/adapters/signed-aws.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import type { Store } from '../../functions/planning/store.ts'
import type { Session } from '../aws/session.ts'
import { CommandError } from '../command-error.ts'
import type { Io } from '../io.ts'
import { folderStore } from './folder-store.ts'

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/

/** Milliseconds for one attempt: a plan has some megabytes at most. */
const TIMEOUT = 20_000

/** Below the registry's own prefix; who names it already, as the stack and its messages do, means the same. */
export const below = (place: string, { account, region }: RegistryRef): string => {
  const own = `${account}/${region}`
  const path = place.replace(/\/+$/, '')
  if (path === own || path.endsWith(`/${own}`)) return path
  return path === '' ? own : `${path}/${own}`
}

/** Bucket and prefix, without a slash at its end, of `s3://BUCKET/PREFIX`. @throws {CommandError} for a bucket that is none */
export function bucketAt(place: string): { readonly bucket: string; readonly prefix: string } {
  const [, bucket, prefix = ''] = BUCKET.exec(place) ?? []
  if (bucket !== undefined) return { bucket, prefix: prefix.replace(/\/+$/, '') }
  throw new CommandError('usage', `${show(place, 200)} is no bucket.`, 'Expected: s3://BUCKET/PREFIX, or a folder.')
}

/**
 * The store that is meant, of the registry of the session.
 * @throws {CommandError} for a bucket that is none
 */
export function openStore(place: string, { registry, env, patience }: Session, { cwd }: Io): Store {
  if (!place.startsWith('s3:')) return folderStore(below(resolve(cwd, place), registry))
  const { bucket, prefix } = bucketAt(place)
  return s3Store(signedSend(env, TIMEOUT, patience), bucket, below(prefix, registry))
}
