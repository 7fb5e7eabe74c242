import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { registryKey } from '../domain/registry.ts'
import { frequencyFor } from '../domain/scanning.ts'
import {
  type AskedExports,
  type Bare,
  isBare,
  NEVER_ASKED,
  toAsk,
  whenAsked,
  whenEnded,
} from '../domain/supply-chain/package-index/exports.ts'
import { readIndex } from '../domain/supply-chain/package-index/read.ts'
import { Unreadable } from '../faults.ts'
import type { Store } from '../planning/store.ts'
import { KEYS } from './contract.ts'
import { put, readJson } from './kept.ts'
import type { RegistryAccess, SbomExporter } from './ports.ts'

const askedOf = async (store: Store, registry: RegistryRef): Promise<AskedExports> =>
  (await readJson<AskedExports>(store, KEYS.askedExports(registry))) ?? NEVER_ASKED

const remember = (store: Store, registry: RegistryRef, asked: AskedExports): Promise<void> =>
  put(store, KEYS.askedExports(registry), JSON.stringify(asked))

/** What it says for good is an end; what it may say otherwise next time is none. */
async function endOf(exporter: SbomExporter, id: string): ReturnType<SbomExporter['end']> {
  try {
    return await exporter.end(id)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return error.permanent ? { problem: error.message } : undefined
  }
}

/**
 * Sees whether the export that runs has ended. Until then it is asked for nothing else.
 * @throws {Unreadable} where the store cannot be reached; what Inspector refuses is remembered as the reason
 */
export async function settleExport(store: Store, registry: RegistryRef, exporter: SbomExporter): Promise<void> {
  const asked = await askedOf(store, registry)
  const end = asked.running && (await endOf(exporter, asked.running.id))
  if (end) await remember(store, registry, whenEnded(asked, end.problem))
}

/** Images that carry no SBOM, as the indexes of a sweep name them: of each repository the newest, for it is asked for by its name. */
export function collectBare() {
  const found = new Map<string, Map<string, Bare>>()
  const add = (registry: RegistryRef, image: Bare): void => {
    const key = registryKey(registry)
    const known = found.get(key) ?? new Map<string, Bare>()
    const before = known.get(image.repository)
    if (before === undefined || before.pushedAt < image.pushedAt) known.set(image.repository, image)
    found.set(key, known)
  }
  return {
    /** @param text of an index */
    onShard(text: string): void {
      for (const entry of readIndex(text)) {
        if (entry.kind !== 'image' || !('without' in entry.contents) || !isBare(entry.contents.without)) continue
        const { repository, image } = entry
        add(repository, { repository: repository.repository, pushedAt: image.pushedAt })
      }
    },
    of: (registry: RegistryRef): readonly Bare[] => [...(found.get(registryKey(registry))?.values() ?? [])],
  }
}

export type Asking = {
  readonly store: Store
  readonly access: Pick<RegistryAccess, 'exporter' | 'readers'>
  readonly now: Date
}

/** Those that Inspector watches, so that it has SBOMs of them. */
async function watched(registry: RegistryRef, names: readonly string[], { access }: Asking) {
  const scanning = await access.readers.registry.scanning(registry)
  if (scanning.scanType !== 'ENHANCED') return []
  return names.filter((name) => frequencyFor(scanning, name) === 'CONTINUOUS_SCAN')
}

/**
 * Asks Inspector for SBOMs of images that carry none: those of its own region, which it watches continuously, once. It exports
 * on its own time; the next sweep reads what it has put into the store.
 * @returns what came of it, in words; undefined where there was nothing to ask for
 * @throws {Unreadable} where the store cannot be reached, or it cannot be read how the registry scans
 * @see https://docs.aws.amazon.com/inspector/v2/APIReference/API_CreateSbomExport.html
 */
export async function askForSboms(
  registry: RegistryRef,
  images: readonly Bare[],
  asking: Asking,
): Promise<string | undefined> {
  const { store, access, now } = asking
  if (!access.exporter || images.length === 0) return undefined
  const asked = await askedOf(store, registry)
  const wanted = toAsk(images, asked, now)
  const repositories = wanted.length === 0 ? [] : await watched(registry, wanted, asking)
  if (repositories.length === 0) return undefined
  try {
    const id = await access.exporter.begin(repositories)
    await remember(store, registry, whenAsked(asked, { id, at: now.toISOString(), repositories }))
    return `Inspector was asked for SBOMs; repositories with images that carry none: ${repositories.length}`
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    await remember(store, registry, whenEnded({ ended: asked.ended }, error.message))
    return `Inspector was not asked for SBOMs: ${error.message}`
  }
}
