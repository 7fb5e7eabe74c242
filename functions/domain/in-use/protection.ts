import type { RegistryRef } from '../facts/registry-facts.ts'
import type { RepositoryRef } from '../facts/repository-facts.ts'
import type { StoredImage } from '../lifecycle/image.ts'
import { matches } from '../pattern.ts'
import { fits, tokensOf } from '../wildcard.ts'
import type { Inventory, Pin, Use } from './use.ts'

export type Protection = {
  /** Who needs the image, each in words and once; nobody where it is neither used nor pinned. */
  usersOf(repository: RepositoryRef, image: Pick<StoredImage, 'digest' | 'tags'>): readonly string[]
  /** The same without those that are pinned alone. */
  runningOf(repository: RepositoryRef, image: Pick<StoredImage, 'digest' | 'tags'>): readonly string[]
  /** A sentence for each report that is not complete: what it does not say may be in use. */
  readonly blocks: readonly string[]
}

/** Someone who uses an image of another registry, which may have come there out of one of ours. */
type Downstream = { readonly by: string; readonly registry: RegistryRef }

type Index = {
  readonly byDigest: Map<string, Set<string>>
  /** By `repository:tag`. */
  readonly byTag: Map<string, Set<string>>
  /** By `repository:tag` of what a cache with a prefix of its own has it from. */
  readonly cached: Map<string, Map<string, Downstream>>
}

const keyOf = (repository: string, tag: string): string => `${repository}:${tag}`

function put(map: Map<string, Set<string>>, key: string, by: string): void {
  const users = map.get(key)
  if (users) users.add(by)
  else map.set(key, new Set([by]))
}

/** `api` and `prod/api` of `cache/prod/api`. */
function* tailsOf(path: string): Generator<string> {
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) yield path.slice(slash + 1)
}

function putCached(cached: Index['cached'], { image: { account, region, repository, tag }, by }: Use): void {
  if (tag === undefined) return
  for (const tail of tailsOf(repository)) {
    const key = keyOf(tail, tag)
    const users = cached.get(key) ?? new Map<string, Downstream>()
    cached.set(key, users.set(`${account} ${region} ${by}`, { by, registry: { account, region } }))
  }
}

function indexOf({ reports }: Inventory): Index {
  const index: Index = { byDigest: new Map(), byTag: new Map(), cached: new Map() }
  for (const use of reports.flatMap(({ uses }) => uses)) {
    const { repository, tag, digest } = use.image
    if (digest !== undefined) put(index.byDigest, digest, use.by)
    if (tag !== undefined) put(index.byTag, keyOf(repository, tag), use.by)
    putCached(index.cached, use)
  }
  return index
}

const isElsewhere = (one: RegistryRef, other: RegistryRef): boolean =>
  one.account !== other.account || one.region !== other.region

function* usersOfTag({ byTag, cached }: Index, ref: RepositoryRef, tag: string): Generator<string> {
  const key = keyOf(ref.repository, tag)
  yield* byTag.get(key) ?? []
  for (const { by, registry } of cached.get(key)?.values() ?? []) if (isElsewhere(registry, ref)) yield by
}

type ReadyPin = {
  readonly inWords: string
  isOf(repository: string): boolean
  takes(image: Pick<StoredImage, 'digest' | 'tags'>): boolean
}

function readyPin({ repositories, tags = [], digests = [], reason, line }: Pin): ReadyPin {
  const patterns = tags.map(tokensOf)
  const pinned = new Set(digests)
  const isWhole = tags.length === 0 && digests.length === 0
  return {
    inWords: `pinned in steward.yaml, line ${line}: ${reason}`,
    isOf: (repository) => repositories.some((pattern) => matches(pattern, repository)),
    takes: (image) =>
      isWhole || pinned.has(image.digest) || patterns.some((tokens) => image.tags.some((tag) => fits(tokens, tag))),
  }
}

/** The pins of a repository, found once for all of its images. */
function pinsByRepository(pins: readonly Pin[]): (repository: string) => readonly ReadyPin[] {
  const ready = pins.map(readyPin)
  const known = new Map<string, readonly ReadyPin[]>()
  return (repository) => {
    const found = known.get(repository) ?? ready.filter((pin) => pin.isOf(repository))
    known.set(repository, found)
    return found
  }
}

/**
 * What an inventory and the pins of the configuration protect. A digest is the same image in every repository of every
 * registry. A tag protects what it names in every repository of that name, whatever account and region: replicas have the
 * same name; and where a use is of another registry, in the repository that a cache there may have it from.
 */
export function createProtection(inventory: Inventory, pins: readonly Pin[]): Protection {
  const index = indexOf(inventory)
  const pinsOf = pinsByRepository(pins)
  const running = (repository: RepositoryRef, image: Pick<StoredImage, 'digest' | 'tags'>): Set<string> => {
    const users = new Set(index.byDigest.get(image.digest))
    for (const tag of image.tags) for (const by of usersOfTag(index, repository, tag)) users.add(by)
    return users
  }
  return {
    runningOf: (repository, image) => [...running(repository, image)],
    usersOf(repository, image) {
      const users = running(repository, image)
      for (const pin of pinsOf(repository.repository)) if (pin.takes(image)) users.add(pin.inWords)
      return [...users]
    },
    blocks: inventory.reports.flatMap(({ source, registry: { account, region }, incomplete }) =>
      incomplete === undefined ? [] : [`${source} in ${account}, ${region}, is not known completely: ${incomplete}`],
    ),
  }
}
