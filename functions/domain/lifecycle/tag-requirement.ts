import type { Rule } from './rule.ts'

/** What a tag has to be: these literals, one after another, the first at its start and the last at its end. */
type Entry = {
  readonly head: string
  /** Code of the first character; not a number where the tag may start with any. */
  readonly first: number
  readonly between: readonly string[]
  /** Undefined where the head is all. */
  readonly tail: string | undefined
}

function entryOf(pattern: string): Entry {
  const [head = '', ...rest] = pattern.split('*')
  const tail = rest.pop()
  return { head, first: head.charCodeAt(0), between: rest.filter((literal) => literal !== ''), tail }
}

/** A star of a prefix is itself. */
const startOf = (prefix: string): Entry => ({ head: prefix, first: prefix.charCodeAt(0), between: [], tail: '' })

function fits({ head, first, between, tail }: Entry, tag: string): boolean {
  if (tag.charCodeAt(0) !== first && head !== '') return false
  if (tail === undefined) return tag === head
  if (!tag.startsWith(head)) return false
  if (tail === '' && between.length === 0) return true
  if (!tag.endsWith(tail)) return false
  let at = head.length
  for (const literal of between) {
    const found = tag.indexOf(literal, at)
    if (found < 0) return false
    at = found + literal.length
  }
  return at + tail.length <= tag.length
}

function fitsSome(tags: readonly string[], entry: Entry): boolean {
  for (const tag of tags) if (fits(entry, tag)) return true
  return false
}

/** Tags that images must have for a rule to be about them. */
export type TagRequirement = {
  /** Whether images without a tag meet it, and whether those with some do at all. */
  readonly untagged: boolean
  readonly tagged: boolean
  /** What there has to be a tag for. */
  readonly entries: readonly Entry[]
}

const compile = ({ tagStatus, prefixes, patterns }: Rule): TagRequirement => ({
  untagged: tagStatus !== 'tagged',
  tagged: tagStatus !== 'untagged',
  entries: tagStatus === 'tagged' ? [...prefixes.map(startOf), ...patterns.map(entryOf)] : [],
})

const compiled = new WeakMap<Rule, TagRequirement>()

/** What a rule asks of tags, made once per rule. */
export function tagRequirement(rule: Rule): TagRequirement {
  const known = compiled.get(rule)
  if (known) return known
  const requirement = compile(rule)
  compiled.set(rule, requirement)
  return requirement
}

/** Whether images with these tags meet it. Steps are at most texts of the rule × characters of the tags. */
export function isMet({ untagged, tagged, entries }: TagRequirement, tags: readonly string[]): boolean {
  if (tags.length === 0) return untagged
  if (!tagged) return false
  for (const entry of entries) if (!fitsSome(tags, entry)) return false
  return true
}

/** Whether an image may meet it that has one tag, whose first character has this code. */
export const mayMeet = ({ tagged, entries }: TagRequirement, first: number): boolean =>
  tagged && entries.every((entry) => entry.head === '' || entry.first === first)

/**
 * Whether the tags are what the rule asks for: every prefix or pattern fits some tag, and one tag may fit several.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export const meetsTags = (rule: Rule, tags: readonly string[]): boolean => isMet(tagRequirement(rule), tags)
