import { counted, grouped } from '../../counted.ts'
import type { RepositoryReport, SweepReport } from '../report.ts'
import type { PageData } from './client.ts'
import { drawn } from './drawn.ts'
import { type Html, html, json } from './html.ts'
import { views } from './repository-view.ts'
import { packer, toRow } from './rows.ts'
import { section } from './section.ts'

const { repositoryView, rowView } = views()

/** Rows that are there without a script. */
const WRITTEN = 200
/** Bytes of what unfolds below these rows, as markup. */
const UNFOLDED = 300_000

const bytesOf = (text: string): number => Buffer.byteLength(text)

/** Rows and details for the script, as far as bytes allow; those with the lowest score come first, and rows before details. */
export function dataOf(all: readonly RepositoryReport[], bytes: number): PageData {
  const { packed, pack } = packer()
  let left = bytes
  for (const one of all) {
    const known = packed.texts.length
    left -= bytesOf(JSON.stringify(pack(toRow(one)))) + bytesOf(JSON.stringify(packed.texts.slice(known)))
    if (left < 0) {
      packed.rows.pop()
      break
    }
  }
  const details: Record<string, RepositoryReport['details']> = {}
  for (const [n, one] of all.slice(0, packed.rows.length).entries()) {
    if (one.details === undefined) continue
    left -= bytesOf(json(one.details).text) + 10
    if (left < 0) break
    details[n] = one.details
  }
  return { packed, details }
}

function written(all: readonly RepositoryReport[]): Html[] {
  let left = UNFOLDED
  return all.slice(0, WRITTEN).map((one, n) => {
    const row = toRow(one)
    const whole = left > 0 ? repositoryView(row, one.details) : []
    left -= bytesOf(drawn(['div', {}, ...whole]).text)
    return html`${drawn(rowView(row, n, left > 0 ? whole : [['p', {}, ONLY_BY_SCRIPT]]))}\n`
  })
}

const ONLY_BY_SCRIPT = 'What is open in it is shown where scripts run; report.json has it too.'

/** Of the table; `first` is the order that a first press sorts by. */
const COLUMNS = [
  { name: 'Repository', sort: 'name', first: 'up' },
  { name: 'Owner', sort: 'owner', first: 'up' },
  { name: 'Score', sort: 'score', first: 'up' },
  { name: 'Critical', sort: 'critical', first: 'down' },
  { name: 'High', sort: 'high', first: 'down' },
  { name: 'Medium', sort: 'medium', first: 'down' },
  { name: 'Overdue', sort: 'overdue', first: 'down' },
  { name: 'Fails', sort: 'fails', first: 'down' },
  { name: 'Unknown', sort: 'unknowns', first: 'down' },
  { name: 'In store', sort: 'bytes', first: 'down' },
  { name: '$ a month', sort: 'dollars', first: 'down' },
] as const

const head = ({ name, sort, first }: (typeof COLUMNS)[number], n: number): Html =>
  html`<th scope="col" class="${n < 2 ? 'text' : 'number'}" aria-sort="none"><button type="button" data-sort="${sort}" data-first="${first}">${name}</button></th>`

const STATES = {
  fails: 'with fails',
  unknown: 'with unknown verdicts',
  overdue: 'with overdue findings',
  excepted: 'with exceptions',
  unread: 'read in part',
  clean: 'with nothing open',
} as const

const option = ([value, text]: readonly [string, string]): Html => html`<option value="${value}">${text}</option>`

const OWNERS = 500

function choice({ owners }: SweepReport): Html {
  const names = owners.map(({ owner }) => owner).sort()
  const severities = ['critical', 'high', 'medium', 'low'].map((word) => [word, `${word} or worse`] as const)
  return html`<form id="choice" role="search" aria-label="Choose repositories" hidden>
<label>Text <input id="by-text" type="search" autocomplete="off" placeholder="name, owner or region"></label>
<label>Owner <select id="by-owner"><option value="">any</option>${names.slice(0, OWNERS).map((name) => option([name, name]))}</select></label>
<label>Findings <select id="by-severity"><option value="">any</option>${severities.map(option)}</select></label>
<label>State <select id="by-state"><option value="">any</option>${Object.entries(STATES).map(option)}</select></label>
</form>`
}

/** The table of all repositories: the first of them as markup, the others are in `data` for the script. */
export function repositoriesOf(report: SweepReport): Html {
  const all = report.repositories
  if (all.length === 0) return section('repositories', 'Repositories', html`<p>No repository was judged.</p>`)
  const shown = Math.min(all.length, WRITTEN)
  const told = `${grouped(shown)} of ${counted(all.length, 'repository', 'repositories')}, lowest score first.`
  return section(
    'repositories',
    'Repositories',
    choice(report),
    html`<p id="shown" role="status">${told}</p>
<div class="wide" tabindex="0" role="region" aria-label="Repositories"><table class="repositories"><caption>Repositories; each unfolds to its images, their findings, and how to fix them<span id="heads-hint" hidden>. Heads sort</span></caption>
<thead id="heads"><tr>${COLUMNS.map(head)}</tr></thead>
<tbody id="rows">${written(all)}</tbody></table></div>
<button type="button" id="more" hidden>Show more</button>`,
  )
}
