import { grouped } from '../../counted.ts'
import type { SweepReport, TopFix } from '../report.ts'
import { closesText } from '../sentences.ts'
import { type Html, html } from './html.ts'
import { leftOut, section, severityMark } from './section.ts'

const FIRST = 8
const MOST = 60
const NAMED = 5

function repositories({ repositories: some, closes }: TopFix): Html | false {
  const named = some.slice(0, NAMED).map((name) => html`<code>${name}</code> `)
  const more = closes.repositories - named.length
  return named.length > 0 && html`<p class="note">${named}${more > 0 && `and ${grouped(more)} more`}</p>`
}

const fix = (one: TopFix): Html =>
  html`<li><h3>${one.title}</h3>
<p>${severityMark(one.severity)} ${closesText(one)}</p>
${one.command !== undefined && html`<pre tabindex="0">${one.command}</pre>`}${repositories(one)}</li>
`

/** The few things to do that close most, before anything is listed finding by finding. */
export function fixesOf({ fixes }: SweepReport): Html {
  const rest = fixes.slice(FIRST, MOST)
  return section(
    'fixes',
    'Top fixes',
    fixes.length === 0 && html`<p>Nothing that is open has a fix that is known.</p>`,
    fixes.length > 0 && html`<ol class="fixes">${fixes.slice(0, FIRST).map(fix)}</ol>`,
    rest.length > 0 &&
      html`<details><summary>${grouped(rest.length)} more</summary><ol class="fixes" start="${FIRST + 1}">${rest.map(fix)}</ol>${leftOut(fixes.length - MOST, 'fix is', 'fixes are')}</details>`,
  )
}
