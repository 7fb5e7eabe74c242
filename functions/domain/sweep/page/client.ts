import type { RepositoryReport } from '../report.ts'
import type { Document, Element, Window } from './dom.ts'
import type { Views } from './repository-view.ts'
import type { PackedRows, Row } from './rows.ts'
import type { View } from './view.ts'

// The functions of this file run in the page, from their text (script.ts): they may use each other, the document, and nothing
// else that is declared outside of them. They are tested in Chromium: test/domain/sweep/page/browser.test.ts.

declare const document: Document
declare const window: Window

/** Details by the number of their row. */
export type PageData = {
  readonly packed: PackedRows
  readonly details: Readonly<Record<string, RepositoryReport['details']>>
}

type State = { text: string; owner: string; severity: string; state: string; sort: string; shown: number }

type Page = {
  readonly rows: readonly Row[]
  readonly details: PageData['details']
  readonly views: Views
  /** Before anything is chosen: the table is as it was written. */
  readonly state: State
}

/* v8 ignore start -- @preserve */

function byId(id: string): Element {
  return document.getElementById(id) as Element
}

function made(view: View): Element | string {
  if (typeof view === 'string') return view
  const [tag, attributes, ...children] = view
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children.map(made))
  return element
}

function isIn(row: Row, state: string): boolean {
  if (state === 'fails') return row.fails > 0
  if (state === 'unknown') return row.unknowns > 0
  if (state === 'overdue') return row.overdue > 0
  if (state === 'excepted') return row.excepted > 0
  if (state === 'unread') return row.unread.length > 0
  return row.fails + row.unknowns + row.critical + row.high + row.medium + row.low + row.unread.length === 0
}

function isAtLeast(row: Row, severity: string): boolean {
  const { critical, high, medium, low } = row
  const counts =
    severity === 'critical' ? [critical] : severity === 'high' ? [critical, high] : [critical, high, medium]
  return (severity === 'low' ? [...counts, low] : counts).some((count) => count > 0)
}

function chosen({ rows, state }: Page): number[] {
  const text = state.text.trim().toLowerCase()
  const all = rows.map((_, n) => n)
  return all.filter((n) => {
    const row = rows[n] as Row
    if (text && !`${row.name} ${row.registry} ${row.owner}`.toLowerCase().includes(text)) return false
    if (state.owner && row.owner !== state.owner) return false
    if (state.severity && !isAtLeast(row, state.severity)) return false
    return !state.state || isIn(row, state.state)
  })
}

function sorted({ rows, state }: Page, numbers: number[]): number[] {
  if (!state.sort) return numbers
  const down = state.sort.startsWith('-')
  const field = state.sort.replace('-', '') as 'name' | 'owner' | 'score'
  return numbers.sort((a, b) => {
    const [one, other] = [(rows[a] as Row)[field], (rows[b] as Row)[field]]
    const order = typeof one === 'string' ? one.localeCompare(String(other)) : one - Number(other)
    return (down ? -order : order) || a - b
  })
}

function showHeads({ state }: Page): void {
  for (const button of byId('heads').querySelectorAll('button')) {
    const field = button.dataset.sort
    const order = state.sort === field ? 'ascending' : state.sort === `-${field}` ? 'descending' : 'none'
    button.parentElement?.setAttribute('aria-sort', order)
  }
}

/** So that a link leads to the same choice. */
function keepInAddress({ state }: Page): void {
  const named = Object.entries(state).filter(([name, value]) => name !== 'shown' && value !== '')
  const hash = new URLSearchParams(named.map(([name, value]): [string, string] => [name, String(value)])).toString()
  window.history.replaceState(null, '', hash ? `#repositories?${hash}` : '#repositories')
}

function show(page: Page): void {
  const numbers = sorted(page, chosen(page))
  const shown = numbers.slice(0, page.state.shown)
  byId('rows').replaceChildren(...shown.map((n) => made(page.views.rowView(page.rows[n] as Row, n, []))))
  const [few, all] = [shown.length.toLocaleString('en-US'), page.rows.length.toLocaleString('en-US')]
  const fitting = numbers.length.toLocaleString('en-US')
  byId('shown').textContent =
    numbers.length === 0 ? 'No repository fits.' : `${few} of ${fitting} that fit, of ${all} in all.`
  byId('more').hidden = shown.length === numbers.length
  showHeads(page)
}

/** Draws what unfolds when it is unfolded: of 10,000 repositories few are. */
function unfold({ rows, details, views }: Page, target: unknown): void {
  const element = target as Element
  const n = element.dataset?.row
  const inside = n === undefined ? null : element.querySelector('.inside')
  if (!inside || !element.open) return
  const row = rows[Number(n)] as Row
  inside.replaceChildren(...views.repositoryView(row, details[String(n)]).map(made))
  element.removeAttribute('data-row')
}

function readAddress({ state }: Page): boolean {
  const [, hash] = window.location.hash.split('#repositories?')
  if (!hash) return false
  const read = new URLSearchParams(hash)
  for (const name of ['text', 'owner', 'severity', 'state', 'sort'] as const) state[name] = read.get(name) ?? ''
  for (const name of ['text', 'owner', 'severity', 'state'] as const) byId(`by-${name}`).value = state[name]
  return true
}

function listen(page: Page, step: number): void {
  const again = (): void => {
    page.state.shown = step
    show(page)
    keepInAddress(page)
  }
  let waiting: number | undefined
  for (const name of ['text', 'owner', 'severity', 'state'] as const)
    byId(`by-${name}`).addEventListener('input', () => {
      page.state[name] = byId(`by-${name}`).value
      window.clearTimeout(waiting)
      waiting = window.setTimeout(again, name === 'text' ? 120 : 0)
    })
  for (const button of byId('heads').querySelectorAll('button'))
    button.addEventListener('click', () => {
      const field = String(button.dataset.sort)
      const first = button.dataset.first === 'down' ? `-${field}` : field
      page.state.sort = page.state.sort !== first ? first : first.startsWith('-') ? field : `-${field}`
      again()
    })
  byId('more').addEventListener('click', () => {
    page.state.shown += step
    show(page)
  })
  byId('rows').addEventListener('toggle', ({ target }) => unfold(page, target), true)
}

/** Brings the table to life: nothing of it is redrawn before something is chosen. */
export function start(views: Views, unpack: (packed: PackedRows) => Row[]): void {
  const { packed, details } = JSON.parse(byId('data').textContent ?? '') as PageData
  const step = 200
  const state = { text: '', owner: '', severity: '', state: '', sort: '', shown: step }
  const page = { rows: unpack(packed), details, views, state }
  listen(page, step)
  for (const id of ['choice', 'heads-hint']) byId(id).hidden = false
  byId('more').hidden = page.rows.length <= step
  if (readAddress(page)) {
    show(page)
    byId('repositories').scrollIntoView()
  }
}

/* v8 ignore stop -- @preserve */

/** All of the above as the text of declarations. */
export const CLIENT = [
  ...[byId, made, isIn, isAtLeast, chosen, sorted, showHeads, keepInAddress, show, unfold, readAddress, listen],
].join('\n')
