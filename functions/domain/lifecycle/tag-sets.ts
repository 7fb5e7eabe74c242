import { ANY, fits, type Token, tokensOf } from '../wildcard.ts'
import type { Rule } from './rule.ts'

/** What a tag has to be, one token a character: `prod*` as a pattern, or `prod` as a prefix. */
export type Entry = readonly Token[]

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_'

/** A `*` in a prefix is itself, which no tag has. */
export const entriesOf = ({ prefixes, patterns }: Pick<Rule, 'prefixes' | 'patterns'>): readonly Entry[] => [
  ...prefixes.map((prefix): Entry => [...prefix, ANY]),
  ...patterns.map(tokensOf),
]

/**
 * Whether each tag that fits `narrow` fits `wide`. What stands for any characters in `narrow` is replaced by a letter that
 * `wide` does not name: only a wildcard of `wide` can take it in, and that would take in anything. So it is exact; a `wide`
 * that names every letter there is includes nothing but itself.
 */
export function includes(wide: Entry, narrow: Entry): boolean {
  const other = [...LETTERS].find((letter) => !wide.includes(letter))
  if (other === undefined) return wide.length === narrow.length && wide.every((token, at) => token === narrow[at])
  return fits(wide, narrow.map((token) => (typeof token === 'string' ? token : other)).join(''))
}

/** Whether one tag can fit both. */
export function overlap(a: Entry, b: Entry): boolean {
  let below: boolean[] = []
  for (let i = a.length; i >= 0; i -= 1) {
    const row: boolean[] = []
    for (let j = b.length; j >= 0; j -= 1) {
      const [left, right] = [a[i], b[j]]
      if (left === undefined && right === undefined) row[j] = true
      else if (left === ANY || right === ANY)
        row[j] = (left === undefined ? false : below[j] === true) || (right === undefined ? false : row[j + 1] === true)
      else row[j] = left !== undefined && left === right && below[j + 1] === true
    }
    below = row
  }
  return below[0] === true
}

/** Images that a rule may be about: those without a tag, or those whose tags meet each of the entries. */
export type Part = 'untagged' | readonly Entry[]

const EVERYTHING: Entry = [ANY]

export const partsOf = (rule: Rule): readonly Part[] => {
  if (rule.tagStatus === 'any') return ['untagged', [EVERYTHING]]
  return rule.tagStatus === 'untagged' ? ['untagged'] : [entriesOf(rule)]
}

/**
 * Whether every image of the part meets the tag requirement of the rule: each entry of the rule has to be met by whatever
 * meets one of the part's. Exact: otherwise the image with one tag for each entry of the part, none of which fits the entry of
 * the rule, is in the part and does not meet the rule.
 */
export function takes(rule: Rule, part: Part): boolean {
  if (rule.tagStatus === 'any') return true
  if (part === 'untagged') return rule.tagStatus === 'untagged'
  return rule.tagStatus === 'tagged' && entriesOf(rule).every((wide) => part.some((narrow) => includes(wide, narrow)))
}
