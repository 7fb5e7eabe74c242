import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import type { Protection } from '../domain/in-use/protection.ts'
import { contentsOfImage, type KnownContents, NONE } from '../domain/supply-chain/package-index/contents.ts'
import type { ImageContents, IndexedImage, IndexedPackage } from '../domain/supply-chain/package-index/entry.ts'
import { NotAnIndex, readIndex } from '../domain/supply-chain/package-index/read.ts'
import { createIndexWriter, type IndexWriter } from '../domain/supply-chain/package-index/write.ts'
import { Gone, Unreadable } from '../faults.ts'
import type { ListedImage } from '../judging/repository-images.ts'
import type { Store } from '../planning/store.ts'
import type { ImageReader } from '../policy/reader.ts'
import { KEYS } from './contract.ts'
import type { ExportedSboms } from './exported-sboms.ts'
import { put } from './kept.ts'

/** SBOMs that are read side by side: each may have megabytes. */
export const SBOMS_AT_ONCE = 4
/** Images of a batch whose SBOMs are read in one sweep: a batch has its time. The next sweep reads on. */
const MOST_READ = 2_000

/** How the SBOMs of a batch are read, whatever the repository. */
export type SbomReading = {
  readonly limit: <T>(work: () => Promise<T>) => Promise<T>
  /** @returns whether one more may be read */
  take(): boolean
  /** What is known of an image that carries none; undefined where nobody else has one. */
  readonly exported: ExportedSboms | undefined
}

export function sbomReading(
  limit: SbomReading['limit'],
  exported?: SbomReading['exported'],
  most = MOST_READ,
): SbomReading {
  let left = most
  return { limit, take: () => left-- > 0, exported }
}

/** Collects the packages of one repository. */
export type PackagePart = {
  /** Whether an image belongs there: one with a tag, and one that is used without. */
  wants(image: ListedImage): boolean
  /** Reads its SBOMs, unless an earlier sweep did: what cannot be read is said of the image. */
  add(image: ListedImage, reader: Pick<ImageReader, 'manifest' | 'sboms'>): Promise<void>
  /** To be called where all images were added: it takes the place of what an earlier sweep has written. */
  save(owner: string): Promise<void>
}

type Row = { readonly image: IndexedImage; readonly contents: ImageContents }

/** Images of a part of which all is known, by their digests. What cannot be understood is as nothing. */
function knownIn(text: string): ReadonlyMap<string, readonly KnownContents[]> {
  const [packages, known, open]: [IndexedPackage[], Map<string, KnownContents[]>, Set<string>] = [
    [],
    new Map(),
    new Set(),
  ]
  try {
    for (const entry of readIndex(text)) {
      if (entry.kind === 'package') packages.push(entry.package)
      if (entry.kind !== 'image') continue
      const { digest, manifest, platform } = entry.image
      if ('without' in entry.contents) open.add(digest)
      else {
        const contents = { packages: entry.contents.numbers.map((number) => packages[number] as IndexedPackage) }
        known.set(digest, [...(known.get(digest) ?? []), { manifest, platform, contents }])
      }
    }
  } catch (error) {
    if (!(error instanceof NotAnIndex)) throw error
    return new Map()
  }
  for (const digest of open) known.delete(digest)
  return known
}

type Uses = (digest: string, tags: readonly string[]) => readonly string[] | undefined

/** Nobody is known to use what nobody was asked about, or not everybody. */
function usesIn(protection: Protection | undefined, ref: RepositoryRef): Uses {
  return (digest, tags) => {
    if (!protection) return undefined
    const users = protection.runningOf(ref, { digest, tags })
    return users.length === 0 && protection.blocks.length > 0 ? undefined : users
  }
}

/** What runs a platform may name its index, or itself. */
function usersOf(uses: Uses, { ref, stored }: ListedImage, manifest: string | undefined): IndexedImage['users'] {
  const users = uses(stored.digest, ref.tags)
  const own = manifest === undefined ? users : uses(manifest, [])
  return users && own ? [...new Set([...users, ...own])] : (users ?? own)
}

