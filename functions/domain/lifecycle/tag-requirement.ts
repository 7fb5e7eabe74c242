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
  if (!tag.startsWith(head) || !tag.endsWith(tail)) return false
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

/** Whether images with these tags are what a rule selects, storage class aside. */
export type TagRequirement = (tags: readonly string[]) => boolean

function compile({ tagStatus, prefixes, patterns }: Rule): TagRequirement {
  if (tagStatus === 'any') return () => true
  if (tagStatus === 'untagged') return (tags) => tags.length === 0
  const entries = [...prefixes.map(startOf), ...patterns.map(entryOf)]
  return (tags) => {
    for (const entry of entries) if (!fitsSome(tags, entry)) return false
    return tags.length > 0
  }
}

const compiled = new WeakMap<Rule, TagRequirement>()

/** The rule's test, made once per rule. Steps are at most texts of the rule × characters of the tags. */
export function tagRequirement(rule: Rule): TagRequirement {
  const known = compiled.get(rule)
  if (known) return known
  const requirement = compile(rule)
  compiled.set(rule, requirement)
  return requirement
}

/**
 * Whether the tags are what the rule asks for: every prefix or pattern fits some tag, and one tag may fit several.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export const meetsTags = (rule: Rule, tags: readonly string[]): boolean => tagRequirement(rule)(tags)
