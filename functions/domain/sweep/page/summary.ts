import { roughBytes } from '../../bytes.ts'
import { counted, grouped } from '../../counted.ts'
import { SEVERITIES } from '../../severity.ts'
import type { SweepReport } from '../report.ts'
import { SCORE_WORDS } from '../score.ts'
import {
  changeTexts,
  coverageText,
  dollarsText,
  gapsText,
  instantText,
  lossText,
  pointsText,
  signed,
  total,
  VERDICTS,
  verdictText,
} from '../sentences.ts'
import { bar, trendChart } from './charts.ts'
import { type Html, html, type Part } from './html.ts'
import { severityMark } from './section.ts'

/** Shapes, so that the verdict is not told by its colour alone. */
const SHAPES = { pass: '✓', fail: '✕', unknown: '?' } as const

const NAMED = 5

type NotJudged = SweepReport['coverage']['notJudged'][number]

const notJudged = ({ account, region, repository, why }: NotJudged): Html =>
  html`<li>${repository !== null && html`<code>${repository}</code> in `}<code>${account} ${region}</code>: ${why}</li>`

/** What was not judged: where there is much of it, the first are in sight, the others unfold. */
function gaps(report: SweepReport): Html | undefined {
  const { coverage, targets } = report
  if (gapsText(report) === '') return undefined
  const all = [
    ...targets
      .filter(({ problem }) => problem !== null)
      .map(({ account, region, problem }) => html`<li><code>${account} ${region}</code>: ${problem}</li>`),
    ...coverage.notJudged.map(notJudged),
    ...(coverage.omitted > 0 ? [html`<li>${grouped(coverage.omitted)} more that are not named here</li>`] : []),
  ]
  const rest = all.slice(NAMED)
  return html`<div class="gaps"><p><strong>${gapsText(report)}</strong></p>
${all.length > 0 && html`<ul>${all.slice(0, NAMED)}</ul>`}
${rest.length > 0 && html`<details><summary>${grouped(rest.length)} more</summary><ul>${rest}</ul></details>`}</div>`
}

/** Verdict and coverage: what everything else is read by. */
export function headOf(report: SweepReport): Html {
  const { verdict, startedAt, endedAt } = report
  return html`<header class="${verdict}">
<p class="when">Sweep of container images, <time datetime="${startedAt}">${instantText(startedAt)}</time> to <time datetime="${endedAt}">${instantText(endedAt).slice(11)}</time></p>
<h1><span class="mark"><span aria-hidden="true">${SHAPES[verdict]}</span> ${VERDICTS[verdict]}</span> <span class="meaning">${verdictText(report)}</span></h1>
<p class="coverage">${coverageText(report)}</p>
${gaps(report)}
</header>
`
}

const card = (id: string, title: string, ...parts: readonly Part[]): Html =>
  html`<section class="card" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${parts}</section>`

const LOSSES = 3

function scoreCard({ score, losses, since, trend }: SweepReport): Html {
  const change = since && html`<span class="change">${signed(since.score, pointsText)} since the last sweep</span>`
  const why = losses.slice(0, LOSSES).map((loss) => html`<li>${lossText(loss)}</li>`)
  return card(
    'score',
    'Score',
    html`<p class="big"><span class="figure">${Math.round(score)}</span> of 100 ${change ?? ''}</p>`,
    trend.length > 1 && trendChart(trend),
    why.length > 0 && html`<ul class="plain">${why}</ul>`,
    html`<details><summary>How it is counted</summary><p>${SCORE_WORDS}</p></details>`,
  )
}

function findingsCard({ totals }: SweepReport): Html {
  const { findings, overdue, excepted, images, unscanned } = totals
  const shown = SEVERITIES.slice(0, 4).map((severity) => {
    const late = overdue[severity] ?? 0
    return html`<li>${severityMark(severity)} <span class="figure">${grouped(findings[severity] ?? 0)}</span>${late > 0 && html`<span class="late">, ${grouped(late)} overdue</span>`}</li>`
  })
  return card(
    'findings',
    'Findings',
    html`<p class="big"><span class="figure">${grouped(total(findings))}</span> in ${counted(images, 'image')}</p>`,
    html`<ul class="plain severities">${shown}</ul>`,
    unscanned > 0 &&
      html`<p class="late">${counted(unscanned, 'image has', 'images have')} no whole scan: what they have is not known.</p>`,
    excepted > 0 &&
      html`<p class="note">${counted(excepted, 'more finding or verdict is', 'more findings and verdicts are')} excepted.</p>`,
  )
}

const changeCard = (report: SweepReport): Html =>
  card(
    'change',
    report.since === null ? 'Change' : `Since ${instantText(report.since.at)}`,
    html`<ul class="plain">${changeTexts(report).map((text) => html`<li>${text}</li>`)}</ul>`,
  )

function moneyCard({ totals }: SweepReport): Html {
  const { bytes, dollarsPerMonth, removableBytes, removableDollarsPerMonth } = totals
  return card(
    'money',
    'Storage',
    html`<p class="big"><span class="figure">${dollarsText(dollarsPerMonth)}</span> a month, at most</p>`,
    html`<p>${roughBytes(bytes)} in store; clean-up would take ${roughBytes(removableBytes)}, ${dollarsText(removableDollarsPerMonth)} a month.</p>`,
    bar([{ value: removableBytes, kind: 'removable' }], bytes),
    html`<p class="note">Layers that images share are counted once for each image: AWS bills them once.</p>`,
  )
}

/** The first things that a reader asks: how good, what is new, how bad, what it costs. */
export const cardsOf = (report: SweepReport): Html =>
  html`<div class="cards">${scoreCard(report)}${changeCard(report)}${findingsCard(report)}${moneyCard(report)}</div>
`
