import { counted, grouped } from '../../functions/domain/counted.ts'
import type { OwnerReport, SweepReport, TopFix } from '../../functions/domain/sweep/report.ts'
import {
  changeTexts,
  closesText,
  coverageText,
  findingsText,
  gapsText,
  instantText,
  moneyText,
  verdictText,
} from '../../functions/domain/sweep/sentences.ts'
import { INDENT, section } from '../sections.ts'
import { SEVERITY_FORMATS } from '../severity-format.ts'
import { type Row, tableLines } from '../table.ts'
import { oneLine, type Paint, wrap } from '../terminal.ts'
import { VERDICT_FORMATS } from './verdict-format.ts'

export type Look = { readonly paint: Paint; readonly width: number }

/** What is shown of a list; the report has all. */
const FIXES = 3
const OWNERS = 5
const GAPS = 5

/** Rows with two cells less than there are, and how many are left out. */
const rowLines = (rows: readonly Row[], left: number, { paint, width }: Look): readonly string[] => [
  ...tableLines(rows, width - INDENT.length, paint),
  ...(left > 0 ? [paint('dim', `… and ${grouped(left)} more; the report has them`)] : []),
]

const inSentence = (text: string): string => `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`

function headLines(report: SweepReport, { paint, width }: Look): readonly string[] {
  const { verdict, score, since, coverage, id } = report
  const isWhole = coverage.complete && coverage.listed > 0
  const judged = [coverageText(report), gapsText(report)].filter(Boolean).join(' ')
  const change =
    since === null
      ? changeTexts(report).join(' ')
      : `Since ${instantText(since.at)}: ${changeTexts(report).map(inSentence).join('; ')}.`
  return [
    `${paint(['bold', VERDICT_FORMATS[verdict]], verdict.toUpperCase())}  ${paint('bold', `Sweep ${oneLine(id)}`)}`,
    ...wrap(verdictText(report), width),
    ...wrap(judged, width).map((line) => (isWhole ? line : paint('magenta', line))),
    ...wrap(`Score ${Math.round(score)} of 100. ${change}`, width),
  ]
}

/** What was to be judged and was not, and why. */
function gapLines({ targets, coverage: { notJudged, omitted } }: SweepReport, look: Look): readonly string[] {
  const problems = targets.flatMap(({ account, region, problem }) =>
    problem === null ? [] : [{ name: `${account} in ${region}`, why: problem }],
  )
  const repositories = notJudged.map(({ account, region, repository, why }) => ({
    name: repository === null ? `${account} in ${region}` : `${repository} (${account}, ${region})`,
    why,
  }))
  const known = new Set(problems.map(({ name, why }) => `${name} ${why}`))
  const all = [...problems, ...repositories.filter(({ name, why }) => !known.has(`${name} ${why}`))]
  const rows = all.slice(0, GAPS).map(({ name, why }): Row => [{ text: name, format: 'bold' }, { text: why }])
  return rowLines(rows, all.length - rows.length + omitted, look)
}

/** Below the number that stands before a fix. */
const HANGING = ' '.repeat(3)

function fixLines(fix: TopFix, index: number, { paint, width }: Look): readonly string[] {
  const { title, command, severity } = fix
  const room = width - INDENT.length - HANGING.length
  const [first = '', ...rest] = wrap(`${severity}  ${title.replace(/\.$/, '')}`, room)
  return [
    `${index + 1}. ${paint(SEVERITY_FORMATS[severity], severity)}  ${first.slice(severity.length).trimStart()}`,
    ...[...rest, ...wrap(closesText(fix), room)].map((line) => HANGING + line),
    ...(command === undefined ? [] : [`${HANGING}${paint('dim', '$')} ${paint('cyan', oneLine(command))}`]),
  ]
}

/** Those with the lowest scores. */
function ownerLines({ owners, ownersOmitted }: SweepReport, look: Look): readonly string[] {
  const worst = owners.filter(({ score }) => score < 100)
  const rows = worst
    .slice(0, OWNERS)
    .map(
      (one): Row => [
        { text: one.owner, format: 'bold' },
        { text: `${Math.round(one.score)} of 100` },
        { text: openText(one) },
      ],
    )
  return rowLines(rows, worst.length - rows.length + ownersOmitted, look)
}

const openText = ({ fails, unknowns, findings, repositories }: OwnerReport): string =>
  [
    `${counted(fails, 'fail')}, ${findingsText(findings)}`,
    ...(unknowns > 0 ? [`${grouped(unknowns)} unknown`] : []),
    `in ${counted(repositories, 'repository', 'repositories')}`,
  ].join(', ')

/** What a sweep comes to, on a page of a terminal: how it ended, what is missing, what to do first, who, and what it costs. */
export function summaryLines(report: SweepReport, look: Look): readonly string[] {
  const fixes = report.fixes.slice(0, FIXES).flatMap((fix, index) => fixLines(fix, index, look))
  return [
    ...headLines(report, look),
    ...section('NOT JUDGED', gapLines(report, look), look),
    ...section('TOP FIXES', fixes, look),
    ...section('OWNERS', ownerLines(report, look), look),
    ...section('IN STORE', wrap(moneyText(report.totals), look.width - INDENT.length), look),
  ]
}
