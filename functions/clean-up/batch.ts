import { aboutOf, type ImageGraph, imageGraph } from '../domain/clean-up/image-graph.ts'
import type { PlanItem } from '../domain/clean-up/plan.ts'
import type { StoredImage } from '../domain/lifecycle/image.ts'
import type { View } from './fresh.ts'
import { idsOf, MOST_IDS } from './removal.ts'

/** Items that are still to be done, by digest, in the order of the plan. */
export type Todo = Map<string, PlanItem>

/** What an image hangs on: indexes that list it, and what it is about. */
function holdersOf(digest: string, graph: ImageGraph): readonly string[] {
  const image = graph.byDigest.get(digest)
  if (!image) return []
  const about = [...image.tags.map(aboutOf), graph.subjectOf(image)]
  return [...graph.indexesOf(digest), ...about.flatMap((other) => other ?? [])]
}

/** Whether something has to go before it: what it hangs on, nearer or further. If that stays, so does this. */
function waits(digest: string, graph: ImageGraph, todo: Todo): boolean {
  const seen = new Set([digest])
  // A Set is iterated with what is added on the way.
  for (const each of seen) for (const holder of holdersOf(each, graph)) seen.add(holder)
  seen.delete(digest)
  return [...seen].some((holder) => todo.has(holder))
}

/** Indexes that nobody can tell the children of. */
const unknownIn = ({ unknown }: ImageGraph): readonly StoredImage[] => [...unknown.active, ...unknown.archived]

/**
 * The next images that go: those that wait for none, of one action, with as many ids as one call takes. An image with more
 * tags than that goes alone, and an index that may list any image goes before all others.
 */
export function nextBatch(todo: Todo, view: View): readonly PlanItem[] {
  const graph = imageGraph(view)
  const unknown = new Set(unknownIn(graph).flatMap(({ digest }) => (todo.has(digest) ? [digest] : [])))
  const batch: PlanItem[] = []
  let ids = 0
  for (const item of todo.values()) {
    const mayFollow = unknown.size > 0 && !unknown.has(item.digest)
    if (mayFollow || waits(item.digest, graph, todo) || item.action !== (batch[0] ?? item).action) continue
    ids += idsOf(item).length
    if (ids > MOST_IDS && batch.length > 0) break
    batch.push(item)
  }
  return batch
}

/**
 * All that go. What is archived stays for what is deleted: an archived index may be restored, and needs its children. For
 * what is archived, it does not matter any more.
 */
export function candidatesOf(
  action: PlanItem['action'],
  items: Iterable<PlanItem>,
  { images }: View,
): ReadonlySet<string> {
  const of = action === 'archive' ? [...items] : [...items].filter((item) => item.action === 'delete')
  const archived = action === 'archive' ? images.filter(({ status }) => status === 'ARCHIVED') : []
  return new Set([...of, ...archived].map(({ digest }) => digest))
}

/** In the order in which a plan first names them. */
export function byRepository(items: readonly PlanItem[]): ReadonlyMap<string, readonly PlanItem[]> {
  const all = new Map<string, PlanItem[]>()
  for (const item of items) {
    const same = all.get(item.repository)
    if (same) same.push(item)
    else all.set(item.repository, [item])
  }
  return all
}

/** A listing with what was asked for again since: what is gone by now is no longer in it. */
export function updated({ images, children }: View, asked: readonly PlanItem[], now: readonly StoredImage[]): View {
  const found = new Map(now.map((image) => [image.digest, image]))
  const isAsked = new Set(asked.map(({ digest }) => digest))
  return {
    children,
    images: images.flatMap((image) => (isAsked.has(image.digest) ? (found.get(image.digest) ?? []) : image)),
  }
}

/** Whether there is an index that may list it since nobody can read it. */
export const mayBeListed = (digest: string, view: View): boolean =>
  unknownIn(imageGraph(view)).some((index) => index.digest !== digest)

/** Whether an index may list it that nobody could see: pushed since the repository was read, or archived and unreadable. */
export function isListedUnseen(digest: string, before: View, after: View): boolean {
  const known = new Set(before.images.map((image) => image.digest))
  const [graph, graphBefore] = [imageGraph(after), imageGraph(before)]
  if (unknownIn(graph).length + unknownIn(graphBefore).length > 0) return true
  return graph.indexesOf(digest).some((index) => !known.has(index))
}
