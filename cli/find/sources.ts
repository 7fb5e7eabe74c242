import { readdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import * as v from 'valibot'
import { Unreadable } from '../../functions/faults.ts'
import type { Store } from '../../functions/planning/store.ts'
import { PACKAGE_INDEXES, type PackageIndex } from '../../functions/sweep/contract.ts'
import { unpacked } from '../../functions/sweep/packed.ts'
import { openSession } from '../aws/session.ts'
import { CommandError } from '../command-error.ts'
import { nearPath } from '../configuration.ts'
import type { Io } from '../io.ts'
import { FOLDER, isBucket, storesAt } from '../sweep/stores.ts'
import { copiedShards } from './local-copy.ts'

/** Texts of indexes, one after the other, and what they lack. */
export type Source = {
  readonly texts: AsyncIterable<string>
  /** Repositories that are not in them. */
  readonly unread: number
}

/** Bytes of a file, unpacked. */
const MOST = 1_000_000_000

const IndexSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    ...{ id: v.string(), account: v.string(), region: v.string(), at: v.string() },
    shards: v.array(v.object({ key: v.string(), sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) })),
    ...{ repositories: v.number(), unread: v.number() },
  }),
)

/** As it is, or packed as the sweep or gzip does. */
function textIn(bytes: Buffer): string {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  if (isGzip) return gunzipSync(bytes, { maxOutputLength: MOST }).toString('utf8')
  const text = bytes.toString('utf8')
  return text.startsWith('H4sI') ? unpacked(text) : text
}

async function* filesAt(path: string): AsyncGenerator<string> {
  const isFolder = (await stat(path)).isDirectory()
  if (!isFolder) return yield path
  for (const name of (await readdir(path)).toSorted()) if (/\.jsonl(?:\.gz)?$/.test(name)) yield join(path, name)
}

async function* readFiles(paths: readonly string[], io: Io): AsyncGenerator<string> {
  for (const path of paths) {
    const at = resolve(io.cwd, path)
    try {
      let files = 0
      for await (const file of filesAt(at)) {
        files += 1
        yield textIn(await readFile(file))
      }
      if (files === 0) throw new Unreadable('no file of it ends in .jsonl or .jsonl.gz', true, at)
    } catch (error) {
      const why = error instanceof Unreadable ? error.message : (error as NodeJS.ErrnoException).code
      if (why === undefined) throw error
      throw new CommandError('usage', `${nearPath(at, io)} cannot be read as an index: ${why}.`)
    }
  }
}

async function indexesIn(store: Store): Promise<readonly PackageIndex[]> {
  const keys = await store.list(PACKAGE_INDEXES)
  return Promise.all(
    keys.map(async (key) => {
      const parsed = v.safeParse(IndexSchema, (await store.read(key))?.text)
      if (parsed.success) return parsed.output
      throw new Unreadable(`${store.name}/${key} is not what a sweep writes`, true, parsed.issues)
    }),
  )
}

type Held = { readonly store: Store; readonly index: PackageIndex; readonly isBucket: boolean }

async function* shards(held: readonly Held[], { env }: Io): AsyncGenerator<string> {
  for (const { store, index, isBucket } of held) {
    if (isBucket) yield* copiedShards(store, index, env)
    else for (const { key } of index.shards) yield unpacked((await store.read(key))?.text ?? '')
  }
}

export type SourceOptions = {
  readonly store: string | undefined
  readonly index: readonly string[]
  readonly region: string | undefined
  readonly profile: string | undefined
}

/**
 * Where the answer comes from: files that are named, or the store of the sweep.
 * @throws {CommandError} where there is no index
 * @throws {Unreadable} where a store cannot be read
 */
export async function openSource(options: SourceOptions, io: Io): Promise<Source> {
  if (options.index.length > 0) return { texts: readFiles(options.index, io), unread: 0 }
  const place = options.store ?? FOLDER
  const stores = await storesAt(place, () => openSession({ ...options, rate: undefined, verbose: false }, io), io)
  const all = await Promise.all(
    stores.map(async ({ store }) =>
      (await indexesIn(store)).map((index): Held => ({ store, index, isBucket: isBucket(place) })),
    ),
  )
  const held = all.flat()
  if (held.length > 0)
    return { texts: shards(held, io), unread: held.reduce((sum, { index }) => sum + index.unread, 0) }
  throw new CommandError(
    'usage',
    `There is no index of packages in ${place}.`,
    'The sweep keeps one where steward.yaml says packages: attached under sweep; --store says where it is, as s3://BUCKET of the stack.',
  )
}
