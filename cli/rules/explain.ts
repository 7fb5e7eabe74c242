import { ConfigError, type StewardConfig } from '../../config/load.ts'
import { awsCommand } from '../../functions/domain/rule/aws-command.ts'
import { kebab } from '../../functions/domain/rule/kebab.ts'
import type { Parameter } from '../../functions/domain/rule/parameter.ts'
import type { EcrWrite } from '../../functions/domain/rule/remedy.ts'
import type { Rule, SubjectKind } from '../../functions/domain/rule/rule.ts'
import { parameterText } from '../../functions/domain/rule/written.ts'
import { findConfiguration, nearPath, readConfiguration } from '../configuration.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import { createLines, type Lines } from '../lines.ts'
import { SEVERITY_FORMATS } from '../severity-format.ts'
import { tableLines } from '../table.ts'
import { columnsOf, painter } from '../terminal.ts'
import { settingRows } from './in-force.ts'
import { modesOf } from './list.ts'
import { exampleOf } from './rule-example.ts'
import { ruleNamed } from './rule-named.ts'

const ABOUT: Readonly<Record<SubjectKind, string>> = {
  repository: 'about each repository',
  registry: 'about the registry',
  image: 'about each image',
}

const otherwise = (parameter: Parameter): string =>
  parameter.default === undefined
    ? 'It must be given.'
    : `Otherwise ${parameterText(parameter, parameter.default)}${parameter.requiredToEnforce ? ', but needed to enforce' : ''}.`

function parameters(lines: Lines, { parameters: all }: Rule): void {
  const entries = Object.entries(all)
  if (entries.length > 0) lines.heading('Parameters')
  for (const [name, parameter] of entries) {
    lines.verbatim(`${kebab(name)}: ${parameter.example}`)
    lines.paragraph(`${parameter.about} ${otherwise(parameter)}`, '    ')
  }
}

/** How one fails it and mends it, by an example. */
function example(lines: Lines, rule: Rule): void {
  const { judgement, remedy, region } = exampleOf(rule)
  if (judgement.outcome !== 'fail') return
  const { text, command, cdk } = judgement.fix
  const commandOf = ({ operation, input }: EcrWrite): string => awsCommand(operation, input, region)
  lines.heading('A fail, and what mends it')
  lines.paragraph(`${judgement.reason} ${text}`)
  if (command !== undefined) lines.verbatim(`$ ${command}`)
  if (cdk !== undefined) lines.verbatim(`CDK ${cdk}`)
  if (!remedy) return
  lines.heading('Mode enforce')
  lines.paragraph(
    `${remedy.what}. The deployed stack makes the first of these calls, reads back whether it took effect, and keeps the second, which takes it back:`,
  )
  lines.verbatim(`$ ${commandOf(remedy.write)}`)
  lines.verbatim(`$ ${commandOf(remedy.undo)}`)
}

/** Undefined where it has faults: whoever mends them needs to read on all the same. */
function configIfValid(path: string, io: Io): StewardConfig | undefined {
  try {
    return readConfiguration(path, io, () => {}).config
  } catch (error) {
    if (error instanceof ConfigError) return undefined
    throw error
  }
}

/** Where the rule is in force, if there is a configuration to look into. */
function inForce(lines: Lines, rule: Rule, given: string | undefined, io: Io): void {
  const path = findConfiguration(given, io)
  if (path === undefined) return
  lines.heading(`In ${nearPath(path, io)}`)
  const config = configIfValid(path, io)
  const rows = config && settingRows(rule, config)
  if (!rows) lines.paragraph('The file has faults: ecr-steward config validate shows them.')
  else if (rows.length === 0) lines.paragraph('It is not in force: no entry names it.')
  for (const line of tableLines(rows ?? [], columnsOf(io.stdout) - 2, painter(io.stdout))) lines.verbatim(line)
}

/** Explains a rule to somebody who has never heard of it. */
export function explain(name: string, config: string | undefined, io: Io): Exit {
  const rule = ruleNamed(name)
  const paint = painter(io.stdout)
  const lines = createLines(paint, columnsOf(io.stdout))
  const severity = paint(SEVERITY_FORMATS[rule.severity], rule.severity)
  lines.verbatim(`${paint('bold', rule.id)}  ${severity}  ${ABOUT[rule.about]}  ${modesOf(rule).join(' or ')}`, '')
  lines.paragraph(rule.summary, '')
  lines.heading('Why')
  lines.paragraph(rule.why)
  parameters(lines, rule)
  inForce(lines, rule, config, io)
  example(lines, rule)
  lines.heading('See')
  lines.verbatim(rule.see)
  io.stdout.write(lines.text())
  return 'pass'
}
