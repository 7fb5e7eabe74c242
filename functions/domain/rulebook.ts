import type { Rule } from './rule/rule.ts'
import { tagImmutability } from './rules/tag-immutability.ts'

/** Every rule, in the order in which they are listed and judged: a new one is its file and a line here. */
export const RULES: readonly Rule[] = [tagImmutability]

const BY_ID: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.id, rule]))

export const ruleOf = (id: string): Rule | undefined => BY_ID.get(id)
