import { PlanError } from '../domain/clean-up/plan-error.ts'
import type { StoredImage } from '../domain/lifecycle/image.ts'
import { listed } from '../domain/listed.ts'
import { Gone, Unreadable } from '../faults.ts'
import type { ChangeDeps } from './going.ts'
import { beginUndo, type Entry, endUndo, type IntendedItem, type Intent, readJournal } from './journal.ts'
import { takeLease } from './lease.ts'
import type { Manifest } from './ports.ts'
import { putBack } from './put-back.ts'
import { settleAll } from './settle-all.ts'

/** What became of one image that a plan removed. */
export type Undone = {
  readonly repository: string
  readonly digest: string
  readonly end: 'restored' | 'already-there' | 'partly' | 'not-restored'
  /** In words: tags that are back, tags that name another image, what ECR no longer has. */
  readonly why: string
}

export type UndoReport = { readonly plan: string; readonly images: readonly Undone[] }

type End = Pick<Undone, 'end' | 'why'>

type Removed = { readonly intent: Intent; readonly item: IntendedItem; readonly end: 'deleted' | 'archived' }

/** Ends of images that are gone, or were when that was written. */
const isDeleted = (end: string, code: string): boolean => end === 'deleted' || code === 'NotRestored'

/** What the plan removed, children before the indexes that list them: those went first. */
function removedBy(entries: readonly Entry[]): readonly Removed[] {
  const removed = entries.flatMap(({ intent, outcomes = [] }) =>
    intent.items.flatMap((item): readonly Removed[] => {
      const outcome = outcomes.find(({ digest }) => digest === item.digest)
      if (outcome?.end === 'archived') return [{ intent, item, end: 'archived' }]
      const code = outcome?.end === 'failed' ? outcome.code : ''
      return outcome && isDeleted(outcome.end, code) ? [{ intent, item, end: 'deleted' }] : []
    }),
  )
  return removed.toReversed()
}

const notRestored = (why: string): End => ({ end: 'not-restored', why })

async function found({ intent, item }: Removed, { registry, holdings }: ChangeDeps): Promise<StoredImage | undefined> {
  const [image] = await holdings.describe({ ...registry, repository: intent.repository }, [item.digest])
  return image
}

/** An image without tags has nothing but its manifest to be pushed. */
async function untaggedBack(manifest: Manifest, { intent }: Removed, { registry, hands }: ChangeDeps): Promise<End> {
  await hands.put({ ...registry, repository: intent.repository }, manifest, undefined)
  return { end: 'restored', why: 'it is back; it had no tag' }
}

async function deletedBack(removed: Removed, deps: ChangeDeps): Promise<End> {
  const { item, intent } = removed
  const image = await found(removed, deps)
  const missing = item.tags.filter((tag) => !image?.tags.includes(tag))
  if (image && missing.length === 0) return { end: 'already-there', why: 'it is there' }
  if (!item.manifest) return notRestored('it was archived, so its manifest could not be kept')
  const manifest = { digest: item.digest, ...item.manifest }
  if (item.tags.length === 0) return untaggedBack(manifest, removed, deps)
  const { back, elsewhere, lost } = await putBack(
    manifest,
    missing,
    { ...deps.registry, repository: intent.repository },
    deps.hands,
  )
  const told = [
    ...(back.length > 0 ? [`${listed(back)} is back`] : []),
    ...(elsewhere.length > 0 ? [`${listed(elsewhere)} names another image by now and stays there`] : []),
    ...(lost === undefined ? [] : [lost]),
  ].join('; ')
  if (back.length === missing.length) return { end: 'restored', why: told }
  return { end: back.length > 0 || image ? 'partly' : 'not-restored', why: told }
}

async function archivedBack(removed: Removed, deps: ChangeDeps): Promise<End> {
  const image = await found(removed, deps)
  if (!image) return notRestored('it is gone')
  if (image.status !== 'ARCHIVED') return { end: 'already-there', why: `its status is ${image.status}` }
  await deps.hands.activate({ ...deps.registry, repository: removed.intent.repository }, removed.item.digest)
  return { end: 'restored', why: 'it comes out of the archive, which takes up to 20 minutes' }
}

async function undone(removed: Removed, deps: ChangeDeps): Promise<Undone> {
  const of = { repository: removed.intent.repository, digest: removed.item.digest }
  try {
    return { ...of, ...(await (removed.end === 'archived' ? archivedBack : deletedBack)(removed, deps)) }
  } catch (error) {
    if (error instanceof Unreadable || error instanceof Gone) return { ...of, ...notRestored(error.message) }
    if (error instanceof Error && error.name === 'LayersGone') return { ...of, ...notRestored(error.message) }
    throw error
  }
}

/** An image that the plan removed several times, since it was undone in between, is looked at once. */
const once = (removed: readonly Removed[]): readonly Removed[] => [
  ...new Map(removed.map((one) => [`${one.intent.repository}@${one.item.digest}`, one])).values(),
]

/**
 * What a plan removed, as far as the journal has it: nothing is changed.
 * @throws {PlanError} where the journal has nothing of it
 * @throws {Unreadable}
 */
export async function removedByPlan(plan: string, { store }: Pick<ChangeDeps, 'store'>): Promise<readonly Removed[]> {
  const { entries } = await readJournal(store, plan)
  if (entries.length > 0) return once(removedBy(entries))
  throw new PlanError(
    `The journal in ${store.name} has nothing of a plan ${plan}.`,
    'Look at the id, and at --store: it must be the store that the plan was applied with.',
  )
}

/**
 * Brings back what a plan removed, as far as ECR still has its layers: each tag, unless it names another image by now, and
 * images out of the archive. May be called again: what is there is left alone.
 * @throws {PlanError} where the journal has nothing of it
 * @throws {LeaseTaken} where something is being removed at this moment
 * @throws {Unreadable} where the store cannot be reached
 */
export async function undoPlan(plan: string, deps: ChangeDeps): Promise<UndoReport> {
  const { store, who: by, now } = deps
  await removedByPlan(plan, deps)
  const lease = await takeLease({ ...deps, by, plan })
  try {
    await settleAll(deps, () => {})
    const number = await beginUndo(store, plan, { by, at: now().toISOString(), run: deps.run })
    const images: Undone[] = []
    for (const removed of await removedByPlan(plan, deps)) {
      await lease.renew()
      images.push(await undone(removed, deps))
    }
    await endUndo(store, plan, number, { by, at: now().toISOString(), run: deps.run, images })
    return { plan, images }
  } finally {
    await lease.release().catch(() => {})
  }
}
