import { imageKey } from '../../image.ts'
import type { IndexEntry, IndexedImage, IndexedPackage, IndexedRepository, Without } from './entry.ts'
import { readIndex } from './read.ts'

/** Whether a package is what is looked for; `unknown` where its version does not tell. */
export type Match = 'yes' | 'no' | 'unknown'

export type FoundPackage = IndexedPackage & { readonly match: Exclude<Match, 'no'> }

/** An image, or a platform of one, and what of it is what was looked for. */
export type FoundImage = IndexedRepository & IndexedImage & { readonly packages: readonly FoundPackage[] }

/** An image, or a platform of one, of which nothing is known. */
export type MissingImage = IndexedRepository & IndexedImage & Without

/** What an index answers. Images are counted once, whatever their platforms. */
export type Answer = {
  readonly found: readonly FoundImage[]
  readonly missing: readonly MissingImage[]
  /** Images of which it is known what is in them, on every platform. */
  readonly covered: number
  /** Images that are not among these. */
  readonly uncovered: number
  /** ISO 8601 instant at which the repository that was not read for longest was read; undefined where there is none. */
  readonly oldest?: string | undefined
}

type ImageEntry = Extract<IndexEntry, { readonly kind: 'image' }>
/** Packages that are looked for, by their numbers. */
type Hits = Map<number, FoundPackage>

/**
 * Looks through indexes for packages, one index after the other, and holds nothing but what it found.
 * @param isAsked whether an image is looked at; the others are not counted either
 */
export function createSearch(
  matchOf: (one: IndexedPackage) => Match,
  isAsked: (image: IndexedImage) => boolean = () => true,
) {
  const [found, missing]: [FoundImage[], MissingImage[]] = [[], []]
  const [all, uncovered] = [new Set<string>(), new Set<string>()]
  let oldest: string | undefined

  function addImage({ repository, image, contents }: ImageEntry, hits: Hits): void {
    if (!isAsked(image)) return
    const one = { ...repository, ...image }
    const key = imageKey(one)
    all.add(key)
    if ('without' in contents) {
      uncovered.add(key)
      missing.push({ ...one, without: contents.without })
      return
    }
    const packages = contents.numbers.flatMap((number) => hits.get(number) ?? [])
    if (packages.length > 0) found.push({ ...one, packages })
  }

  return {
    /** @throws {NotAnIndex} */
    add(text: string): void {
      const hits: Hits = new Map()
      let known = 0
      for (const entry of readIndex(text)) {
        if (entry.kind === 'image') addImage(entry, hits)
        else if (entry.kind === 'repository') {
          const { at } = entry.repository
          if (oldest === undefined || at < oldest) oldest = at
        } else {
          const match = matchOf(entry.package)
          if (match !== 'no') hits.set(known, { ...entry.package, match })
          known += 1
        }
      }
    },
    end: (): Answer => ({ found, missing, covered: all.size - uncovered.size, uncovered: uncovered.size, oldest }),
  }
}
