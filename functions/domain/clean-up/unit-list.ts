import { IdColumn, NumberColumn } from '../lifecycle/columns/numbers.ts'
import type { HeldImages } from './held-images.ts'
import type { Placed, Unit } from './units.ts'

type Open = (row: number) => readonly Placed[]

/** One that is looked up again when its images are asked for. */
class ListedUnit implements Unit {
  readonly #list: UnitList
  readonly #number: number

  constructor(list: UnitList, number: number) {
    this.#list = list
    this.#number = number
  }

  get since(): number {
    return this.#list.sinceOf(this.#number)
  }

  get images(): number {
    return this.#list.imagesOf(this.#number)
  }

  /** Takes time. */
  get candidates(): readonly Placed[] {
    return this.#list.candidatesOf(this.#number)
  }
}

/** The units of a repository as numbers, about 18 bytes each: most of a large repository wait for another plan. */
export class UnitList implements Iterable<Unit> {
  readonly #held: HeldImages
  readonly #open: Open
  readonly #since = new NumberColumn()
  readonly #images = new IdColumn()
  /** Of the image that goes first. */
  readonly #rows = new IdColumn()
  readonly #ranks = new IdColumn()
  #size = 0
  #order: Uint32Array | undefined

  /** @param open what goes together with the image of a row, which is the first of them */
  constructor(held: HeldImages, open: Open) {
    this.#held = held
    this.#open = open
  }

  push({ candidates, since, images }: Unit): void {
    const [{ image, rank }] = candidates as readonly [Placed]
    this.#since.set(this.#size, since)
    this.#images.set(this.#size, images)
    this.#rows.set(this.#size, this.#held.rowOf(image.digest))
    this.#ranks.set(this.#size, rank)
    this.#size++
    this.#order = undefined
  }

  sinceOf(number: number): number {
    return this.#since.get(number)
  }

  imagesOf(number: number): number {
    return this.#images.get(number)
  }

  candidatesOf(number: number): readonly Placed[] {
    return this.#open(this.#rows.get(number))
  }

  /** The oldest first; of the same age, by the image that goes first. */
  *[Symbol.iterator](): Generator<Unit> {
    this.#order ??= Uint32Array.from({ length: this.#size }, (_, number) => number).sort((one, other) =>
      this.#compare(one, other),
    )
    for (const number of this.#order) yield new ListedUnit(this, number)
  }

  #compare(one: number, other: number): number {
    const since = this.#since.get(one) - this.#since.get(other)
    if (since !== 0) return since
    const [row, another] = [this.#rows.get(one), this.#rows.get(other)]
    const held = this.#held
    return (
      Number(held.isIndex(another)) - Number(held.isIndex(row)) ||
      this.#ranks.get(one) - this.#ranks.get(other) ||
      held.pushedAt(row) - held.pushedAt(another) ||
      row - another
    )
  }
}
