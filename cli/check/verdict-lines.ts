import type { Evidence, Fix } from '../../functions/domain/rule/judgement.ts'
import { hanging, INDENT, indented } from '../sections.ts'
import { oneLine, type Paint } from '../terminal.ts'
import { changeLines } from './change.ts'

/** What is shown of what a verdict rests on. */
const MOST_EVIDENCE = 4

type Look = { readonly paint: Paint; readonly width: number }

/** What the verdict on a single subject rests on. */
export const evidenceLines = (evidence: readonly Evidence[], look: Look): readonly string[] =>
  evidence
    .slice(0, MOST_EVIDENCE)
    .flatMap(({ name, value }) => hanging(INDENT, `${name}: ${value}`, look))
    .map((line) => look.paint('dim', line))

/** A command, whole so that it can be copied, with what is to be said of it and what it changes. */
export const commandLines = (
  { command, ...fix }: Fix,
  notes: readonly string[],
  { paint }: Pick<Look, 'paint'>,
): readonly string[] =>
  command === undefined
    ? []
    : [
        `${paint('dim', '$')} ${paint('cyan', oneLine(command))}`,
        ...notes.map((note) => paint('dim', note)),
        ...changeLines({ ...fix, command }, paint),
      ]

/** How to mend it: in a sentence, by a command and in CDK. @param notes on the command */
export const fixLines = (fix: Fix, notes: readonly string[], look: Look): readonly string[] => [
  ...(fix.text === '' ? [] : hanging('→ ', fix.text, look)),
  ...indented(commandLines(fix, notes, look)),
  ...(fix.cdk === undefined ? [] : [`${INDENT}${look.paint('dim', 'CDK')} ${oneLine(fix.cdk)}`]),
]
