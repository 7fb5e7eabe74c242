import type { StewardConfig } from '../../config/load.ts'
import type { RuleSetting } from '../../functions/domain/policy.ts'
import { kebab } from '../../functions/domain/rule/kebab.ts'
import type { Rule } from '../../functions/domain/rule/rule.ts'
import { parameterText } from '../../functions/domain/rule/written.ts'
import type { Row } from '../table.ts'

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0

/** `limit: 1 GB`: the parameters of a setting as one writes them, without empty lists. */
export function parametersInWords({ parameters: known }: Rule, values: RuleSetting['parameters']): string {
  const pairs = Object.entries(values).flatMap(([name, value]) => {
    const parameter = known[name]
    return parameter && !isEmpty(value) ? [`${kebab(name)}: ${parameterText(parameter, value)}`] : []
  })
  return pairs.join(', ')
}

/** Every line of `steward.yaml` that names a rule: where, in which mode, and for which repositories. */
export function settingRows(rule: Rule, { policy, registry }: StewardConfig): readonly Row[] {
  const row = (where: string, { line, mode, parameters }: RuleSetting): Row => [
    { text: `line ${line}` },
    { text: mode, ...(mode === 'off' && { format: 'dim' as const }) },
    { text: where },
    { text: mode === 'off' ? '' : parametersInWords(rule, parameters) },
  ]
  return [
    ...policy.flatMap(({ repositories, rules }) =>
      rules.filter((setting) => setting.rule === rule.id).map((setting) => row(repositories.join(', '), setting)),
    ),
    ...registry.rules.filter((setting) => setting.rule === rule.id).map((setting) => row('the registry', setting)),
  ]
}
