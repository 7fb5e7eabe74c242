import type { Judged, NameOf } from '../../functions/judging/subject.ts'
import { tableLines } from '../table.ts'
import { columnsOf, painter, wrap } from '../terminal.ts'
import { groupLines, type Look, moreThan } from './group-lines.ts'
import { type Case, type Group, groupsOf } from './groups.ts'
import type { Report } from './report.ts'
import { type Summary, stateOf, totalsInWords } from './tally.ts'

/** Exceptions that are shown; the rest is counted. */
const MOST = 30

/** Everything that somebody agreed to live with, and until when. */
function exceptedLines(cases: readonly Case[], { width, paint, nameOf }: Look): readonly string[] {
  const rows = cases
    .slice(0, MOST)
    .map(({ subject, verdict: { rule, exception } }) => [
      { text: rule },
      { text: nameOf(subject) },
      { text: `until ${exception?.exception.expires}` },
      { text: `${exception?.exception.owner}: ${exception?.exception.reason} (line ${exception?.exception.line})` },
    ])
  const lines = [...tableLines(rows, width - 2, paint), ...moreThan(MOST, cases)]
  return [paint('dim', 'EXCEPTED'), ...lines.map((line) => `  ${line}`)]
}

/** The colour of the closing line, which says in words what it means. */
function colourOf({ totals, missing }: Summary): 'red' | 'magenta' | 'green' {
  if (totals.fail > 0) return 'red'
  return totals.unknown + missing.length > 0 ? 'magenta' : 'green'
}

function closingLines(summary: Summary, worst: Group | undefined, { width, paint }: Look): readonly string[] {
  const totals = wrap(totalsInWords(summary), width).map((line) => paint(['bold', colourOf(summary)], line))
  const hint = worst ? wrap(`Why, and more on what mends it: ecr-steward explain ${worst.rule}`, width) : []
  return [...totals, ...hint.map((line) => paint('dim', line))]
}

/**
 * For people: what to see to, most urgent first and by rule, with what mends it. What passes is only counted.
 * Nothing is written before the end, since the worst may come last.
 */
export function terminalReport(stdout: NodeJS.WriteStream, nameOf: NameOf): Report {
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
      const look = { paint: painter(stdout), width: columnsOf(stdout), nameOf }
      const groups = groupsOf(open)
      const sections = [
        ...groups.map((group) => groupLines(group, look)),
        ...(excepted.length > 0 ? [exceptedLines(excepted, look)] : []),
        closingLines(summary, groups[0], look),
      ]
      stdout.write(`${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`)
    },
  }
}
