import {
  explainPolicy,
  type PolicyExplanation,
  type PossibleException,
  type RuleExplanation,
} from '../../functions/domain/explain-policy.ts'
import { targetOf } from '../check/target.ts'
import { CommandError } from '../command-error.ts'
import { type Configuration, nearPath, readConfiguration } from '../configuration.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import { createLines } from '../lines.ts'
import { parametersInWords } from '../rules/in-force.ts'
import { SEVERITY_FORMATS } from '../severity-format.ts'
import { type Row, tabbed, tableLines } from '../table.ts'
import { columnsOf, painter } from '../terminal.ts'
import { cleanUpRows } from './clean-up-rows.ts'
import { signerRows } from './signer-rows.ts'
import { memberRows, sweepRows } from './sweep-rows.ts'

/** @throws {CommandError} for what is no single repository */
function repositoryNamed(word: string): string {
  const target = targetOf(word)
  if (target.kind !== 'pattern') return target.repository
  throw new CommandError(
    'usage',
    'One repository is shown at a time, not a pattern.',
    'It need not exist: any name will do.',
  )
}

const overriddenBy = ({ overridden }: RuleExplanation): string =>
  overridden.length === 0 ? '' : `before ${overridden.map(({ line, mode }) => `line ${line} (${mode})`).join(', ')}`

function ruleRow(explained: RuleExplanation): Row {
  const { rule, line, mode, severity, parameters, quarantine } = explained
  const isOff = mode === 'off'
  const details = [
    quarantine ? 'quarantine' : '',
    isOff ? '' : parametersInWords(rule, parameters),
    overriddenBy(explained),
  ]
  return [
    { text: `line ${line}`, format: 'dim' },
    { text: rule.id, format: isOff ? 'dim' : 'bold' },
    { text: isOff ? '' : severity, format: SEVERITY_FORMATS[severity] },
    { text: mode, ...(isOff && { format: 'dim' as const }) },
    { text: details.filter(Boolean).join('; ') },
  ]
}

/** To which images of the repository an exception is limited. */
const scopeOf = ({ exception: { tags, digest, package: name } }: PossibleException): string =>
  [
    ...(name === undefined ? [] : [`package ${name}`]),
    ...(tags === undefined ? [] : [`tags ${tags.join(', ')}`]),
    ...(digest === undefined ? [] : [digest]),
  ].join(', ')

function exceptionRow(possible: PossibleException): Row {
  const { exception, isExpired } = possible
  const { line, rule, finding = '', expires, owner, reason } = exception
  return [
    { text: `line ${line}`, format: 'dim' },
    { text: rule ?? finding, format: 'bold' },
    { text: scopeOf(possible) },
    { text: isExpired ? `ended on ${expires}` : `until ${expires}`, ...(isExpired && { format: 'red' as const }) },
    { text: `${owner}: ${reason}` },
  ]
}

const exceptionsOf = ({ rules, exceptionsOnFindings }: PolicyExplanation): readonly PossibleException[] => [
  ...rules.flatMap(({ exceptions }) => exceptions),
  ...exceptionsOnFindings,
]

function toTerminal(explained: PolicyExplanation, { path, config }: Configuration, io: Io): void {
  const { stdout } = io
  const [paint, width] = [painter(stdout), columnsOf(stdout)]
  const lines = createLines(paint, width)
  const section = (title: string, rows: readonly Row[], none: string): void => {
    lines.heading(title)
    if (rows.length === 0) lines.paragraph(none)
    for (const line of tableLines(rows, width - 2, paint)) lines.verbatim(line)
  }
  section(
    `Rules for ${explained.repository} in ${nearPath(path, io)}`,
    explained.rules.map(ruleRow),
    'None is in force.',
  )
  const signers = signerRows(config, explained.rules)
  if (signers.length > 0) section('Whose signatures count', signers, '')
  section('Exceptions that may apply', exceptionsOf(explained).map(exceptionRow), 'None.')
  if (config.cleanUp)
    section('Clean-up', cleanUpRows(config, explained.repository), 'No entry matches: nothing is ever removed.')
  if (config.sweep) section('Sweep', sweepRows(config, explained.repository), '')
  if (config.members) section('Member stacks', memberRows(config), '')
  if (explained.unnamed.length > 0) {
    lines.heading('Not asked for')
    lines.paragraph(explained.unnamed.map(({ id }) => id).join(', '))
  }
  stdout.write(lines.text())
}

function toPipe(explained: PolicyExplanation, { config }: Configuration, { stdout }: Io): void {
  const write = (kind: string, rows: readonly Row[]): void => {
    for (const row of rows) stdout.write(`${tabbed([kind, ...row.map(({ text }) => text.replace(/^line /, ''))])}\n`)
  }
  write('rule', explained.rules.map(ruleRow))
  write('signer', signerRows(config, explained.rules))
  write('exception', exceptionsOf(explained).map(exceptionRow))
  write('clean-up', cleanUpRows(config, explained.repository))
  write('sweep', sweepRows(config, explained.repository))
  write('members', memberRows(config))
}

/** Shows which rules, exceptions, clean-up and sweep apply to a repository and its images, and from which line. */
export function show(word: string, config: string | undefined, io: Io): Exit {
  const repository = repositoryNamed(word)
  const found = readConfiguration(config, io)
  const explained = explainPolicy(found.config, repository, io.now())
  if (io.stdout.isTTY) toTerminal(explained, found, io)
  else toPipe(explained, found, io)
  return 'pass'
}
