import { counted, grouped } from '../../../functions/domain/counted.ts'
import type { GateFinding, GateResult, GateUpgrade } from '../../../functions/domain/gate/result.ts'
import { listed } from '../../../functions/domain/listed.ts'
import { type Html, html, type Part } from '../../../functions/domain/sweep/page/html.ts'
import { section, severityMark } from '../../../functions/domain/sweep/page/section.ts'
import {
  adviceText,
  closesText,
  countsText,
  listedFindings,
  otherFindings,
  unlistedText,
  upgradeText,
  whereText,
} from '../words.ts'

/** Rows of the page: as many are parsed in a blink, and folded away they are not drawn. */
const ROWS = 20_000
/** Rows that are drawn at once. */
const FIRST = 200
const FIXES = 8
const MOST_FIXES = 200

/** A link, where the address is one of https. */
export const linked = (text: string, url: string | undefined): Html =>
  url?.startsWith('https://')
    ? html`<a href="${url}" rel="noopener noreferrer" target="_blank">${text}</a>`
    : html`<bdi>${text}</bdi>`

/** What is not shown is told. */
export const notShown = (count: number): Part =>
  count > 0 && html`<p class="note">${counted(count, 'more', 'more')} in the output of <code>--output json</code>.</p>`

function versionsOf({ installed, fixed }: GateFinding): Part {
  if (installed === undefined && fixed === undefined) return undefined
  return html` <code>${installed ?? ''}${fixed === undefined ? '' : ` → ${fixed}`}</code>`
}

const findingRow = (
  one: GateFinding,
  result: GateResult,
): Html => html`<tr><td>${severityMark(one.severity)}</td><th scope="row">${linked(
  one.id,
  one.url,
)}</th><td><bdi>${one.package}</bdi>${versionsOf(one)}${
  one.exploit && html` <span class="late">exploit known</span>`
}${whereText(one, result) && html` <span class="note">${whereText(one, result)}</span>`}</td><td class="number">${
  one.score
}</td></tr>
`

const findingTable = (caption: string, findings: readonly GateFinding[], result: GateResult): Html =>
  html`<div class="wide" tabindex="0" role="region" aria-label="${caption}"><table class="findings"><caption>${caption}</caption>
<thead><tr><th scope="col">Severity</th><th scope="col">Finding</th><th scope="col">Package, installed → fixed</th><th scope="col" class="number">CVSS</th></tr></thead>
<tbody>${findings.map((one) => findingRow(one, result))}</tbody></table></div>`

const folded = (summary: string, caption: string, findings: readonly GateFinding[], result: GateResult): Part =>
  findings.length > 0 &&
  html`<details><summary>${summary}</summary>${findingTable(caption, findings, result)}</details>`

/** Those that failed the gate, or that a scan has found; after the first they unfold. */
export function listedOf(result: GateResult): Html | false {
  const all = listedFindings(result)
  const unlisted = unlistedText(result)
  const rest = all.slice(FIRST, ROWS)
  if (all.length === 0 && !unlisted) return false
  return section(
    'findings',
    result.kind === 'gate' ? 'Over the limit' : 'Findings',
    all.length > 0 && findingTable(`${counted(all.length, 'finding')}, the worst first`, all.slice(0, FIRST), result),
    folded(`${grouped(rest.length)} more`, 'The others', rest, result),
    notShown(all.length - FIRST - rest.length),
    unlisted && html`<p class="gap">${unlisted}</p>`,
  )
}

/** Those that did not fail it, by why, folded; they get the rows that are left. */
export function othersOf(result: GateResult): Html | false {
  const others = otherFindings(result)
  if (others.length === 0) return false
  const left = Math.floor(Math.max(0, ROWS - listedFindings(result).length) / others.length)
  return section(
    'others',
    'Other findings',
    others.map(({ why, counts, findings }) => [
      left > 0
        ? folded(`${why}: ${countsText(counts)}`, why, findings.slice(0, left), result)
        : html`<p>${why}: ${countsText(counts)}</p>`,
      notShown(findings.length - left),
    ]),
  )
}

const fix = (one: GateUpgrade): Html => html`<li><h3>${upgradeText(one)}</h3>
<p>${severityMark(one.severity)} ${closesText(one)}${
  one.installed.length > 0 && html`; installed: <code>${listed(one.installed)}</code>`
}</p>
<p class="note">${listed(one.ids)}</p></li>
`

/** The few things to do that close most. */
export function fixesOf(result: GateResult): Html | false {
  const { upgrades } = result
  const advice = adviceText(result)
  const rest = upgrades.slice(FIXES, MOST_FIXES)
  if (upgrades.length === 0 && advice === undefined) return false
  return section(
    'fixes',
    'Fix first',
    upgrades.length > 0 && html`<ol class="fixes">${upgrades.slice(0, FIXES).map(fix)}</ol>`,
    rest.length > 0 &&
      html`<details><summary>${grouped(rest.length)} more</summary><ol class="fixes" start="${FIXES + 1}">${rest.map(fix)}</ol></details>`,
    notShown(upgrades.length - FIXES - rest.length),
    advice !== undefined && html`<p>${advice}</p>`,
  )
}
