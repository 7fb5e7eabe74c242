import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { registryKey } from '../../functions/domain/registry.ts'
import { Unreadable } from '../../functions/faults.ts'
import type { Store } from '../../functions/planning/store.ts'
import type { PackageIndex } from '../../functions/sweep/contract.ts'
import { unpacked } from '../../functions/sweep/packed.ts'
import { cacheFolder } from '../cache-folder.ts'

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A copy counts only where it is what the index says: whoever could write there cannot change an answer. */
async function readCopy(path: string, sha256: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text !== undefined && hashOf(text) === sha256 ? text : undefined
}

/** Whole or not at all. What cannot be kept is read again the next time. */
async function keepCopy(path: string, text: string): Promise<void> {
  try {
    await writeFile(`${path}.${process.pid}`, text, { mode: 0o600 })
    await rename(`${path}.${process.pid}`, path)
  } catch {}
}

/** Copies of indexes that were replaced are of no use to anybody. */
async function forgetOthers(folder: string, wanted: ReadonlySet<string>): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names) if (!wanted.has(name)) await rm(join(folder, name), { force: true })
}

/** @throws {Unreadable} where it is not there, or not what the index says */
async function readShard(store: Store, { key, sha256 }: PackageIndex['shards'][number]): Promise<string> {
  const text = (await store.read(key))?.text
  if (text === undefined) throw new Unreadable(`${key} is no longer there; the next sweep makes a new index`, true, key)
  if (hashOf(text) !== sha256) throw new Unreadable(`${key} is not what its index says`, false, key)
  return text
}

/**
 * Shards of an index, one after the other: from the folder for caches where they are there, which they are by their hashes.
 * @throws {Unreadable}
 */
export async function* copiedShards(store: Store, index: PackageIndex, env: NodeJS.ProcessEnv): AsyncGenerator<string> {
  const folder = join(cacheFolder(env), 'packages', hashOf(`${store.name} ${registryKey(index)}`).slice(0, 16))
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => undefined)
  for (const shard of index.shards) {
    const path = join(folder, shard.sha256)
    const copy = await readCopy(path, shard.sha256)
    const text = copy ?? (await readShard(store, shard))
    if (copy === undefined) await keepCopy(path, text)
    yield unpacked(text)
  }
  await forgetOthers(folder, new Set(index.shards.map(({ sha256 }) => sha256)))
}
