import { RULES, ruleOf } from '../functions/domain/rulebook.ts'
import type { Path } from './fault.ts'
import { didYouMean, oneOf } from './suggest.ts'

const PLACES = {
  registry: 'a rule on the registry, expected in registry.rules',
  repository: 'a rule on repositories, expected in an entry of policy',
  image: 'a rule on images, expected in an entry of policy',
}

function unknownRule(key: string, known: readonly string[]): string {
  const elsewhere = ruleOf(key)
  if (elsewhere) return `found ${PLACES[elsewhere.about]}`
  const all = RULES.map(({ id }) => id)
  return `unknown rule, expected ${oneOf(known)}${didYouMean(key, known) || didYouMean(key, all)}`
}

/** What is wrong with a key that no schema has at this place. @param path of the mapping that has it */
export function unknownKey(key: string, known: readonly string[], path: Path): string {
  if (path.at(-1) === 'rules' && (path[0] === 'policy' || path[0] === 'registry')) return unknownRule(key, known)
  return `unknown key, expected ${oneOf(known)}${didYouMean(key, known)}`
}
