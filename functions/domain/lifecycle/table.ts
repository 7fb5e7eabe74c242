import { DigestColumn } from './columns/digests.ts'
import { IdColumn, NumberColumn } from './columns/numbers.ts'
import { TagColumn } from './columns/tags.ts'
import { type Combination, Combinations } from './combinations.ts'
import type { StoredImage } from './image.ts'
import type { Count, Rule } from './rule.ts'

/** Images that are taken in at once. */
const PART = 1_024

export type AgeType = Exclude<Count['type'], 'imageCountMoreThan'>

/** When it came, to this storage: a restored image is as young as its restoration. */
const arrival = ({ pushedAt, activatedAt }: StoredImage): number => activatedAt ?? pushedAt

/** From when on days without a pull count. */
const lastPull = ({ pushedAt, pulledAt, activatedAt }: StoredImage): number =>
  Math.max(pulledAt ?? pushedAt, activatedAt ?? Number.NEGATIVE_INFINITY)

/** When it came into the archive; never over where nobody says. */
const archival = ({ archivedAt }: StoredImage): number => archivedAt ?? Number.POSITIVE_INFINITY

/** All that verdicts are made of, in columns: about 60 bytes an image. */
export class ImageTable {
  readonly digests = new DigestColumn()
  readonly tags = new TagColumn()
  readonly sizes = new NumberColumn()
  /** Digests that rows are about. */
  readonly subjects = new Map<number, string>()
  /** Rows that were in the archive. */
  readonly restored = new Set<number>()
  readonly #arrivals = new NumberColumn()
  /** Only where a rule counts from there. */
  readonly #pulls: NumberColumn | undefined
  readonly #archivals: NumberColumn | undefined
  readonly #ids = new IdColumn()
  readonly #combinations: Combinations

  /** Rules in the order of their priority. */
  constructor(rules: readonly Rule[]) {
    this.#combinations = new Combinations(rules)
    const counts = (type: AgeType) => rules.some(({ count }) => count.type === type)
    this.#pulls = counts('sinceImagePulled') ? new NumberColumn() : undefined
    this.#archivals = counts('sinceImageTransitioned') ? new NumberColumn() : undefined
  }

  push(images: readonly StoredImage[]): void {
    for (let from = 0; from < images.length; from += PART) this.#pushPart(images.slice(from, from + PART))
  }

  combinationOf(row: number): Combination {
    return this.#combinations.get(this.#ids.get(row))
  }

  arrivalOf(row: number): number {
    return this.#arrivals.get(row)
  }

  /** What a rule counts days from. Milliseconds since 1970; infinite where it is not known. */
  since(row: number, type: AgeType): number {
    if (type === 'sinceImagePushed') return this.#arrivals.get(row)
    return ((type === 'sinceImagePulled' ? this.#pulls : this.#archivals) as NumberColumn).get(row)
  }

  /** Newest first; of the same instant, the smaller digest is the newer. */
  compare(a: number, b: number): number {
    return this.#arrivals.get(b) - this.#arrivals.get(a) || this.digests.compare(a, b)
  }

  #pushPart(images: readonly StoredImage[]): void {
    let row = this.digests.size
    this.digests.push(images.map(({ digest }) => digest))
    for (const image of images) {
      this.tags.push(image.tags)
      this.sizes.set(row, image.sizeInBytes)
      this.#arrivals.set(row, arrival(image))
      this.#pulls?.set(row, lastPull(image))
      this.#archivals?.set(row, archival(image))
      this.#ids.set(row, this.#combinations.idOf(image))
      if (image.subject !== undefined) this.subjects.set(row, image.subject)
      if (image.activatedAt !== undefined) this.restored.add(row)
      row++
    }
  }
}
