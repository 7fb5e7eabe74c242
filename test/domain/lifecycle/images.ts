import type { StoredImage } from '../../../functions/domain/lifecycle/image.ts'
import { parsePolicy } from '../../../functions/domain/lifecycle/parse-policy.ts'
import type { Rule } from '../../../functions/domain/lifecycle/rule.ts'

export const NOW = new Date('2026-11-20T09:00:00Z')
export const DAY = 86_400_000

export const daysAgo = (days: number): number => NOW.getTime() - days * DAY

export const digestOf = (n: number): string => `sha256:${n.toString(16).padStart(64, '0')}`

let made = 0

/** An active image with tags, pushed so many days ago. */
export const image = (tags: readonly string[], days: number, more: Partial<StoredImage> = {}): StoredImage => ({
  digest: digestOf(++made),
  tags,
  pushedAt: daysAgo(days),
  status: 'ACTIVE',
  sizeInBytes: 1_000,
  ...more,
})

/** The rules of a policy that ECR takes. */
export function rulesOf(...rules: readonly object[]): readonly Rule[] {
  const parsed = parsePolicy(JSON.stringify({ rules }))
  if (parsed.faults) throw new Error(JSON.stringify(parsed.faults))
  return parsed.rules
}

const expire = { type: 'expire' }
export const archive = { type: 'transition', targetStorageClass: 'archive' }

/** Rules as they are written. */
export const keep = (
  rulePriority: number,
  countNumber: number,
  selection: object,
  action: object = expire,
): object => ({
  rulePriority,
  selection: { ...selection, countType: 'imageCountMoreThan', countNumber },
  action,
})

export const since = (
  rulePriority: number,
  countType: string,
  countNumber: number,
  selection: object,
  action: object = expire,
): object => ({ rulePriority, selection: { ...selection, countType, countUnit: 'days', countNumber }, action })

export const ANY = { tagStatus: 'any' }
export const UNTAGGED = { tagStatus: 'untagged' }
export const patterns = (...tagPatternList: string[]): object => ({ tagStatus: 'tagged', tagPatternList })
export const prefixes = (...tagPrefixList: string[]): object => ({ tagStatus: 'tagged', tagPrefixList })
