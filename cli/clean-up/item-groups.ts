import type { Plan, PlanItem } from '../../functions/domain/clean-up/plan.ts'

/** Items that one rule is the reason of. */
export type RuleGroup = {
  readonly policy: string
  /** Priority; null for what goes with other images. */
  readonly rule: number | null
  readonly items: readonly PlanItem[]
  readonly bytes: number
}

export type RepositoryGroup = {
  readonly repository: string
  /** Images that it has. */
  readonly population: number
  readonly images: number
  readonly bytes: number
  readonly rules: readonly RuleGroup[]
}

const bytesOf = (items: readonly PlanItem[]): number => items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)

const oldestFirst = (items: readonly PlanItem[]): readonly PlanItem[] =>
  items.toSorted((one, other) => (one.pushedAt < other.pushedAt ? -1 : 1))

/** In the order of their priority; what goes with other images comes last. */
function rulesIn(items: readonly PlanItem[]): readonly RuleGroup[] {
  const groups = Map.groupBy(items, ({ policy, rule }) => `${rule ?? 'none'} ${policy}`)
  const order = ({ rule }: RuleGroup): number => rule ?? Number.POSITIVE_INFINITY
  return [...groups.values()]
    .map((of): RuleGroup => {
      const { policy = '', rule = null } = of[0] ?? {}
      return { policy, rule, items: oldestFirst(of), bytes: bytesOf(of) }
    })
    .toSorted((one, other) => (order(one) < order(other) ? -1 : 1))
}

/** What is done in each repository, most bytes first. */
export function repositoriesIn({ items, population }: Plan, action: PlanItem['action']): readonly RepositoryGroup[] {
  const groups = Map.groupBy(
    items.filter((item) => item.action === action),
    ({ repository }) => repository,
  )
  return [...groups]
    .map(([repository, of]) => ({
      ...{ repository, population: population[repository] ?? 0, images: of.length },
      ...{ bytes: bytesOf(of), rules: rulesIn(of) },
    }))
    .toSorted((one, other) => other.bytes - one.bytes || other.images - one.images)
}
