import type { Rule } from './rule.ts'

type Test = (tag: string) => boolean

/** Whether a tag fits a pattern: its literals stand in it one after another, the first at its start, the last at its end. */
function patternTest(pattern: string): Test {
  const [head = '', ...rest] = pattern.split('*')
  const tail = rest.pop()
  if (tail === undefined) return (tag) => tag === head
  const between = rest.filter((literal) => literal !== '')
  if (between.length === 0) {
    return (tag) => tag.length >= head.length + tail.length && tag.startsWith(head) && tag.endsWith(tail)
  }
  return (tag) => {
    if (!tag.startsWith(head) || !tag.endsWith(tail)) return false
    let at = head.length
    for (const literal of between) {
      const found = tag.indexOf(literal, at)
      if (found < 0) return false
      at = found + literal.length
    }
    return at + tail.length <= tag.length
  }
}

/** Whether images with these tags are what a rule selects, storage class aside. */
export type TagRequirement = (tags: readonly string[]) => boolean

function compile({ tagStatus, prefixes, patterns }: Rule): TagRequirement {
  if (tagStatus === 'any') return () => true
  if (tagStatus === 'untagged') return (tags) => tags.length === 0
  const tests: readonly Test[] = [
    ...prefixes.map(
      (prefix): Test =>
        (tag) =>
          tag.startsWith(prefix),
    ),
    ...patterns.map(patternTest),
  ]
  return (tags) => tags.length > 0 && tests.every((test) => tags.some(test))
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
