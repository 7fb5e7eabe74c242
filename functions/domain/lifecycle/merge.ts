import { isBounded, isStandard, type TagStatus } from './bounds.ts'
import type { LifecycleRule } from './policy.ts'

/** A rule that has no place among others yet. */
type Unplaced = Omit<LifecycleRule, 'rulePriority'>

/** Rules that a policy may have. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
const MOST = 50

/** How long untagged images stay, and how many tagged ones. */
export type Bounds = { readonly untaggedDays: number; readonly keepTagged: number }

const EXPIRE = { type: 'expire' } as const

const boundOf = (status: TagStatus, { untaggedDays, keepTagged }: Bounds): Unplaced =>
  status === 'untagged'
    ? {
        description: `untagged images expire after ${untaggedDays} days`,
        selection: {
          tagStatus: 'untagged',
          countType: 'sinceImagePushed',
          countUnit: 'days',
          countNumber: untaggedDays,
        },
        action: EXPIRE,
      }
    : {
        description: `of the tagged images the newest ${keepTagged} stay`,
        selection: {
          tagStatus: 'tagged',
          tagPatternList: ['*'],
          countType: 'imageCountMoreThan',
          countNumber: keepTagged,
        },
        action: EXPIRE,
      }

const isAny = ({ selection }: LifecycleRule): boolean => selection.tagStatus === 'any'

/**
 * All rules that are there, and the wanted ones after them. A rule for `any` has to come last: it keeps its priority where
 * there is room before it, and moves behind the new ones otherwise.
 */
export function mergeLifecycle(
  existing: readonly LifecycleRule[],
  wanted: readonly Unplaced[],
): readonly LifecycleRule[] {
  const before = existing.filter((rule) => !isAny(rule))
  const top = Math.max(0, ...before.map((rule) => rule.rulePriority))
  const added = wanted.map((rule, index) => ({ rulePriority: top + index + 1, ...rule }))
  let next = top + wanted.length
  const last = existing
    .filter(isAny)
    .toSorted((a, b) => a.rulePriority - b.rulePriority)
    .map((rule) => {
      next = Math.max(next + 1, rule.rulePriority)
      return { ...rule, rulePriority: next }
    })
  return [...before, ...added, ...last]
}

/** A policy that bounds the images of these statuses, and does nothing else. */
export const newLifecycle = (statuses: readonly TagStatus[], bounds: Bounds): readonly LifecycleRule[] =>
  mergeLifecycle(
    [],
    statuses.map((status) => boundOf(status, bounds)),
  )

/**
 * The policy with what it lacks to bound the images of these statuses; undefined where no rule that is added does, for
 * example since there is one for untagged images already, and ECR takes no second one.
 */
export function boundedLifecycle(
  existing: readonly LifecycleRule[],
  statuses: readonly TagStatus[],
  bounds: Bounds,
): readonly LifecycleRule[] | undefined {
  const lacking = statuses.filter((status) => !isBounded(existing, status))
  const isTaken = existing.some((rule) => isStandard(rule) && rule.selection.tagStatus === 'untagged')
  if (isTaken && lacking.includes('untagged')) return undefined
  const merged = mergeLifecycle(
    existing,
    lacking.map((status) => boundOf(status, bounds)),
  )
  return merged.length <= MOST && statuses.every((status) => isBounded(merged, status)) ? merged : undefined
}
