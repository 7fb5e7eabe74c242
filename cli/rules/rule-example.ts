import * as v from 'valibot'
import { parse } from 'yaml'
import { type RuleInForce, ruleSchema } from '../../config/schema/rules.ts'
import type { Judgement } from '../../functions/domain/rule/judgement.ts'
import { kebab } from '../../functions/domain/rule/kebab.ts'
import type { Remedy } from '../../functions/domain/rule/remedy.ts'
import type { Rule } from '../../functions/domain/rule/rule.ts'
import { WORST } from './worst-case.ts'

export type RuleExample = {
  readonly judgement: Judgement
  readonly remedy: Remedy | undefined
  readonly region: string
}

/** The parameters of the rule as its own examples have them. */
const parametersOf = (rule: Rule): RuleInForce['parameters'] => {
  const examples = Object.entries(rule.parameters).map(([name, { example }]) => [kebab(name), parse(example)])
  return v.parse(ruleSchema(rule), { mode: 'report', ...Object.fromEntries(examples) }).parameters
}

/** What a rule says, with the parameters of its examples, of the worst case that it fails, and what it would do about it. */
export function exampleOf(rule: Rule): RuleExample {
  const parameters = parametersOf(rule)
  const examples = WORST[rule.about].map(({ facts, context }) => ({
    judgement: rule.judge(facts, parameters, context),
    remedy: rule.remedy(facts, parameters, context),
    region: context.ref.region,
  }))
  const example = examples.find(({ judgement }) => judgement.outcome === 'fail') ?? examples[0]
  if (!example) throw new Error(`there is no worst case of a ${rule.about}`)
  return example
}