const newestFirst = ({ image: one }: Row, { image: other }: Row): number =>
  other.pushedAt.localeCompare(one.pushedAt) || one.digest.localeCompare(other.digest)

/** Platforms of an index that are used by themselves are there with their index. */
function withoutTwice(rows: readonly Row[]): readonly Row[] {
  const platforms = new Set(rows.map(({ image }) => image.manifest))
  return rows.filter(({ image }) => image.tags.length > 0 || !platforms.has(image.digest))
}

const LATER = 'there were too many at once, and the next sweep reads on'

/** What it carries, and where it carries none what others have exported. */
async function sbomsOf(
  { ref, detail }: ListedImage,
  reader: Pick<ImageReader, 'sboms'>,
  exported: SbomReading['exported'],
): Promise<readonly KnownContents[]> {
  const all: KnownContents[] = []
  for (const one of contentsOfImage(await reader.sboms(ref))) {
    const isBare = exported && 'without' in one.contents && one.contents.without === NONE
    const image = { ...ref, digest: one.manifest ?? ref.digest, pushedAt: detail.pushedAt }
    all.push(isBare ? { ...one, contents: await exported(image) } : one)
  }
  return all
}

async function readContents(
  image: ListedImage,
  reader: Pick<ImageReader, 'manifest' | 'sboms'>,
  { limit, take, exported }: SbomReading,
): Promise<readonly KnownContents[]> {
  const { ref } = image
  try {
    const manifest = await reader.manifest(ref)
    // A chart has no packages, and a signature none either.
    if (manifest.kind === 'artifact') return []
    if (!take()) return [{ contents: { without: LATER } }]
    return await limit(() => sbomsOf(image, reader, exported))
  } catch (error) {
    if (error instanceof Gone) return []
    if (!(error instanceof Unreadable)) throw error
    return [{ contents: { without: `its SBOM cannot be read: ${error.message}` } }]
  }
}

export type PartDeps = {
  readonly store: Store
  readonly protection: Protection | undefined
  readonly reading: SbomReading
  /** Of the sweep. */
  readonly now: Date
}

/**
 * What is known of the packages of a repository. An image whose SBOMs an earlier sweep has read is not read again, since a
 * digest never comes to mean something else; one without an SBOM is looked at again, since one may be attached later.
 * @throws {Unreadable} where the store cannot be read
 */
export async function openPart(
  ref: RepositoryRef,
  { store, protection, reading, now }: PartDeps,
): Promise<PackagePart> {
  const key = KEYS.packagesOf(ref)
  const known = knownIn((await store.read(key))?.text ?? '')
  const uses = usesIn(protection, ref)
  const [writer, rows]: [IndexWriter, Row[]] = [createIndexWriter(), []]
  return {
    wants: ({ ref: { digest, tags }, stored }) =>
      stored.status === 'ACTIVE' && (tags.length > 0 || (uses(digest, tags) ?? []).length > 0),
    async add(image, reader) {
      const { digest, tags } = image.ref
      const all = known.get(digest) ?? (await readContents(image, reader, reading))
      for (const { manifest, platform, contents } of all) {
        const users = usersOf(uses, image, manifest)
        const named = { ...(manifest !== undefined && { manifest }), ...(platform !== undefined && { platform }) }
        const one = { digest, ...named, tags, pushedAt: image.detail.pushedAt, ...(users && { users }) }
        // At once: what else an SBOM says is not kept.
        const inNumbers = 'without' in contents ? contents : { numbers: contents.packages.map(writer.numberOf) }
        rows.push({ image: one, contents: inNumbers })
      }
    },
    async save(owner) {
      writer.repository({ ...ref, owner, at: now.toISOString() })
      for (const { image, contents } of withoutTwice(rows).toSorted(newestFirst)) writer.image(image, contents)
      await put(store, key, writer.text())
    },
  }
}
