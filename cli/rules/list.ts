import { kebab } from '../../functions/domain/rule/kebab.ts'
import type { Rule } from '../../functions/domain/rule/rule.ts'
import { RULES } from '../../functions/domain/rulebook.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import { SEVERITY_FORMATS } from '../severity-format.ts'
import { type Row, writeTable } from '../table.ts'

/** The modes that a rule may have, beside being off. */
export const modesOf = ({ enforceable }: Rule): readonly string[] => (enforceable ? ['report', 'enforce'] : ['report'])

const rowOf = (rule: Rule): Row => [
  { text: rule.id, format: 'bold' },
  { text: rule.about },
  { text: rule.severity, format: SEVERITY_FORMATS[rule.severity] },
  { text: modesOf(rule).join(', ') },
  { text: rule.summary },
]

const toJson = (rule: Rule) => {
  const { id, about, severity, summary, why, see, parameters } = rule
  return {
    ...{ id, about, severity, modes: modesOf(rule), summary, why, see },
    parameters: Object.entries(parameters).map(([name, { kind, about, example, default: taken }]) => ({
      ...{ name: kebab(name), kind, about, example, default: taken },
    })),
  }
}

/** Lists every rule. */
export function list(json: boolean, { stdout }: Io): Exit {
  if (json) stdout.write(`${JSON.stringify({ schemaVersion: 1, rules: RULES.map(toJson) }, null, 2)}\n`)
  else writeTable(stdout, ['RULE', 'ABOUT', 'SEVERITY', 'MODES', 'SUMMARY'], RULES.map(rowOf))
  return 'pass'
}
