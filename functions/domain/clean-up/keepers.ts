import type { RepositoryRef } from '../facts/repository-facts.ts'
import type { ChildrenOf } from '../lifecycle/image.ts'
import { listed } from '../listed.ts'
import { type HeldImage, type ImageGraph, type ImageSet, imageGraph } from './image-graph.ts'
import { MINIMUM_AGE } from './limits.ts'

/** Who uses an image, or what pins it, in words. */
export type Users = {
  usersOf(repository: RepositoryRef, image: Pick<HeldImage, 'digest' | 'tags'>): readonly string[]
}

/** All images of a repository, archived ones too, or a part of them with all that hang together with it. */
export type Holding = ImageSet & { readonly repository: RepositoryRef }

type Reasons = readonly string[]

/** Who stays, and why: those who are nobody's candidate for no reason at all. */
type Staying = {
  readonly reasons: ReadonlyMap<string, Reasons>
  /** The first reason counts. */
  add(digest: string, reasons: Reasons): void
  /** Each once, also those that are added meanwhile. */
  queue(): Iterable<string>
}

function createStaying(): Staying {
  const reasons = new Map<string, Reasons>()
  return {
    reasons,
    add: (digest, why) => void (reasons.has(digest) || reasons.set(digest, why)),
    // A Map is iterated in the order of adding, with what is added on the way.
    queue: () => reasons.keys(),
  }
}

type Asked = {
  readonly graph: ImageGraph
  readonly children: ChildrenOf
  readonly candidates: ReadonlySet<string>
  readonly usersOf: (digest: string) => Reasons
  readonly now: number
}

/** An instant in the future is one by a clock that is ahead: recent too. What is no time keeps as well. */
const isRecent = (instant: number, now: number): boolean => !(now - instant >= MINIMUM_AGE)

/**
 * ECR records a pull at least once in 24 hours: somebody may have pulled again, to run it, what was pulled within a day.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageDetail.html
 */
function ofItsDay({ pushedAt, pulledAt }: HeldImage, now: number): Reasons {
  if (isRecent(pushedAt, now)) return ['it was pushed less than a day ago']
  return pulledAt !== undefined && isRecent(pulledAt, now) ? ['it was pulled less than a day ago'] : []
}

/** Of what an index may list that nobody can read. */
function ofUnknown({ digest, tags }: HeldImage, { graph: { unknown } }: Asked): Reasons {
  const [active] = unknown.active
  if (active?.digest === digest) return ['what it lists cannot be read: something in use, maybe']
  const index = active ?? (tags.length === 0 ? unknown.archived.find((one) => one.digest !== digest) : undefined)
  return index ? [`index ${index.digest} may list it: its manifest cannot be read`] : []
}

/** Reasons that an image has by itself. */
function ownReasons(image: HeldImage, asked: Asked): Reasons {
  const users = asked.usersOf(image.digest)
  if (users.length > 0) return users
  const recent = ofItsDay(image, asked.now)
  return recent.length > 0 ? recent : ofUnknown(image, asked)
}

/** Indexes with something in use below them: it is started again by their name. Also below one that is gone meanwhile. */
function keepAbove({ children, usersOf }: Asked, staying: Staying): void {
  const [above, indexes]: [Map<string, Reasons>, Map<string, string[]>] = [new Map(), new Map()]
  for (const [index, below] of children) {
    for (const child of below) if (children.has(child)) indexes.set(child, [...(indexes.get(child) ?? []), index])
    const used = below.find((child) => usersOf(child).length > 0)
    if (used !== undefined) above.set(index, [`it lists ${used}, which is in use: ${listed(usersOf(used))}`])
  }
  for (const [digest, reasons] of above) {
    staying.add(digest, reasons)
    for (const index of indexes.get(digest) ?? []) if (!above.has(index)) above.set(index, reasons)
  }
}

/** All that must not go without what stays, or that would take along what stays. */
function spread({ graph, candidates }: Asked, staying: Staying): void {
  // Words take time, and nobody reads those of what is no candidate.
  const add = (digest: string, inWords: (by: string) => string, by: string): void => {
    if (!staying.reasons.has(digest)) staying.add(digest, candidates.has(digest) ? [inWords(by)] : [])
  }
  for (const digest of staying.queue()) {
    const image = graph.byDigest.get(digest)
    if (!image) continue
    for (const child of graph.childrenOf(digest)) add(child, LISTED, digest)
    for (const referrer of graph.referrersOf(digest)) add(referrer, ABOUT, digest)
    const subject = graph.subjectOf(image)
    if (subject !== undefined) add(subject, TAKES_ALONG, digest)
  }
}

const LISTED = (index: string): string => `index ${index} lists it, and stays`
const ABOUT = (subject: string): string => `it is about ${subject}, which stays`
const TAKES_ALONG = (referrer: string): string => `${referrer} is about it, would go with it, and stays`

function seed(asked: Asked, staying: Staying): void {
  const { graph, candidates } = asked
  for (const image of graph.byDigest.values()) {
    const isFree = !candidates.has(image.digest) && graph.subjectOf(image) === undefined
    const reasons = isFree ? [] : ownReasons(image, asked)
    if (isFree || reasons.length > 0) staying.add(image.digest, reasons)
  }
}

/**
 * Which candidates for removal have to stay, and why, in words. The one guard of planning and applying: what is in use or
 * pinned, and what was pushed or pulled less than a day ago; what an index lists that stays, also where nobody can tell what it lists;
 * what is about an image that stays, and an image that would take along what is about it and stays; an index with something
 * in use below it. An archived index whose manifest cannot be read keeps what has no tag; it may go itself, since nothing
 * can be started by it. Takes time in the number of images and of what indexes list.
 * @param holding all of the repository, or a part with what hangs together with it
 * @returns the digests of those candidates that stay; what is not in the repository is not among them
 */
export function keepers(
  holding: Holding,
  candidates: ReadonlySet<string>,
  protection: Users,
  now: Date,
): ReadonlyMap<string, readonly string[]> {
  if (candidates.size === 0) return new Map()
  const graph = imageGraph(holding)
  const users = new Map<string, Reasons>()
  const usersOf = (digest: string): Reasons => {
    const known = users.get(digest)
    if (known) return known
    const { tags = [] } = graph.byDigest.get(digest) ?? {}
    const found = protection.usersOf(holding.repository, { digest, tags })
    users.set(digest, found)
    return found
  }
  const [asked, staying]: [Asked, Staying] = [
    { graph, children: holding.children, candidates, usersOf, now: now.getTime() },
    createStaying(),
  ]
  seed(asked, staying)
  keepAbove(asked, staying)
  spread(asked, staying)
  return new Map([...staying.reasons].filter(([digest]) => candidates.has(digest) && graph.byDigest.has(digest)))
}
