import { isIndex } from '../lifecycle/image.ts'
import type { Candidate } from './candidates.ts'
import type { ImageGraph } from './image-graph.ts'

/** An image that goes, and how many steps it is from what nothing has to go before. */
export type Placed = Candidate & { readonly rank: number }

/** Images that go together or not at all: indexes with what they list, images with what is about them. */
export type Unit = {
  readonly candidates: readonly Placed[]
  /** How many they are. */
  readonly images: number
  /** When the first of them was pushed. Milliseconds since 1970. */
  readonly since: number
}

type Going = ReadonlyMap<string, Candidate>

/** What must go after an image: what it lists, and what is about it. */
const after = (digest: string, graph: ImageGraph, going: Going): readonly string[] =>
  [...graph.childrenOf(digest), ...graph.referrersOf(digest)].filter((one) => one !== digest && going.has(one))

/** Steps from what nothing has to go before; 0 for what is in a circle, as tags can make it. */
function ranksOf(graph: ImageGraph, going: Going): ReadonlyMap<string, number> {
  const waiting = new Map<string, number>()
  for (const digest of going.keys())
    for (const one of after(digest, graph, going)) waiting.set(one, (waiting.get(one) ?? 0) + 1)
  const ranks = new Map<string, number>()
  for (const digest of going.keys()) if (!waiting.has(digest)) ranks.set(digest, 0)
  for (const [digest, rank] of ranks)
    for (const one of after(digest, graph, going)) {
      const left = (waiting.get(one) as number) - 1
      waiting.set(one, left)
      if (left === 0) ranks.set(one, rank + 1)
    }
  return ranks
}

/** Which images hang together, by the digest of one of them. */
function together(graph: ImageGraph, going: Going): (digest: string) => string {
  const parents = new Map<string, string>()
  const rootOf = (digest: string): string => {
    let root = digest
    for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) root = parent
    // The way is shortened, so that the next one is not as long.
    for (let at = digest; at !== root; ) {
      const next = parents.get(at) as string
      parents.set(at, root)
      at = next
    }
    return root
  }
  for (const digest of going.keys())
    for (const one of after(digest, graph, going)) {
      const [root, other] = [rootOf(digest), rootOf(one)]
      if (root !== other) parents.set(other, root)
    }
  return rootOf
}

const kindOf = ({ image }: Candidate): number => (isIndex(image) ? 0 : 1)

/** None before what has to go first: indexes, then the rest, each the oldest first. */
const inOrder = (candidates: readonly Placed[]): readonly Placed[] =>
  candidates.toSorted(
    (one, other) => kindOf(one) - kindOf(other) || one.rank - other.rank || one.image.pushedAt - other.image.pushedAt,
  )

function placed(graph: ImageGraph, going: Going): readonly Placed[] {
  const ranks = ranksOf(graph, going)
  return [...going].map(([digest, candidate]) => ({ ...candidate, rank: ranks.get(digest) ?? 0 }))
}

/** Candidates by what has to go together, the oldest first; within each in an order in which they can go. */
export function unitsOf(graph: ImageGraph, going: Going): readonly Unit[] {
  const rootOf = together(graph, going)
  const units = new Map<string, Placed[]>()
  for (const candidate of inOrder(placed(graph, going))) {
    const root = rootOf(candidate.image.digest)
    const unit = units.get(root)
    if (unit) unit.push(candidate)
    else units.set(root, [candidate])
  }
  return [...units.values()]
    .map((candidates) => ({
      candidates,
      images: candidates.length,
      since: candidates.reduce((since, { image }) => Math.min(since, image.pushedAt), Number.POSITIVE_INFINITY),
    }))
    .toSorted((one, other) => one.since - other.since)
}

/** All images of some units of a repository, in the order in which they go: indexes first, then the oldest. */
export const inGoingOrder = (units: readonly Unit[]): readonly Placed[] =>
  inOrder(units.flatMap(({ candidates }) => candidates))
