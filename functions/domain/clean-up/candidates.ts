import type { LifecycleVerdict } from '../lifecycle/verdict.ts'
import { aboutOf, type HeldImage, type ImageGraph, isSignature } from './image-graph.ts'

/** An image that would go, if nothing keeps it. */
export type Candidate = {
  readonly image: HeldImage
  readonly action: 'delete' | 'archive'
  /** Priority of the rule; null for what goes with another image. */
  readonly rule: number | null
  /** In words. */
  readonly reason: string
}

/** Whether there is something to do: what is in the archive does not go there, and what is on its way out does nothing. */
const canBe = ({ status }: HeldImage, action: Candidate['action']): boolean =>
  status === 'ACTIVE' || (status === 'ARCHIVED' && action === 'delete')

type Going = Map<string, Candidate>

function marked(verdicts: Iterable<LifecycleVerdict>, { byDigest }: ImageGraph): Going {
  const going: Going = new Map()
  for (const { digest, action, rule, reason } of verdicts) {
    const image = action === 'keep' ? undefined : byDigest.get(digest)
    if (image) going.set(digest, { image, action: action === 'expire' ? 'delete' : 'archive', rule, reason })
  }
  return going
}

/** With the index that goes, what it alone lists and nobody can name: it has no tag. */
const goesWithIndexes = ({ digest, tags }: HeldImage, graph: ImageGraph, going: Going): boolean =>
  tags.length === 0 && graph.indexesOf(digest).every((index) => going.has(index))

/** With the image that goes, what cosign stored about it, and about no other one that is there. */
const goesWithSubjects = (image: HeldImage, graph: ImageGraph, going: Going): boolean =>
  isSignature(image) &&
  image.tags.map((tag) => aboutOf(tag) as string).every((about) => going.has(about) || !graph.byDigest.has(about))

/** As little as what it goes with: what is archived can come back, and needs it then. */
function follow(image: HeldImage, leaders: readonly string[], reason: string, going: Going): Candidate | undefined {
  const isArchived = leaders.some((leader) => going.get(leader)?.action === 'archive')
  const action = isArchived ? 'archive' : 'delete'
  return canBe(image, action) ? { image, action, rule: null, reason } : undefined
}

function followersOf(leader: string, graph: ImageGraph, going: Going): readonly Candidate[] {
  const of = (digests: readonly string[]) =>
    digests.flatMap((digest) => (going.has(digest) ? [] : (graph.byDigest.get(digest) ?? [])))
  const children = of(graph.childrenOf(leader))
    .filter((child) => goesWithIndexes(child, graph, going))
    .map((child) => follow(child, graph.indexesOf(child.digest), `index ${leader} goes, which lists it`, going))
  const signatures = of(graph.referrersOf(leader))
    .filter((signature) => goesWithSubjects(signature, graph, going))
    .map((signature) => follow(signature, [leader], `${leader} goes, which it is about`, going))
  return [...children, ...signatures].filter((candidate) => candidate !== undefined)
}

/** What ECR removes by itself soon after an image is told with it. */
function withReferrers(candidate: Candidate, graph: ImageGraph): Candidate {
  const { digest } = candidate.image
  const referrers = graph.referrersOf(digest).filter((one) => graph.byDigest.get(one)?.subject === digest).length
  if (referrers === 0) return candidate
  const follow = referrers === 1 ? 'what is about it follows' : `${referrers} artifacts that are about it follow`
  return { ...candidate, reason: `${candidate.reason}; ${follow} within a day, by ECR` }
}

/**
 * What the rules mark, and what goes with it: untagged children of an index, where every index that lists them goes, and
 * what cosign stored about an image. What is about an image by its `subject` is left to ECR, and counted in words.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function candidatesOf(verdicts: Iterable<LifecycleVerdict>, graph: ImageGraph): ReadonlyMap<string, Candidate> {
  const going = marked(verdicts, graph)
  // A Map is iterated in the order of adding, with what is added on the way.
  for (const leader of going.keys())
    for (const follower of followersOf(leader, graph, going)) going.set(follower.image.digest, follower)
  return new Map([...going].map(([digest, candidate]) => [digest, withReferrers(candidate, graph)]))
}
