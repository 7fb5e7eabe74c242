import { createHash, randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { Unreadable } from '../../functions/faults.ts'
import type { Store, Stored } from '../../functions/planning/store.ts'

/** What follows the name of a file that was replaced or removed: the number of the write, from 2. */
const GENERATION = /~(\d+)$/
const TEMPORARY = '.tmp-'

/** One write of a key. An empty one says that what was there is removed. */
type Generation = { readonly number: number; readonly path: string }

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** Durable, also as an entry of its folder. Windows knows no such thing for folders. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r')
  await handle.sync().finally(() => handle.close())
}

/** A file that is there with the whole of its text or not at all, and is never written over. @returns false where it is taken */
async function createWhole(path: string, text: string): Promise<boolean> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const temporary = join(folder, `${TEMPORARY}${randomUUID()}`)
  const handle = await open(temporary, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
    await link(temporary, path)
    if (process.platform !== 'win32') await flush(folder)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    await handle.close()
    await unlink(temporary)
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

/** The writes of a key that are still there, newest last. */
async function generationsOf(path: string): Promise<readonly Generation[]> {
  const [folder, name] = [dirname(path), basename(path)]
  return (
    (await namesIn(folder))
      // Most names of a full folder are told apart by how they begin.
      .filter((each) => each.startsWith(name) && each.replace(GENERATION, '') === name)
      .map((each) => ({ number: Number(GENERATION.exec(each)?.[1] ?? 1), path: join(folder, each) }))
      .toSorted((a, b) => a.number - b.number)
  )
}

const versionOf = (number: number, text: string): string =>
  `${number}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`

type Current = { readonly number: number; readonly stored: Stored | undefined }

async function currentOf(path: string): Promise<Current> {
  const newest = (await generationsOf(path)).at(-1)
  if (newest === undefined) return { number: 0, stored: undefined }
  try {
    const text = await readFile(newest.path, 'utf8')
    const { number } = newest
    return { number, stored: text === '' ? undefined : { text, version: versionOf(number, text) } }
  } catch (error) {
    // Superseded meanwhile, and cleared away.
    if (codeOf(error) === 'ENOENT') return currentOf(path)
    throw error
  }
}

const generationPath = (path: string, number: number): string => (number === 1 ? path : `${path}~${number}`)

/**
 * Writes generation `number`, unless somebody else did. The one before stays, so that whoever is just looking finds something.
 */
async function writeNext(path: string, number: number, text: string): Promise<boolean> {
  if (!(await createWhole(generationPath(path, number), text))) return false
  const all = await generationsOf(path)
  // Created anew where it had been superseded and cleared away: not the newest, so it counts for nothing.
  if (all.at(-1)?.number !== number) return false
  for (const old of all.filter((each) => each.number < number - 1)) await unlink(old.path).catch(() => {})
  return true
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch((error) => {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** Of each key the newest of the writes that are there. */
function newestOf(paths: readonly string[]): readonly Generation[] {
  const newest = new Map<string, Generation>()
  for (const path of paths.filter((each) => !basename(each).startsWith(TEMPORARY))) {
    const [key, number] = [path.replace(GENERATION, ''), Number(GENERATION.exec(path)?.[1] ?? 1)]
    if (number > (newest.get(key)?.number ?? 0)) newest.set(key, { number, path })
  }
  return [...newest.values()]
}

/** Whether a write left something. It is not read: all that is below a folder may be hundreds of megabytes. */
async function isThere({ path }: Generation): Promise<boolean> {
  try {
    return (await stat(path)).size > 0
  } catch (error) {
    // Superseded meanwhile, and cleared away.
    if (codeOf(error) === 'ENOENT') return (await currentOf(path.replace(GENERATION, ''))).stored !== undefined
    throw error
  }
}

/** Faults of the disk in words. */
async function told<T>(folder: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw new Unreadable(`the folder ${folder} cannot be used (${codeOf(error) ?? error})`, true, error)
  }
}

/**
 * Files of a folder, for whoever works on one machine. A write creates a file that was not there and whose number is one more
 * than that of the last: of two writers the file system lets one win, and a crash leaves the old or the new text.
 */
export function folderStore(folder: string): Store {
  const pathOf = (key: string): string => join(folder, ...key.split('/'))
  const swap = async (key: string, text: string, version: string): Promise<boolean> => {
    const { number, stored } = await currentOf(pathOf(key))
    return stored?.version === version && writeNext(pathOf(key), number + 1, text)
  }
  const create = async (key: string, text: string): Promise<boolean> => {
    const { number, stored } = await currentOf(pathOf(key))
    return stored === undefined && writeNext(pathOf(key), number + 1, text)
  }
  const list = async (prefix: string): Promise<readonly string[]> => {
    const below = await filesBelow(dirname(pathOf(`${prefix}x`)))
    const wanted = newestOf(below).filter(({ path }) => toKey(path.replace(GENERATION, '')).startsWith(prefix))
    const keys = wanted.map(async (one) => ((await isThere(one)) ? [toKey(one.path.replace(GENERATION, ''))] : []))
    return (await Promise.all(keys)).flat().toSorted()
  }
  const toKey = (path: string): string => relative(folder, path).split(sep).join('/')

  return {
    name: folder,
    read: (key) =>
      told(
        folder,
        currentOf(pathOf(key)).then(({ stored }) => stored),
      ),
    create: (key, text) => told(folder, create(key, text)),
    replace: (key, text, version) => told(folder, swap(key, text, version)),
    remove: async (key, version) => {
      const gone = async () => (await currentOf(pathOf(key))).stored === undefined
      return told(
        folder,
        swap(key, '', version).then((isOurs) => isOurs || gone()),
      )
    },
    list: (prefix) => told(folder, list(prefix)),
  }
}
