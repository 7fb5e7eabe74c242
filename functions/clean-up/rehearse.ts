import { keepers } from '../domain/clean-up/keepers.ts'
import type { Plan, PlanItem } from '../domain/clean-up/plan.ts'
import { listed } from '../domain/listed.ts'
import { Gone, Unreadable } from '../faults.ts'
import { byRepository, candidatesOf } from './batch.ts'
import { freshProtection, repositoryView } from './fresh.ts'
import type { ApplyDeps } from './going.ts'
import { changeOf } from './recheck.ts'
import { checkPlan } from './refusal.ts'

/** What applying would come upon if it began now. */
export type Rehearsal = {
  readonly goes: readonly PlanItem[]
  readonly gone: readonly PlanItem[]
  readonly kept: readonly { readonly item: PlanItem; readonly why: string }[]
}

type RehearsalDeps = Pick<ApplyDeps, 'registry' | 'holdings' | 'readInventory' | 'registryPolicy' | 'inUse' | 'now'>

type End = 'goes' | 'gone' | { readonly why: string }

async function endsOf(
  name: string,
  items: readonly PlanItem[],
  deps: RehearsalDeps,
  protection: ReturnType<typeof freshProtection>,
) {
  const repository = { ...deps.registry, repository: name }
  const view = await repositoryView(deps.holdings, repository)()
  const images = new Map(view.images.map((image) => [image.digest, image]))
  const changes = new Map(
    items.flatMap((item) => {
      const image = images.get(item.digest)
      const why = image && changeOf(item, image)
      return why === undefined ? [] : [[item.digest, why]]
    }),
  )
  const left = items.filter(({ digest }) => images.has(digest) && !changes.has(digest))
  const { protection: users } = await protection()
  const staying = (action: PlanItem['action']) =>
    keepers({ ...view, repository }, candidatesOf(action, left, view), users, deps.now())
  const reasons = { delete: staying('delete'), archive: staying('archive') }
  return items.map((item): readonly [PlanItem, End] => {
    if (!images.has(item.digest)) return [item, 'gone']
    const why = changes.get(item.digest) ?? reasons[item.action].get(item.digest)
    return [item, why === undefined ? 'goes' : { why: typeof why === 'string' ? why : listed(why, 3) }]
  })
}

/**
 * Looks at each image of a plan as applying does, and changes nothing.
 * @throws {PlanError} where the plan is not to be applied here and now
 * @throws {Halt} where what is in use is not known completely
 */
export async function rehearse(plan: Plan, deps: RehearsalDeps): Promise<Rehearsal> {
  checkPlan(plan, deps.registry, deps.now())
  const protection = freshProtection(deps)
  const ends: (readonly [PlanItem, End])[] = []
  for (const [name, items] of byRepository(plan.items)) {
    try {
      ends.push(...(await endsOf(name, items, deps, protection)))
    } catch (error) {
      if (error instanceof Gone) ends.push(...items.map((item) => [item, 'gone'] as const))
      else if (error instanceof Unreadable) {
        const { message: why } = error
        ends.push(...items.map((item) => [item, { why }] as const))
      } else throw error
    }
  }
  return {
    goes: ends.flatMap(([item, end]) => (end === 'goes' ? [item] : [])),
    gone: ends.flatMap(([item, end]) => (end === 'gone' ? [item] : [])),
    kept: ends.flatMap(([item, end]) => (typeof end === 'string' ? [] : [{ item, why: end.why }])),
  }
}
