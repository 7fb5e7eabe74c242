import { show } from '../../config/fault.ts'
import { didYouMean } from '../../config/suggest.ts'
import type { Rule } from '../../functions/domain/rule/rule.ts'
import { RULES, ruleOf } from '../../functions/domain/rulebook.ts'
import { CommandError } from '../command-error.ts'

/** @throws {CommandError} for a name that no rule has, with the nearest one */
export function ruleNamed(name: string): Rule {
  const rule = ruleOf(name)
  if (rule) return rule
  const near = didYouMean(
    name,
    RULES.map(({ id }) => id),
  )
  throw new CommandError('usage', `There is no rule ${show(name)}${near}`, 'ecr-steward rules lists all.')
}
