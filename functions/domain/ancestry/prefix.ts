import type { Finding } from '../finding.ts'

/** Images that have the same findings below a prefix, and say the same of what they are built upon. */
export type Alike = { images: number; readonly findings: readonly Finding[]; readonly base: string | undefined }

/** An image whose layers end here: others may be built upon it. */
export type Ended = {
  readonly repository: string
  readonly tags: readonly string[]
  /** ISO 8601 instant. */
  readonly pushedAt: string
  /** Keys of all its findings, excepted ones too; undefined where not all of them are known. */
  readonly keys: ReadonlySet<string> | undefined
}

/** The lowest layers of some images, up to and with one of them. */
export type Prefix = {
  readonly layers: readonly string[]
  readonly above: Map<string, Prefix>
  /** Images that have layers above these, by the name of their repository: a replica is no other repository. */
  readonly repositories: Map<string, number>
  readonly alike: Map<string, Alike>
  readonly ends: Ended[]
  /** Whether it was found to be one that several build upon, before what is above it was forgotten. */
  isBase: boolean
}

export const emptyPrefix = (layers: readonly string[]): Prefix => ({
  ...{ layers, above: new Map(), repositories: new Map(), alike: new Map(), ends: [], isBase: false },
})

/** Names of the repositories of all images that have these layers. */
function repositoriesOf({ repositories, ends }: Prefix): ReadonlySet<string> {
  return new Set([...repositories.keys(), ...ends.map(({ repository }) => repository)])
}

/**
 * Whether images of several repositories part here: of two ways on, each has a repository that the other has not. One that
 * copies images from another repository, as from `dev` to `prod`, shares all of their layers, and is no such way.
 */
export function isShared(prefix: Prefix): boolean {
  const ends = new Set(prefix.ends.map(({ repository }) => repository))
  const ways = [...prefix.above.values()].map(repositoriesOf)
  const sorted = [...ways, ends].filter(({ size }) => size > 0).toSorted((a, b) => b.size - a.size)
  return sorted.some((way, at) => at > 0 && [...way].some((name) => !sorted[at - 1]?.has(name)))
}
