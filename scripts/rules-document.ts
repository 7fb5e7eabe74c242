import { exampleOf, type RuleExample } from '../cli/rules/rule-example.ts'
import { awsCommand } from '../functions/domain/rule/aws-command.ts'
import type { Fix } from '../functions/domain/rule/judgement.ts'
import { kebab } from '../functions/domain/rule/kebab.ts'
import type { Parameter } from '../functions/domain/rule/parameter.ts'
import type { EcrWrite } from '../functions/domain/rule/remedy.ts'
import type { Rule, SubjectKind } from '../functions/domain/rule/rule.ts'
import { parameterText } from '../functions/domain/rule/written.ts'
import { RULES } from '../functions/domain/rulebook.ts'
import { isJudgedOnPush } from '../functions/push-check/contract.ts'

const INTRODUCTION = `# Rules

Written by \`npm run schemas\` from the rules themselves, in \`functions/domain/rules/\`. Where to write them:
[configuration.md](configuration.md).

A rule is \`off\`; or \`report\`: a fail is told; or \`enforce\`: it is put right too, and told. A rule that no entry of
\`steward.yaml\` names is off. \`ecr-steward check\` judges every rule that is in force. In the cloud it is judged

- **push:** when an image is pushed, with what can be read in one round trip by then;
- **change:** when a setting of the repository or of the registry is changed, within minutes.

What could not be read is \`unknown\`: told, and never a pass. The examples are what a rule says, with the settings above
them, of a repository, a registry or an image with everything wrong.`

const GROUPS: readonly (readonly [SubjectKind, string])[] = [
  ['repository', 'Repositories'],
  ['registry', 'The registry'],
  ['image', 'Images'],
]

/** What Markdown would take for its own, outside of code. */
const escaped = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[*<[\]]/g, '\\$&')))
    .join('')

const cell = (text: string): string => text.replaceAll('|', '\\|')

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n')

const block = (language: string, ...lines: readonly string[]): string =>
  [`\`\`\`${language}`, ...lines, '```'].join('\n')

const modesOf = ({ enforceable }: Rule): string => (enforceable ? 'report, enforce' : 'report')

/** Where a rule is judged in the cloud, and always on the command line. */
const judgedOn = (rule: Rule): string =>
  [
    ...(rule.about !== 'registry' && isJudgedOnPush(rule) ? ['push'] : []),
    ...(rule.about === 'image' ? [] : ['change']),
    'check',
  ].join(', ')

const KINDS = {
  bytes: 'size in decimal units',
  flag: '`true` or `false`',
  accounts: 'list of account ids in quotes',
  globs: 'list of patterns: `*` within one path segment, `**` across',
  expressions: 'list of regular expressions (RE2) of the whole text',
  pairs: 'mapping of texts',
  limits: 'mapping of severity to count',
}

function kindOf(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'days':
    case 'count':
      return `${parameter.kind === 'days' ? 'days' : 'whole number'}, ${parameter.least} to ${parameter.most}`
    case 'choice':
    case 'choices':
      return `${parameter.kind === 'choice' ? 'one' : 'list'} of ${parameter.options.map((one) => `\`${one}\``).join(', ')}`
    case 'texts':
      return `list; each is ${escaped(parameter.what)}`
    default:
      return KINDS[parameter.kind]
  }
}

const defaultOf = (parameter: Parameter): string => {
  const { default: value, requiredToEnforce } = parameter
  if (value === undefined) return 'required'
  return `\`${parameterText(parameter, value)}\`${requiredToEnforce ? '; required to enforce' : ''}`
}

const parametersOf = ({ parameters }: Rule): string[] => {
  const rows = Object.entries(parameters).map(([name, parameter]) => [
    `\`${kebab(name)}\``,
    kindOf(parameter),
    defaultOf(parameter),
    escaped(parameter.about),
  ])
  return rows.length === 0 ? [] : [table(['parameter', 'what it is', 'default', 'meaning'], rows)]
}

const settingOf = (rule: Rule): string => {
  const parameters = Object.entries(rule.parameters).map(([name, { example }]) => `${kebab(name)}: ${example}`)
  return parameters.length === 0
    ? `${rule.id}: report`
    : `${rule.id}: { ${['mode: report', ...parameters].join(', ')} }`
}

/** An entry of `steward.yaml` with every parameter of the rule. */
const entryOf = (rule: Rule): string =>
  rule.about === 'registry'
    ? block('yaml', 'registry:', '  to: [sns]', '  rules:', `    ${settingOf(rule)}`)
    : block('yaml', 'policy:', '  - repositories: ["**"]', '    rules:', `      ${settingOf(rule)}`)

const fixOf = ({ text, command, cdk }: Fix): string[] => [
  `**To fix it:** ${escaped(text)}`,
  ...(command === undefined ? [] : [block('sh', command)]),
  ...(cdk === undefined ? [] : [`In the CDK: \`${cdk}\``]),
]

const commandOf = ({ operation, input }: EcrWrite, region: string): string => awsCommand(operation, input, region)

function remedyOf({ remedy, judgement, region }: RuleExample): string[] {
  if (!remedy) return []
  const write = commandOf(remedy.write, region)
  const isTheFix = judgement.outcome === 'fail' && judgement.fix.command === write
  const what = isTheFix ? 'does just that' : `is another way: ${escaped(remedy.what)}`
  return [
    `**\`enforce\`** ${what}, reads back whether it took effect, and journals the command that takes it back:`,
    ...(isTheFix ? [] : [block('sh', write)]),
    block('sh', commandOf(remedy.undo, region)),
  ]
}

const exampleLines = (example: RuleExample): string[] =>
  example.judgement.outcome === 'fail'
    ? [`**A fail:** ${escaped(example.judgement.reason)}`, ...fixOf(example.judgement.fix), ...remedyOf(example)]
    : []

const section = (rule: Rule): string =>
  [
    `### ${rule.id}`,
    `**${escaped(rule.summary)}** ${escaped(rule.why)}`,
    `${rule.severity} · ${modesOf(rule)} · judged on ${judgedOn(rule)} · [read more](${rule.see})`,
    ...parametersOf(rule),
    entryOf(rule),
    ...exampleLines(exampleOf(rule)),
  ].join('\n\n')

const rowOf = (rule: Rule): string[] => [
  `[\`${rule.id}\`](#${rule.id})`,
  rule.about,
  escaped(rule.summary),
  rule.severity,
  modesOf(rule),
  judgedOn(rule),
]

/** docs/rules.md: whatever a rule says of itself, in the order of the rulebook. */
export function rulesDocument(rules: readonly Rule[] = RULES): string {
  const groups = GROUPS.map(([about, title]) => [title, rules.filter((rule) => rule.about === about)] as const)
  const overview = table(
    ['rule', 'about', 'what it asks for', 'severity', 'modes', 'judged on'],
    groups.flatMap(([, own]) => own.map(rowOf)),
  )
  const sections = groups.flatMap(([title, own]) => (own.length === 0 ? [] : [`## ${title}`, ...own.map(section)]))
  return `${[INTRODUCTION, overview, ...sections].join('\n\n')}\n`
}
