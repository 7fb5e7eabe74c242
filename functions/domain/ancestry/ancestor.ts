import type { BaseImage } from '../facts/image-facts.ts'
import { commonName } from '../image-name.ts'

/** @see https://github.com/opencontainers/image-spec/blob/main/annotations.md */
export const BASE_NAME = 'org.opencontainers.image.base.name'

/** What an image is built upon, as far as somebody says so. */
export type Ancestor = {
  /** Layers of the image that it brings, lowest first; of one whose layers nobody knows, the lowest of the image alone. */
  readonly layers: readonly string[]
  /** `base/node:22.11`; undefined where nobody names it. */
  readonly name?: string | undefined
  /** Whether these are all of its layers, since it was read itself. */
  readonly isWhole: boolean
}

const isUpon = (layers: readonly string[], base: BaseImage): boolean =>
  base.layers.length > 0 && base.layers.every((layer, index) => layers[index] === layer)

/** Of the known images whose layers are the lowest of these, those with the most: one image, by all of its tags. */
export function basesOf(layers: readonly string[], known: readonly BaseImage[]): readonly BaseImage[] {
  const upon = known.filter((base) => isUpon(layers, base))
  const most = Math.max(0, ...upon.map((base) => base.layers.length))
  return upon.filter((base) => base.layers.length === most)
}

/** `22.11-slim` rather than `22`: of several tags the one that says most. @param names at least one */
export const mostSpecific = (names: readonly string[]): string =>
  names.toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))[0] as string

/** What says of an image what it is built upon. */
export type Described = {
  /** Digests, lowest first. */
  readonly layers: readonly string[]
  /** Its annotation or label `org.opencontainers.image.base.name`. */
  readonly base?: string | undefined
}

/**
 * What an image is built upon: the known image that has the most of its layers and is not itself; otherwise what its own
 * annotation names, of which the lowest layer is all that is certain.
 * @returns undefined for what has no layers, or a single one that nobody says to be of a base
 */
export function ancestorOf({ layers, base = '' }: Described, known: readonly BaseImage[]): Ancestor | undefined {
  const bases = basesOf(layers.slice(0, -1), known)
  const [first] = bases
  if (first) return { layers: first.layers, name: mostSpecific(bases.map(({ name }) => name)), isWhole: true }
  const [lowest, ...above] = layers
  const name = commonName(base)
  // The one layer of an image that was squashed, or built from scratch, is its own.
  if (lowest === undefined || (above.length === 0 && name === undefined)) return undefined
  return { layers: [lowest], name, isWhole: false }
}
