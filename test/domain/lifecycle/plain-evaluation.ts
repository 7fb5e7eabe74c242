import type { ChildrenOf, StoredImage } from '../../../functions/domain/lifecycle/image.ts'
import type { Rule } from '../../../functions/domain/lifecycle/rule.ts'
import type { LifecycleVerdict } from '../../../functions/domain/lifecycle/verdict.ts'

/** What a policy decides about an image, without words. */
export type PlainVerdict = Pick<LifecycleVerdict, 'digest' | 'action' | 'rule' | 'ground' | 'dueAt'>

const DAY = 24 * 60 * 60 * 1_000

const asExpression = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[.*+?^${}()|[\]\\]/g, (sign) => (sign === '*' ? '.*' : `\\${sign}`))}$`, 's')

/** The images that a rule sees: of its storage class, and tagged as it asks. */
function seenBy(rule: Rule, images: readonly StoredImage[]): StoredImage[] {
  const status = rule.storageClass === 'archive' ? 'ARCHIVED' : 'ACTIVE'
  const expressions = rule.patterns.map(asExpression)
  return images.filter((image) => {
    if (image.status !== status) return false
    if (rule.tagStatus === 'any') return true
    if (rule.tagStatus === 'untagged') return image.tags.length === 0
    if (image.tags.length === 0) return false
    const hasPrefixes = rule.prefixes.every((prefix) => image.tags.some((tag) => tag.startsWith(prefix)))
    return hasPrefixes && expressions.every((expression) => image.tags.some((tag) => expression.test(tag)))
  })
}

function newestFirst(images: readonly StoredImage[]): StoredImage[] {
  const at = (image: StoredImage): number => image.activatedAt ?? image.pushedAt
  return [...images].sort((a, b) => at(b) - at(a) || (a.digest < b.digest ? -1 : 1))
}

/** When the condition of an age rule holds for an image; undefined where it never does. */
function holdsFrom(rule: Rule, image: StoredImage): number | undefined {
  if (rule.count.type === 'imageCountMoreThan') return undefined
  const days = rule.count.days * DAY
  if (rule.count.type === 'sinceImagePushed') return (image.activatedAt ?? image.pushedAt) + days
  if (rule.count.type === 'sinceImageTransitioned')
    return image.archivedAt === undefined ? undefined : image.archivedAt + days
  const pulled = image.pulledAt ?? image.pushedAt
  return (image.activatedAt !== undefined && image.activatedAt > pulled ? image.activatedAt : pulled) + days
}

/** The images that a rule would mark, were it alone. */
function markedBy(rule: Rule, seen: readonly StoredImage[], now: number): StoredImage[] {
  if (rule.count.type === 'imageCountMoreThan') return newestFirst(seen).slice(rule.count.images)
  return seen.filter((image) => {
    const from = holdsFrom(rule, image)
    return from !== undefined && from <= now
  })
}

function followers(images: readonly StoredImage[], children: ChildrenOf): Map<string, 'child' | 'referrer'> {
  const found = new Map<string, 'child' | 'referrer'>()
  const there = new Set(images.map(({ digest }) => digest))
  for (const { digest, subject } of images)
    if (subject !== undefined && there.has(subject)) found.set(digest, 'referrer')
  for (const { digest, status } of images) {
    if (status === 'ACTIVE') for (const child of children.get(digest) ?? []) found.set(child, 'child')
  }
  return found
}

const iso = (at: number | undefined): string | null => {
  const date = new Date(at ?? Number.NaN)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

/**
 * ECR's rules of evaluation word by word, a filter and a sort for each rule: plain enough to be believed, and what the engine
 * is compared with, in its verdicts and in its speed.
 */
export function plainEvaluation(
  rules: readonly Rule[],
  images: readonly StoredImage[],
  children: ChildrenOf,
  now: Date,
): PlainVerdict[] {
  const following = followers(images, children)
  const others = images.filter(({ digest }) => !following.has(digest))
  const decided = new Map<string, PlainVerdict>()
  for (const rule of [...rules].sort((a, b) => a.priority - b.priority)) {
    const seen = seenBy(rule, others)
    const marked = new Set(markedBy(rule, seen, now.getTime()).map(({ digest }) => digest))
    const kind = rule.count.type === 'imageCountMoreThan' ? 'count' : 'age'
    for (const image of seen) {
      const { digest } = image
      if (decided.has(digest)) continue
      const isMarked = marked.has(digest)
      decided.set(digest, {
        digest,
        action: isMarked ? rule.action : 'keep',
        rule: rule.priority,
        ground: isMarked ? `beyond-${kind}` : `within-${kind}`,
        dueAt: iso(holdsFrom(rule, image)),
      })
    }
  }
  return images.map(({ digest, status }) => {
    const ground = following.get(digest) ?? (status === 'ACTIVATING' ? 'activating' : 'no-rule')
    return decided.get(digest) ?? { digest, action: 'keep', rule: null, ground, dueAt: null }
  })
}
