import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { configFiles, profileOf, profileRegion } from '../aws/profile.ts'
import { cacheFolder } from '../cache-folder.ts'
import type { Io } from '../io.ts'

/** How long names are taken from the file. Milliseconds. */
const FRESH = 5 * 60_000

/** How long the answer of AWS is waited for: somebody has pressed a key. Milliseconds. */
const PATIENCE = 1_000

/** Names and when they were asked for, in milliseconds since 1970. */
type Cached = { readonly at: number; readonly names: readonly string[] }

const NONE: Cached = { at: 0, names: [] }

export type Asked = { readonly region: string | undefined; readonly profile: string | undefined }

/** A file per registry and whoever asks; nothing of the credentials can be read from its name. */
function cacheFile(region: string, profile: string | undefined, env: NodeJS.ProcessEnv): string {
  const whose = [region, profile ?? '', env.AWS_ACCESS_KEY_ID ?? '', env.AWS_ENDPOINT_URL ?? ''].join('\n')
  const hash = createHash('sha256').update(whose).digest('hex').slice(0, 16)
  return join(cacheFolder(env), `repositories-${hash}.json`)
}

function readCache(file: string): Cached {
  try {
    const { at, names }: Partial<Cached> = JSON.parse(readFileSync(file, 'utf8'))
    return { at: Number(at), names: (names ?? []).filter((name) => typeof name === 'string') }
  } catch {
    return NONE
  }
}

/** Whole or not at all: two shells may write at once. What cannot be written is asked for again. */
function writeCache(file: string, cached: Cached): void {
  try {
    mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 })
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(cached), { mode: 0o600 })
    renameSync(`${file}.${process.pid}`, file)
  } catch {}
}

/** Credentials that are at hand: the metadata service of an instance would be waited for where there is none. */
const haveCredentials = (profile: string | undefined, env: NodeJS.ProcessEnv): boolean =>
  profile !== undefined ||
  Boolean(env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY) ||
  configFiles(env).some((text) => text.trim() !== '')

/** The names, or undefined where AWS does not say them in time. */
async function ask(region: string, profile: string | undefined, io: Io): Promise<readonly string[] | undefined> {
  const { listRepositories } = await import('./list-repositories.ts')
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PATIENCE, undefined)
  })
  const names = listRepositories(region, profile, io.env, PATIENCE).catch(() => undefined)
  const first = await Promise.race([names, late])
  clearTimeout(timer)
  return first
}

/**
 * Repositories of the registry that the line is about. From a file in the folder for caches where they are in it since less
 * than five minutes; where AWS does not answer, those that were there before.
 */
export async function repositoryNames(asked: Asked, io: Io): Promise<readonly string[]> {
  const profile = profileOf(asked.profile, io.env)
  const region = asked.region || io.env.AWS_REGION || io.env.AWS_DEFAULT_REGION || profileRegion(profile, io.env)
  if (!region || !/^[a-z0-9-]+$/.test(region) || !haveCredentials(profile, io.env)) return []
  const file = cacheFile(region, profile, io.env)
  const [cached, now] = [readCache(file), io.now().getTime()]
  if (now - cached.at >= 0 && now - cached.at < FRESH) return cached.names
  const names = (await ask(region, profile, io)) ?? cached.names
  writeCache(file, { at: now, names })
  return names
}
