import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { s3Folders, s3Store } from '../../functions/adapters/s3-store.ts'
import { signedSend } from '../../functions/adapters/signed-aws.ts'
import { Unreadable } from '../../functions/faults.ts'
import type { Store } from '../../functions/planning/store.ts'
import { SWEEP_PREFIX } from '../../functions/sweep/contract.ts'
import type { Session } from '../aws/session.ts'
import { folderStore } from '../clean-up/folder-store.ts'
import { below, bucketAt } from '../clean-up/open-store.ts'
import type { Io } from '../io.ts'

/** Where sweeps are kept unless told otherwise, in a folder for each account and region that they were begun from. */
export const FOLDER = '.ecr-steward/sweep'

/** Milliseconds for one attempt: a report has some megabytes. */
const TIMEOUT = 20_000

/** `2026-11-24t21` of the stack; from a terminal with minutes and seconds: `2026-11-24t21-0507`. */
const ID = /^\d{4}-\d\d-\d\dt\d\d(?:-\d{4})?$/

/** A place where sweeps are kept. */
export type SweepStore = {
  readonly store: Store
  /** Absolute, where it is a folder. */
  readonly folder?: string
  /** Ids of the sweeps in it, oldest first. @throws {Unreadable} */
  ids(): Promise<readonly string[]>
}

export const isSweepId = (name: string): boolean => ID.test(name)

const idsAmong = (names: readonly string[]): readonly string[] => names.filter(isSweepId).toSorted()

/** Names of the folders in a folder; none where it is not there. @throws {Unreadable} */
async function foldersIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return []
    throw new Unreadable(`the folder ${folder} cannot be used (${code ?? error})`, true, error)
  }
}

const inFolder = (folder: string): SweepStore => ({
  ...{ store: folderStore(folder), folder },
  ids: async () => idsAmong(await foldersIn(folder)),
})

/** A bucket of the stack has its sweeps below the prefix of the stack. */
function inBucket(place: string, { env, patience }: Pick<Session, 'env' | 'patience'>): SweepStore {
  const { bucket, prefix } = bucketAt(place)
  const [send, root] = [signedSend(env, TIMEOUT, patience), prefix || SWEEP_PREFIX]
  return { store: s3Store(send, bucket, root), ids: async () => idsAmong(await s3Folders(send, bucket, root)) }
}

export const isBucket = (place: string): boolean => place.startsWith('s3:')

/** Where the sweep of a session is kept. @throws {CommandError} for a bucket that is none */
export function storeFor(place: string | undefined, session: Session, { cwd }: Io): SweepStore {
  if (place !== undefined && isBucket(place)) return inBucket(place, session)
  return inFolder(below(resolve(cwd, place ?? FOLDER), session.registry))
}

/**
 * What of a folder holds sweeps: itself, or the folders in it of accounts and their regions.
 * @throws {Unreadable}
 */
async function storesIn(folder: string): Promise<readonly SweepStore[]> {
  if ((await inFolder(folder).ids()).length > 0) return [inFolder(folder)]
  const accounts = (await foldersIn(folder)).filter((name) => /^\d{12}$/.test(name))
  const regions = accounts.map(async (account) =>
    (await foldersIn(join(folder, account))).map((region) => inFolder(join(folder, account, region))),
  )
  return (await Promise.all(regions)).flat()
}

/**
 * The stores that a place has; a folder needs no session.
 * @throws {CommandError} for a bucket that is none
 * @throws {Unreadable}
 */
export async function storesAt(
  place: string | undefined,
  session: () => Promise<Session>,
  { cwd }: Io,
): Promise<readonly SweepStore[]> {
  if (place !== undefined && isBucket(place)) {
    bucketAt(place)
    return [inBucket(place, await session())]
  }
  return storesIn(resolve(cwd, place ?? FOLDER))
}
