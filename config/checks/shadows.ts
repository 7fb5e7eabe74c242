import { covers } from '../../functions/domain/pattern.ts'
import { ruleOf } from '../../functions/domain/rulebook.ts'
import { pathText, show } from '../fault.ts'
import type { PathFault } from '../shape.ts'
import { isMapping, items, member, type Pattern, patternsOf, SECTIONS } from './walk.ts'

/** Patterns that can never decide anything, because an earlier entry takes all that they match. */
function shadowedIn(file: unknown, section: 'alerts' | 'cleanUp'): PathFault[] {
  const [patterns, path] = [patternsOf(file, section), SECTIONS[section]]
  return patterns.flatMap(({ entry, place, pattern }): PathFault[] => {
    const earlier = patterns.find((one) => one.entry < entry && covers(one.pattern, pattern))
    if (!earlier) return []
    const message =
      `found ${show(pattern)}, which never applies: ${pathText([...path, earlier.entry])} takes all of it with ${show(earlier.pattern)}, ` +
      'and the first match wins. Move this entry before that one, or remove it'
    return [{ path: [...path, entry, 'repositories', place], at: 'value', message }]
  })
}

/** Of `alerts` and `clean-up.policies`, where one entry alone decides. */
export const shadowedPatterns = (file: unknown): PathFault[] => [
  ...shadowedIn(file, 'alerts'),
  ...shadowedIn(file, 'cleanUp'),
]

/** The entries before that of a pattern that take all of it. */
function takersOf({ entry, pattern }: Pattern, patterns: readonly Pattern[]): number[] {
  const takers = new Set<number>()
  for (const earlier of patterns) {
    if (earlier.entry >= entry) break
    if (!takers.has(earlier.entry) && covers(earlier.pattern, pattern)) takers.add(earlier.entry)
  }
  return [...takers]
}

const rulesIn = (entry: unknown): ReadonlySet<string> => {
  const rules = member(entry, 'rules')
  return new Set(isMapping(rules) ? Object.keys(rules).filter(ruleOf) : [])
}

const neverDecides = (entries: readonly number[]): string =>
  `never decides: ${[...new Set(entries)].map((entry) => `policy[${entry}]`).join(' and ')} before it ` +
  'names the rule for every repository of this entry, and the first that does decides. Move this entry up, or remove the rule here'

/** Rules of `policy` that can never decide: for each pattern of their entry, an earlier one takes it and names the rule. */
export function shadowedRules(file: unknown): PathFault[] {
  const rules = items(member(file, 'policy')).map(rulesIn)
  const patterns = patternsOf(file, 'policy')
  return [...Map.groupBy(patterns, ({ entry }) => entry)].flatMap(([entry, own]) => {
    const takers = own.map((pattern) => takersOf(pattern, patterns))
    return [...(rules[entry] ?? [])].flatMap((rule): PathFault[] => {
      const deciding = takers.flatMap((earlier) => earlier.find((one) => rules[one]?.has(rule)) ?? [])
      if (deciding.length < own.length) return []
      return [{ path: ['policy', entry, 'rules', rule], at: 'key', message: neverDecides(deciding) }]
    })
  })
}

/** Repositories that no entry of `alerts` matches are never told about. */
export function uncovered(file: unknown): PathFault[] {
  if (patternsOf(file, 'alerts').some(({ pattern }) => covers(pattern, '**'))) return []
  const message = 'no alert for repositories that match no entry. To cover all, end the list with an entry for "**"'
  return [{ path: ['alerts'], at: 'key', message }]
}
