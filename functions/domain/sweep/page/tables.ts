import { counted, grouped } from '../../counted.ts'
import type { AgeReport, ExceptionState, SweepReport } from '../report.ts'
import { instantText } from '../sentences.ts'
import { bar, trendChart, trendText } from './charts.ts'
import { drawn } from './drawn.ts'
import { type Html, html } from './html.ts'
import { verdictsView } from './repository-view.ts'
import { leftOut, section, severityMark, table } from './section.ts'

const number = (name: string) => ({ name, isNumber: true })

const KINDS = ['young', 'grown', 'old', 'ancient'] as const

const sum = ({ buckets }: AgeReport): number => buckets.reduce((all, count) => all + count, 0)

/** Findings by how long they are known, against the days within which they have to go. */
export function agesOf({ ages }: SweepReport): Html | false {
  const most = Math.max(...ages.map(sum), 0)
  if (most === 0) return false
  const heads = [
    ...[{ name: 'Severity' }, { name: 'By age' }, number('Below 7 days'), number('7 to 29'), number('30 to 89')],
    ...[number('90 and more'), number('Has to go within'), number('Overdue')],
  ]
  const rows = ages.map((age) => [
    severityMark(age.severity),
    bar(
      age.buckets.map((value, n) => ({ value, kind: KINDS[n] as string })),
      most,
    ),
    ...age.buckets.map(grouped),
    age.sla === null ? 'no limit' : counted(age.sla, 'day'),
    age.overdue > 0 ? html`<span class="late">${grouped(age.overdue)}</span>` : '0',
  ])
  const note = html`<p class="note">Age counts from the sweep that saw a finding first.</p>`
  return section('ages', 'Findings by age', table('Findings by age, in days', heads, rows), note)
}

const POINTS = 60

/** The score of the sweeps before this one, as a line, and as numbers for who wants them. */
export function trendOf({ trend }: SweepReport): Html | false {
  if (trend.length < 2) return false
  const points = trend.toReversed().slice(0, POINTS)
  const heads = [{ name: 'Sweep' }, number('Score'), number('Fails'), number('Repositories'), number('GB in store')]
  const rows = points.map(({ at, score, fails, repositories, bytes }) => {
    const stored = (bytes / 1e9).toLocaleString('en-US', { maximumFractionDigits: 1 })
    return [instantText(at), Math.round(score), grouped(fails), grouped(repositories), stored]
  })
  return section(
    'trend',
    'Score over time',
    html`<figure><div class="axis" aria-hidden="true"><span>100</span><span>50</span><span>0</span></div>${trendChart(trend)}
<figcaption>${trendText(trend)}</figcaption></figure>`,
    html`<details><summary>As numbers</summary>${table('Score of each sweep, last first', heads, rows)}${leftOut(trend.length - points.length, 'sweep is', 'sweeps are')}</details>`,
  )
}

/** What each rule says, those with most fails first. */
export function rulesOf({ rules }: SweepReport): Html | false {
  if (rules.length === 0) return false
  const heads = [{ name: 'Rule' }, number('Fail'), number('Unknown'), number('Excepted'), number('Pass')]
  const rows = rules
    .toSorted((a, b) => b.fail - a.fail || b.unknown - a.unknown)
    .map((one) => [html`<code>${one.rule}</code>`, ...[one.fail, one.unknown, one.excepted, one.pass].map(grouped)])
  return section(
    'rules',
    'Rules',
    table('Repositories, images and registries by what a rule says of them', heads, rows),
  )
}

const STATES = {
  expired: 'expired: it counts again',
  'expires-soon': 'expires soon',
  unused: 'unused: nothing needs it',
  holds: 'holds',
} as const

const ORDER = ['expired', 'expires-soon', 'unused', 'holds'] as const
const MOST = 200

/** Exceptions, those first that somebody has to look at. */
export function exceptionsOf({ exceptions }: SweepReport): Html | false {
  if (exceptions.length === 0) return false
  const place = ({ state }: ExceptionState): number => ORDER.indexOf(state)
  const heads = [
    ...[{ name: 'For' }, { name: 'State' }, { name: 'Until' }, number('Used')],
    ...[{ name: 'Agreed by' }, { name: 'Reason' }, number('Line')],
  ]
  const rows = exceptions
    .toSorted((a, b) => place(a) - place(b))
    .slice(0, MOST)
    .map((one) => [
      ...[
        html`<code>${one.what}</code>`,
        one.state === 'holds' ? 'holds' : html`<strong>${STATES[one.state]}</strong>`,
      ],
      ...[html`<time>${one.expires}</time>`, grouped(one.uses), one.owner, one.reason, one.line],
    ])
  const rest = leftOut(exceptions.length - rows.length, 'exception is', 'exceptions are')
  return section(
    'exceptions',
    'Exceptions',
    table('Exceptions of steward.yaml, those to look at first', heads, rows),
    rest,
  )
}

/** How far each registry was judged, and what is open in it as a whole. */
export function registriesOf({ targets, registries }: SweepReport): Html {
  const heads = [{ name: 'Registry' }, number('Repositories'), number('Judged'), { name: 'Problem' }]
  const rows = targets.map((one) => [
    html`<code>${one.account} ${one.region}</code>`,
    ...[grouped(one.listed), grouped(one.judged), one.problem ?? 'none'],
  ])
  const open = registries
    .filter(({ verdicts }) => verdicts.length > 0)
    .map((one) => html`<h3>${one.account} ${one.region}</h3>${verdictsView(one.verdicts).map(drawn)}`)
  return section('registries', 'Registries', table('Registries that were to be judged', heads, rows), open)
}
