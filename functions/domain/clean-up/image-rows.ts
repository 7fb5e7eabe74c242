import { IdColumn, NumberColumn } from '../lifecycle/columns/numbers.ts'
import type { StoredImage } from '../lifecycle/image.ts'
import type { Verdicts } from '../lifecycle/verdicts.ts'
import { DigestRows } from './digest-rows.ts'
import { aboutOf, type HeldImage, mayBeIndex } from './image-graph.ts'

/** What many images have in common. */
type Kind = Pick<StoredImage, 'status' | 'mediaType'> & {
  readonly id: number
  readonly isTagged: boolean
  /** Whether a tag says that it is about an image. */
  readonly isAbout: boolean
  readonly mayBeIndex: boolean
}

/** Stands for never. */
const NEVER = Number.NEGATIVE_INFINITY

/**
 * The images of a repository, in columns: about 70 bytes each. Of tags and sizes nothing is held: the verdicts of the rules
 * have them, in the same order.
 */
export class ImageRows {
  readonly digests = new DigestRows()
  /** Digests of what rows are about, by row. */
  readonly subjects = new Map<number, string>()
  readonly #pushes = new NumberColumn()
  readonly #pulls = new NumberColumn()
  readonly #ids = new IdColumn()
  readonly #kinds: Kind[] = []
  readonly #kindOf = new Map<string, Kind>()

  get size(): number {
    return this.digests.size
  }

  /** Takes in those that are not there yet. @returns them */
  add(page: readonly StoredImage[]): readonly StoredImage[] {
    const inPage = new Set<string>()
    const fresh = page.filter(
      ({ digest }) => inPage.size < inPage.add(digest).size && this.digests.rowOf(digest) === undefined,
    )
    let row = this.size
    this.digests.push(fresh.map(({ digest }) => digest))
    for (const image of fresh) this.#set(row++, image)
    return fresh
  }

  kindOf(row: number): Kind {
    return this.#kinds[this.#ids.get(row)] as Kind
  }

  /** Milliseconds since 1970. */
  pushedAt(row: number): number {
    return this.#pushes.get(row)
  }

  imageOf(row: number, verdicts: Verdicts): HeldImage {
    const { status, mediaType, isTagged } = this.kindOf(row)
    const pulledAt = this.#pulls.get(row)
    return {
      digest: this.digests.get(row),
      // Reading tags takes time.
      tags: isTagged ? verdicts.tagsOf(row) : [],
      pushedAt: this.#pushes.get(row),
      pulledAt: pulledAt === NEVER ? undefined : pulledAt,
      ...{ status, mediaType, sizeInBytes: verdicts.sizeOf(row), subject: this.subjects.get(row) },
    }
  }

  #set(row: number, image: StoredImage): void {
    this.#pushes.set(row, image.pushedAt)
    this.#pulls.set(row, image.pulledAt ?? NEVER)
    this.#ids.set(row, this.#known(image).id)
    if (image.subject !== undefined) this.subjects.set(row, image.subject)
  }

  #known(image: StoredImage): Kind {
    const { status, mediaType, tags } = image
    const [isTagged, isAbout] = [tags.length > 0, tags.some((tag) => aboutOf(tag) !== undefined)]
    const key = `${status} ${isTagged} ${isAbout} ${mediaType === undefined ? 'none' : `of ${mediaType}`}`
    const known = this.#kindOf.get(key)
    if (known) return known
    const kind = { id: this.#kinds.length, status, mediaType, isTagged, isAbout, mayBeIndex: mayBeIndex(image) }
    this.#kinds.push(kind)
    this.#kindOf.set(key, kind)
    return kind
  }
}
