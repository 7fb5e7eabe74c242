import { counted } from '../counted.ts'
import { dueAfter, instant } from './due.ts'
import { imagesInWords } from './in-words.ts'
import type { Rule } from './rule.ts'

/** What an age is counted from. */
export type Since = 'pushed' | 'restored' | 'pulled' | 'archived'

type ByCount = { readonly images: number; readonly place: number }
type ByAge = { readonly days: number; readonly since: Since; readonly at: number }

/** A ground with all that its sentence names. Instants are milliseconds since 1970. */
export type Grounds =
  | { readonly ground: 'no-rule' | 'activating' }
  | { readonly ground: 'child'; readonly index: string }
  | { readonly ground: 'referrer'; readonly subject: string }
  /** The place is its number among all that the rule counts, the newest being the first. */
  | ({ readonly ground: 'within-count' | 'beyond-count'; readonly rule: Rule } & ByCount)
  | ({ readonly ground: 'within-age' | 'beyond-age'; readonly rule: Rule } & ByAge)

const dateText = (at: number): string => instant(at)?.slice(0, 'yyyy-mm-dd'.length) ?? 'never'

const countText = ({ rule, images, place }: ByCount & { readonly rule: Rule }): string =>
  `rule ${rule.priority} keeps the newest ${images} of ${imagesInWords(rule)}; this is number ${place}`

function ageText({ ground, rule, days, since, at }: Extract<Grounds, ByAge>): string {
  if (!Number.isFinite(at))
    return `rule ${rule.priority} counts from when it was ${since}, and nobody says when that was`
  const dates = `${since} ${dateText(at)}, due ${dateText(dueAfter(at, days))}`
  return ground === 'beyond-age'
    ? `older than ${counted(days, 'day')} by rule ${rule.priority}: ${dates}`
    : `rule ${rule.priority} gives it ${counted(days, 'day')}: ${dates}`
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
    case 'within-count':
    case 'beyond-count':
      return countText(grounds)
    default:
      return ageText(grounds)
  }
}
