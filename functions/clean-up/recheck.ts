import type { PlanItem } from '../domain/clean-up/plan.ts'
import type { StoredImage } from '../domain/lifecycle/image.ts'
import { listed } from '../domain/listed.ts'

const shown = (tags: readonly string[]): string => (tags.length === 0 ? 'no tag' : `the tags ${listed(tags)}`)

const isSameSet = (some: readonly string[], others: readonly string[]): boolean => {
  const known = new Set(some)
  return known.size === new Set(others).size && others.every((tag) => known.has(tag))
}

const instant = (ms: number): string => new Date(ms).toISOString()

/**
 * What is not as the plan saw it, in words: tags, a newer pull, storage class, push.
 * @returns undefined where the image is as it was
 */
export function changeOf(item: PlanItem, image: StoredImage): string | undefined {
  const { tags, pulledAt = Number.NEGATIVE_INFINITY, pushedAt, status } = image
  if (!isSameSet(item.tags, tags)) return `changed: it has ${shown(tags)} now, and had ${shown(item.tags)}`
  const pulled = item.pulledAt === null ? Number.NEGATIVE_INFINITY : Date.parse(item.pulledAt)
  if (Math.trunc(pulledAt) > pulled) return `changed: it was pulled at ${instant(pulledAt)}`
  if (status !== item.status) return `changed: its status is ${status} now, and was ${item.status}`
  if (Math.trunc(pushedAt) !== Date.parse(item.pushedAt)) return `changed: it was pushed again at ${instant(pushedAt)}`
  return undefined
}
