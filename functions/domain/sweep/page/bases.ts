import { counted, grouped } from '../../counted.ts'
import type { BaseReport, SweepReport } from '../report.ts'
import { ancestryText, baseName, total } from '../sentences.ts'
import { type Html, html, type Part } from './html.ts'
import { section, table } from './section.ts'

const FIRST = 10
/** What to do comes first: on a small screen the rest is to the right of it. */
const HEADS = [
  { name: 'Base' },
  { name: 'Rebuild on' },
  { name: 'Fixes', isNumber: true },
  { name: 'Images', isNumber: true },
  { name: 'Repositories', isNumber: true },
  { name: 'Critical', isNumber: true },
  { name: 'High', isNumber: true },
  { name: 'Findings', isNumber: true },
  { name: 'With a fix', isNumber: true },
]

const named = ({ named: some, repositories }: BaseReport): Html => {
  const more = repositories - some.length
  const names = some.map((name) => html`<code>${name}</code> `)
  return html`<details><summary>${grouped(repositories)}</summary>${names}${more > 0 && `and ${grouped(more)} more`}</details>`
}

const nameOf = (one: BaseReport): Html =>
  html`<code>${baseName(one)}</code> <span class="note">${one.name === null ? 'that nobody names' : one.isRead ? counted(one.layers, 'layer') : 'by labels'}</span>`

function cells(one: BaseReport): Part[] {
  const { findings, fixable, images, rebuild } = one
  const target = rebuild
    ? html`<code>${rebuild.on}</code>${rebuild.adds > 0 && html` <span class="note">with ${counted(rebuild.adds, 'finding')} of its own</span>`}`
    : html`<span class="none">no newer one was read</span>`
  const counts = [findings.CRITICAL ?? 0, findings.HIGH ?? 0, total(findings), fixable].map(grouped)
  return [nameOf(one), target, rebuild ? grouped(rebuild.fixes) : '', grouped(images), named(one), ...counts]
}

/** What images are built upon and have from it: one rebuild closes in all of them what no upgrade of a package does. */
export function basesOf(report: SweepReport): Html | false {
  const { bases, omitted } = report.ancestry
  if (bases.length === 0) return false
  const rest = bases.slice(FIRST)
  return section(
    'bases',
    'Bases',
    html`<p>${ancestryText(report)}</p>`,
    table('Bases, those whose rebuild closes most first', HEADS, bases.slice(0, FIRST).map(cells)),
    rest.length > 0 &&
      html`<details><summary>${grouped(rest.length)} more</summary>${table('More bases', HEADS, rest.map(cells))}</details>`,
    omitted > 0 &&
      html`<p class="note">${counted(omitted, 'more base')} whose rebuild closes less, left out to keep the report small.</p>`,
    html`<p class="note">A newer image is named, and what it fixes counted, only where the scans of it and of the base are known.</p>`,
  )
}
