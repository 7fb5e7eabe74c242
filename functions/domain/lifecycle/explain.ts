import { dueAfter, instant } from './due.ts'
import type { Rule } from './rule.ts'

/** What an age is counted from. */
export type Since = 'pushed' | 'restored' | 'pulled' | 'archived'

/** A ground with all that its sentence names. Instants are milliseconds since 1970. */
export type Grounds =
  | { readonly ground: 'no-rule' | 'activating' }
  | { readonly ground: 'child'; readonly index: string }
  | { readonly ground: 'referrer'; readonly subject: string }
  /** The place is its number among all that the rule counts, the newest being the first. */
  | { readonly ground: 'within-count' | 'beyond-count'; readonly rule: Rule; readonly place: number }
  | { readonly ground: 'within-age' | 'beyond-age'; readonly rule: Rule; readonly since: Since; readonly at: number }

/** `tags prod-* and *-amd64`: the images that a rule is about. */
export function selectionText({ tagStatus, prefixes, patterns, storageClass }: Rule): string {
  const tags = [...prefixes.map((prefix) => `${prefix}*`), ...patterns]
  const images = tagStatus === 'tagged' ? `tags ${tags.join(' and ')}` : `${tagStatus} images`
  return storageClass === 'archive' ? `${images} in the archive` : images
}

const daysText = (days: number): string => `${days} ${days === 1 ? 'day' : 'days'}`

const dateText = (at: number): string => instant(at)?.slice(0, 'yyyy-mm-dd'.length) ?? 'never'

const countText = ({ rule, place }: Extract<Grounds, { place: number }>, images: number): string =>
  `rule ${rule.priority} keeps the newest ${images} of ${selectionText(rule)}; this is number ${place}`

function ageText({ ground, rule, since, at }: Extract<Grounds, { since: Since }>, days: number): string {
  if (!Number.isFinite(at))
    return `rule ${rule.priority} counts from when it was ${since}, and nobody says when that was`
  const dates = `${since} ${dateText(at)}, due ${dateText(dueAfter(at, days))}`
  return ground === 'beyond-age'
    ? `older than ${daysText(days)} by rule ${rule.priority}: ${dates}`
    : `rule ${rule.priority} gives it ${daysText(days)}: ${dates}`
}

function ruleText(grounds: Extract<Grounds, { rule: Rule }>): string {
  const { count } = grounds.rule
  if ('place' in grounds) return countText(grounds, 'images' in count ? count.images : 0)
  return ageText(grounds, 'days' in count ? count.days : 0)
}

/** Why an image stays or goes, for a person. */
export function explain(grounds: Grounds): string {
  switch (grounds.ground) {
    case 'no-rule':
      return 'no rule is about it'
    case 'activating':
      return 'on its way out of the archive'
    case 'child':
      return `part of the index ${grounds.index}`
    case 'referrer':
      return `about ${grounds.subject}, and goes with it`
    default:
      return ruleText(grounds)
  }
}
