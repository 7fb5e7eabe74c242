import { counted } from '../../counted.ts'
import type { Severity } from '../../severity.ts'
import { drawn } from './drawn.ts'
import { type Html, html, type Part } from './html.ts'
import { severityView } from './repository-view.ts'

/** A part of the page under its own heading, which also names it for who jumps between regions. */
export const section = (id: string, title: string, ...parts: readonly Part[]): Html =>
  html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${parts}
</section>
`

export type Head = { readonly name: string; readonly isNumber?: boolean }

/** @param heads of the columns; cells of a row in the same order, the first names the row */
export function table(caption: Part, heads: readonly Head[], rows: readonly (readonly Part[])[]): Html {
  const cell = (part: Part, n: number): Html =>
    n === 0
      ? html`<th scope="row">${part}</th>`
      : html`<td class="${heads[n]?.isNumber ? 'number' : 'text'}">${part}</td>`
  const head = ({ name, isNumber }: Head): Html =>
    html`<th scope="col" class="${isNumber ? 'number' : 'text'}">${name}</th>`
  return html`<div class="wide" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${heads.map(head)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map(cell)}</tr>\n`)}</tbody></table></div>`
}

export const severityMark = (severity: Severity): Html => drawn(severityView(severity))

/** What is not shown is told. */
export const leftOut = (count: number, one: string, many: string): Html | false =>
  count > 0 && html`<p class="note">${counted(count, `more ${one}`, `more ${many}`)} in report.json.</p>`
