import type { Fix } from '../../functions/domain/rule/judgement.ts'
import { SEVERITY_FORMATS } from '../severity-format.ts'
import { tableLines } from '../table.ts'
import { columnsOf, oneLine, type Paint, painter, widthOf, wrap } from '../terminal.ts'
import { changeLines } from './change.ts'
import { type Case, type Group, groupsOf } from './groups.ts'
import type { Report } from './report.ts'
import { type Judged, subjectName } from './subject.ts'
import { countInWords, type Summary, stateOf, totalsInWords } from './tally.ts'

/** Subjects that a group shows, and ways to mend it; of the subjects the rest is counted. */
const MOST_SUBJECTS = 30
const MOST_TEXTS = 3

const INDENT = '  '
const DEEPER = '    '

const indented = (lines: readonly string[], indent: string): readonly string[] => lines.map((line) => indent + line)

const moreThan = (most: number, all: readonly unknown[]): readonly string[] =>
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
function caseLines({ cases }: Group, width: number, paint: Paint): readonly string[] {
  const shown = cases.slice(0, MOST_SUBJECTS)
  const more = moreThan(MOST_SUBJECTS, cases)
  const [reason = '', ...others] = [...new Set(cases.map(reasonOf))]
  if (others.length > 0) {
    const rows = shown.map((one) => [{ text: subjectName(one.subject) }, { text: reasonOf(one) }])
    return indented([...tableLines(rows, width - INDENT.length, paint), ...more], INDENT)
  }
  const names = flow(
    shown.map(({ subject }) => oneLine(subjectName(subject))),
    width - DEEPER.length,
  )
  return [...indented(wrap(reason, width - INDENT.length), INDENT), ...indented([...names, ...more], DEEPER)]
}

/** The command of one case, and whether those of the others are the same but for the name of the repository. */
function commandLines(cases: readonly Case[], paint: Paint): readonly string[] {
  const commands = cases.flatMap(({ subject, verdict: { fix } }) =>
    fix?.command === undefined ? [] : [{ subject, fix, command: fix.command }],
  )
  const [first] = commands
  if (!first) return []
  const others = new Set(commands.map(({ command }) => command)).size - 1
  const note = isOfRepository(first.command)
    ? `likewise for the ${others} others; in a pipe each is on its line`
    : `it replaces a setting of the registry: check again for the ${others} others after it`
  const shown = `${paint('dim', '$')} ${paint('cyan', oneLine(first.command))}`
  return [shown, ...(others > 0 ? [paint('dim', note)] : []), ...changeLines(first.fix, paint)]
}

/** Whether a command is about one repository, so that those for others do not undo it. */
const isOfRepository = (command: string): boolean => /--(?:repository-name|resource-arn) /.test(command)

const hanging = (mark: string, text: string, width: number): readonly string[] =>
  wrap(text, width - mark.length).map((line, index) => (index === 0 ? mark : ' '.repeat(mark.length)) + line)

/** What to do: commands are whole, so that they can be copied. */
function fixLines({ cases }: Group, width: number, paint: Paint): readonly string[] {
  const fixes = cases.flatMap(({ verdict: { fix } }): Fix[] => (fix ? [fix] : []))
  const texts = [...new Set(fixes.map(({ text }) => text))].slice(0, MOST_TEXTS)
  const [cdk] = fixes.flatMap(({ cdk: property }) => property ?? [])
  return [
    ...texts.flatMap((text) => hanging('→ ', text, width)),
    ...indented(commandLines(cases, paint), INDENT),
    ...(cdk === undefined ? [] : [`${INDENT}${paint('dim', 'CDK')} ${oneLine(cdk)}`]),
  ]
}

const countOf = ({ cases }: Group): string => {
  const kinds = (['registry', 'repository', 'image'] as const).map((kind) => {
    const count = cases.filter(({ subject }) => subject.kind === kind).length
    return count > 0 ? [countInWords(count, kind)] : []
  })
  return kinds.flat().join(', ')
}

function groupLines(group: Group, width: number, paint: Paint): readonly string[] {
  const { outcome, severity, rule, cases } = group
  const word = paint(SEVERITY_FORMATS[severity], outcome === 'fail' ? severity : 'UNKNOWN')
  const isEnforced = outcome === 'fail' && cases.some(({ verdict }) => verdict.mode === 'enforce')
  const note = isEnforced ? ['mode enforce: the deployed stack puts it right'] : []
  return [
    [word, paint('bold', rule), paint('dim', [countOf(group), ...note].join(', '))].join('  '),
    ...caseLines(group, width, paint),
    ...indented(fixLines(group, width - INDENT.length, paint), INDENT),
  ]
}

/** Everything that somebody agreed to live with, and until when. */
function exceptedLines(cases: readonly Case[], width: number, paint: Paint): readonly string[] {
  if (cases.length === 0) return []
  const rows = cases
    .slice(0, MOST_SUBJECTS)
    .map(({ subject, verdict: { rule, exception } }) => [
      { text: rule },
      { text: subjectName(subject) },
      { text: `until ${exception?.exception.expires}` },
      { text: `${exception?.exception.owner}: ${exception?.exception.reason} (line ${exception?.exception.line})` },
    ])
  const lines = [...tableLines(rows, width - INDENT.length, paint), ...moreThan(MOST_SUBJECTS, cases)]
  return [paint('dim', 'EXCEPTED'), ...indented(lines, INDENT)]
}

/** The colour of the closing line, which says in words what it means. */
function colourOf({ totals, missing }: Summary): 'red' | 'magenta' | 'green' {
  if (totals.fail > 0) return 'red'
  return totals.unknown + missing.length > 0 ? 'magenta' : 'green'
}

function closingLines(summary: Summary, worst: Group | undefined, width: number, paint: Paint): readonly string[] {
  const totals = wrap(totalsInWords(summary), width).map((line) => paint(['bold', colourOf(summary)], line))
  const hint = worst ? wrap(`Why, and more on what mends it: ecr-steward explain ${worst.rule}`, width) : []
  return [...totals, ...hint.map((line) => paint('dim', line))]
}

/**
 * For people: what to see to, most urgent first and by rule, with what mends it. What passes is only counted.
 * Nothing is written before the end, since the worst may come last.
 */
export function terminalReport(stdout: NodeJS.WriteStream): Report {
  const [open, excepted]: [Case[], Case[]] = [[], []]
  return {
    add({ subject, verdicts }: Judged) {
      for (const verdict of verdicts) {
        const state = stateOf(verdict)
        if (state === 'fail' || state === 'unknown') open.push({ subject, verdict })
        if (state === 'excepted') excepted.push({ subject, verdict })
      }
    },
    end(summary) {
      const [paint, width] = [painter(stdout), columnsOf(stdout)]
      const groups = groupsOf(open)
      const sections = [
        ...groups.map((group) => groupLines(group, width, paint)),
        ...(excepted.length > 0 ? [exceptedLines(excepted, width, paint)] : []),
        closingLines(summary, groups[0], width, paint),
      ]
      stdout.write(`${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`)
    },
  }
}
