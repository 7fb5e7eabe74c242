import type { LifecycleRule } from './policy.ts'

/** Images with a tag, and images without one. */
export const TAG_STATUSES = ['untagged', 'tagged'] as const

export type TagStatus = (typeof TAG_STATUSES)[number]

export const isStandard = ({ selection }: LifecycleRule): boolean =>
  (selection.storageClass ?? 'standard') === 'standard'

/** Whether it is about some images of the status. */
const touches = ({ selection: { tagStatus } }: LifecycleRule, status: TagStatus): boolean =>
  tagStatus === status || tagStatus === 'any'

/** Whether it is about all of them. Every pattern of a list has to fit, so each must fit everything. */
function takesAll({ selection }: LifecycleRule, status: TagStatus): boolean {
  const { tagStatus, tagPatternList = [] } = selection
  if (tagStatus === 'any') return true
  if (tagStatus !== status) return false
  return (
    status === 'untagged' || (tagPatternList.length > 0 && tagPatternList.every((pattern) => /^\*+$/.test(pattern)))
  )
}

const isExpiry = ({ action }: LifecycleRule): boolean => action.type === 'expire'

/**
 * Whether a policy lets the images of a status not grow for ever. An image is the affair of the first rule that it fits;
 * what a rule archives is bounded where the archive expires too.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function isBounded(rules: readonly LifecycleRule[], status: TagStatus): boolean {
  const inOrder = rules
    .filter((rule) => isStandard(rule) && touches(rule, status))
    .toSorted((a, b) => a.rulePriority - b.rulePriority)
  const last = inOrder.findIndex((rule) => takesAll(rule, status))
  if (last < 0) return false
  const isArchiving = !inOrder.slice(0, last + 1).every(isExpiry)
  return !isArchiving || rules.some((rule) => !isStandard(rule) && isExpiry(rule) && takesAll(rule, status))
}
