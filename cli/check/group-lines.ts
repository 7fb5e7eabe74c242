import type { Fix } from '../../functions/domain/rule/judgement.ts'
import type { NameOf } from '../../functions/judging/subject.ts'
import { INDENT, indented } from '../sections.ts'
import { SEVERITY_FORMATS } from '../severity-format.ts'
import { tableLines } from '../table.ts'
import { oneLine, type Paint, widthOf, wrap } from '../terminal.ts'
import { byFix, type Case, type Group } from './groups.ts'
import { countInWords } from './tally.ts'
import { evidenceLines, fixLines } from './verdict-lines.ts'

/** What is shown of a group: subjects that are mended alike, and ways to mend. The rest is counted. */
const MOST_ALIKE = 30
const MOST_WAYS = 10
/** Reasons of cases that are said once each, with the names below; of more, each is beside its name. */
const FEW_REASONS = 2

/** How things look, and are called. */
export type Look = { readonly paint: Paint; readonly width: number; readonly nameOf: NameOf }

/** The same, with two cells less. */
const narrower = (look: Look): Look => ({ ...look, width: look.width - INDENT.length })

export const moreThan = (most: number, all: readonly unknown[]): readonly string[] =>
  all.length > most ? [`… and ${all.length - most} more; --json has all`] : []

/** What is agreed and has ended: it counts again, and somebody will wonder why. */
const expiryNote = ({ verdict: { exception } }: Case): string =>
  exception?.state === 'expired'
    ? ` The exception of line ${exception.exception.line} ended on ${exception.exception.expires}.`
    : ''

const reasonOf = (one: Case): string => one.verdict.reason + expiryNote(one)

/** Names next to each other, as many as fit on a line. */
function flow(names: readonly string[], width: number): readonly string[] {
  const lines: string[] = []
  for (const name of names) {
    const last = lines.at(-1)
    if (last !== undefined && widthOf(last) + widthOf(name) + 2 <= width) lines[lines.length - 1] = `${last}  ${name}`
    else lines.push(oneLine(name, width))
  }
  return lines
}

/** Whatever cases have in common is said once. */
function caseLines(cases: readonly Case[], { paint, width, nameOf }: Look): readonly string[] {
  const [shown, more] = [cases.slice(0, MOST_ALIKE), moreThan(MOST_ALIKE, cases)]
  const reasons = [...new Set(shown.map(reasonOf))]
  if (cases.length === 1 || reasons.length > FEW_REASONS) {
    const rows = shown.map((one) => [{ text: nameOf(one.subject), format: 'bold' as const }, { text: reasonOf(one) }])
    return [...tableLines(rows, width, paint), ...more]
  }
  const named = (reason: string): readonly string[] =>
    flow(
      shown.filter((one) => reasonOf(one) === reason).map(({ subject }) => oneLine(nameOf(subject))),
      width - INDENT.length,
    )
  return [...reasons.flatMap((reason) => [...wrap(reason, width), ...indented(named(reason))]), ...indented(more)]
}

/** Whether a command is about one repository, so that those for others do not undo it. */
const isOfRepository = (command: string): boolean => /--(?:repository-name|resource-arn) /.test(command)

/** How the first of several cases is mended, and whether the commands of the others are the same but for the name of the repository. */
function fixOf(cases: readonly Case[]): { readonly fix: Fix; readonly notes: readonly string[] } {
  const fixes = cases.flatMap(({ verdict: { fix } }) => (fix?.command === undefined ? [] : [fix]))
  const { text = '', cdk } = cases[0]?.verdict.fix ?? {}
  const fix = { ...fixes[0], text, ...(cdk !== undefined && { cdk }) }
  const others = new Set(fixes.map(({ command }) => command)).size - 1
  if (fix.command === undefined || others < 1) return { fix, notes: [] }
  const rest = others === 1 ? 'the other one' : `the ${others} others`
  const note = isOfRepository(fix.command)
    ? `likewise for ${rest}; in a pipe each is on its line`
    : `it replaces a setting of the registry: check again for ${rest} after it`
  return { fix, notes: [note] }
}

/** Cases that are mended alike, and how. Commands are whole, so that they can be copied. */
function wayLines(cases: readonly Case[], isAlone: boolean, look: Look): readonly string[] {
  const [first] = cases
  const { fix, notes } = fixOf(cases)
  return [
    ...caseLines(cases, look),
    ...(first && isAlone ? indented(evidenceLines(first.verdict.evidence, narrower(look))) : []),
    ...fixLines(fix, notes, look),
  ]
}

const countOf = ({ cases }: Group): string => {
  const kinds = (['registry', 'repository', 'image'] as const).map((kind) => {
    const count = cases.filter(({ subject }) => subject.kind === kind).length
    return count > 0 ? [countInWords(count, kind)] : []
  })
  return kinds.flat().join(', ')
}

function headOf(group: Group, { paint }: Look): string {
  const { outcome, severity, rule, cases } = group
  const word = paint(SEVERITY_FORMATS[severity], outcome === 'fail' ? severity : 'UNKNOWN')
  const isEnforced = outcome === 'fail' && cases.some(({ verdict }) => verdict.mode === 'enforce')
  const note = isEnforced ? ['mode enforce: the deployed stack puts it right'] : []
  return [word, paint('bold', rule), paint('dim', [countOf(group), ...note].join(', '))].join('  ')
}

/** What a rule says of several subjects, by what mends it. */
export function groupLines(group: Group, look: Look): readonly string[] {
  const ways = byFix(group)
  const isAlone = group.cases.length === 1
  const shown = ways.slice(0, MOST_WAYS).flatMap((cases) => wayLines(cases, isAlone, narrower(look)))
  return [headOf(group, look), ...indented(shown), ...indented(moreThan(MOST_WAYS, ways))]
}
