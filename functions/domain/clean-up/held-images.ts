import { createEvaluation, type Verdicts } from '../lifecycle/evaluation.ts'
import { type ChildrenOf, isIndex, type StoredImage } from '../lifecycle/image.ts'
import type { Rule } from '../lifecycle/rule.ts'
import type { LifecycleVerdict } from '../lifecycle/verdict.ts'
import { Clusters } from './clusters.ts'
import { aboutOf, type HeldImage, type ImageSet, type Unknown } from './image-graph.ts'
import { ImageRows } from './image-rows.ts'

/** Images that are looked at together: enough that reading tags, a thousand rows at once, is worth it where they lie apart. */
const TOGETHER = 10_000

/**
 * Some images of a repository, with all that hang together with them: what is said of them is the same as if the whole
 * repository was looked at.
 */
export type Part = Required<ImageSet> & {
  /** On those that the rules remove or archive. */
  readonly marked: readonly LifecycleVerdict[]
}

/** Numbers of what is named: of images their rows, and others beyond them. */
function numbersOf({ size, digests }: ImageRows): (digest: string) => number {
  const others = new Map<string, number>()
  return (digest) => {
    const known = digests.rowOf(digest) ?? others.get(digest)
    if (known !== undefined) return known
    others.set(digest, size + others.size)
    return size + others.size - 1
  }
}

/** Images hang together by what indexes list, by subjects, and by tags as cosign gives, also over what is not there. */
function clustersOf(rows: ImageRows, children: ChildrenOf, verdicts: Verdicts, numberOf: (digest: string) => number) {
  const clusters = new Clusters()
  const join = (row: number, digest: string): void => clusters.join(row, numberOf(digest), rows.size)
  for (const [index, listed] of children) {
    const number = numberOf(index)
    for (const child of listed) join(number, child)
  }
  for (const [row, subject] of rows.subjects) join(row, subject)
  for (let row = 0; row < rows.size; row++) {
    if (!rows.kindOf(row).isAbout) continue
    for (const about of verdicts.tagsOf(row).map(aboutOf)) if (about !== undefined) join(row, about)
  }
  clusters.close()
  return clusters
}

/** The images of a repository that were read whole, in columns. They are given part by part, so that few are there at once. */
export class HeldImages {
  readonly #rows: ImageRows
  readonly #children: ChildrenOf
  readonly #verdicts: Verdicts
  readonly #clusters: Clusters
  readonly #unknown: Unknown
  readonly #together: number
  /** Indexes of which it is known what they list, and which are not there, by their numbers. */
  readonly #gone = new Map<number, string>()

  constructor(rows: ImageRows, children: ChildrenOf, verdicts: Verdicts, together: number) {
    this.#rows = rows
    this.#children = children
    this.#verdicts = verdicts
    this.#together = together
    const numberOf = numbersOf(rows)
    this.#clusters = clustersOf(rows, children, verdicts, numberOf)
    for (const index of children.keys()) if (numberOf(index) >= rows.size) this.#gone.set(numberOf(index), index)
    this.#unknown = this.#unknownOnes()
  }

  /** How many images there are. */
  get size(): number {
    return this.#rows.size
  }

  /** All images, each in one part. */
  all(): Iterable<Part> {
    return this.#parts(() => true)
  }

  /** All images that the rules mark, each in one part. */
  marked(): Iterable<Part> {
    return this.#parts((numbers) => numbers.some((number) => number < this.size && this.#isMarked(number)))
  }

  /** An image and all that hang together with it. */
  around(row: number): Part {
    return this.#partOf(this.#clusters.of(row))
  }

  /** @param digest of an image that is there */
  rowOf(digest: string): number {
    return this.#rows.digests.rowOf(digest) as number
  }

  isIndex(row: number): boolean {
    return isIndex(this.#rows.kindOf(row))
  }

  /** Milliseconds since 1970. */
  pushedAt(row: number): number {
    return this.#rows.pushedAt(row)
  }

  *#parts(isWanted: (numbers: readonly number[]) => boolean): Generator<Part> {
    let part: number[] = []
    for (let row = 0; row < this.size; row++) {
      if (this.#clusters.firstOf(row) !== row) continue
      const cluster = this.#clusters.of(row)
      if (!isWanted(cluster)) continue
      for (const number of cluster) part.push(number)
      if (part.length < this.#together) continue
      yield this.#partOf(part)
      part = []
    }
    if (part.length > 0) yield this.#partOf(part)
  }

  #partOf(numbers: readonly number[]): Part {
    const [images, marked]: [HeldImage[], LifecycleVerdict[]] = [[], []]
    const children = new Map<string, readonly string[]>()
    // Those that lie together are read together.
    for (const number of numbers.toSorted((one, other) => one - other)) {
      const image = number < this.size ? this.#rows.imageOf(number, this.#verdicts) : undefined
      const digest = image?.digest ?? this.#gone.get(number) ?? ''
      const listed = this.#children.get(digest)
      if (listed) children.set(digest, listed)
      if (!image) continue
      images.push(image)
      if (this.#isMarked(number)) marked.push(this.#verdicts.verdictOf(number))
    }
    return { images, children, marked, unknown: this.#unknown }
  }

  #isMarked(row: number): boolean {
    return this.#verdicts.actionOf(row) !== 'keep'
  }

  /** No more of them than anybody asks for: there may be many. */
  #unknownOnes(): Unknown {
    const [active, archived]: [HeldImage[], HeldImage[]] = [[], []]
    for (let row = 0; row < this.size; row++) {
      const { mayBeIndex, status } = this.#rows.kindOf(row)
      if (!mayBeIndex || this.#children.has(this.#rows.digests.get(row))) continue
      const [some, most] = status === 'ARCHIVED' ? [archived, 2] : [active, 1]
      if (some.length < most) some.push(this.#rows.imageOf(row, this.#verdicts))
    }
    return { active, archived }
  }
}

/**
 * Takes the images of a repository in page by page: nothing of a page is held.
 * @param together images of a part, and more where more hang together
 */
export function createHolding(rules: readonly Rule[], now: Date, together = TOGETHER) {
  const evaluation = createEvaluation(rules, now)
  const rows = new ImageRows()
  return {
    /** What is pushed meanwhile moves others to the next page: one that came before is left out. @returns how many are new */
    add(page: readonly StoredImage[]): number {
      const fresh = rows.add(page)
      evaluation.add(fresh)
      return fresh.length
    },
    /** Digests of what may be an index. */
    indexes(): readonly string[] {
      const found: string[] = []
      for (let row = 0; row < rows.size; row++) if (rows.kindOf(row).mayBeIndex) found.push(rows.digests.get(row))
      return found
    },
    /** @param children what they list */
    end(children: ChildrenOf): HeldImages {
      evaluation.addChildren(children)
      return new HeldImages(rows, children, evaluation.end(), together)
    },
  }
}
