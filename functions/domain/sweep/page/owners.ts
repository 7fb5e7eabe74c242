import { roughBytes } from '../../bytes.ts'
import { grouped } from '../../counted.ts'
import type { OwnerReport, SweepReport } from '../report.ts'
import { dollarsText, lossText, pointsText, signed, total } from '../sentences.ts'
import { bar } from './charts.ts'
import { type Html, html, type Part } from './html.ts'
import { leftOut, section, table } from './section.ts'

/** On the first screen. */
const FIRST = 5
const MOST = 200

const HEADS = [
  { name: 'Owner' },
  { name: 'Score', isNumber: true },
  { name: 'Change', isNumber: true },
  { name: 'Critical', isNumber: true },
  { name: 'High', isNumber: true },
  { name: 'Overdue', isNumber: true },
  { name: 'Fails', isNumber: true },
  { name: 'Repositories', isNumber: true },
  { name: 'What costs most points' },
]

const cells = (one: OwnerReport): Part[] => [
  html`<bdi>${one.owner}</bdi>`,
  html`${bar([{ value: one.score, kind: 'score' }], 100)} ${Math.round(one.score)}`,
  one.change === undefined ? 'new' : signed(one.change, pointsText),
  grouped(one.findings.CRITICAL ?? 0),
  grouped(one.findings.HIGH ?? 0),
  grouped(total(one.overdue)),
  grouped(one.fails),
  grouped(one.repositories),
  one.losses.slice(0, 1).map(lossText),
]

const omitted = (count: number): Html | false =>
  count > 0 &&
  html`<p class="note">Owners with still better scores that are left out to keep the report small: ${grouped(count)}.</p>`

/** Owners, those with the lowest score first: who has most to do. */
export function ownersOf({ owners, ownersOmitted }: SweepReport): Html {
  const shown = owners.slice(0, MOST)
  const rest = shown.slice(FIRST)
  return section(
    'owners',
    'Owners',
    shown.length === 0 && html`<p>There are none.</p>`,
    shown.length > 0 && table('Owners, lowest score first', HEADS, shown.slice(0, FIRST).map(cells)),
    rest.length > 0 &&
      html`<details><summary>${grouped(rest.length)} more</summary>${table('Owners with better scores', HEADS, rest.map(cells))}${leftOut(owners.length - shown.length, 'owner is', 'owners are')}${omitted(ownersOmitted)}</details>`,
  )
}

const STORED = 15

/** Who has most in store, and what of it clean-up would take. */
export function storageOf({ owners, ownersOmitted }: SweepReport): Html | false {
  const all = owners.toSorted((a, b) => b.bytes - a.bytes)
  const most = all[0]?.bytes ?? 0
  if (most === 0) return false
  const heads = [
    { name: 'Owner' },
    { name: 'Part that clean-up would take' },
    { name: 'In store', isNumber: true },
    { name: '$ a month', isNumber: true },
    { name: 'Removable', isNumber: true },
  ]
  const rows = all.slice(0, STORED).map((one) => {
    const parts = [
      { value: one.removableBytes, kind: 'removable' },
      { value: one.bytes - one.removableBytes, kind: 'stored' },
    ]
    const money = [dollarsText(one.dollarsPerMonth), roughBytes(one.removableBytes)]
    return [html`<bdi>${one.owner}</bdi>`, bar(parts, most), roughBytes(one.bytes), ...money]
  })
  return section(
    'storage',
    'Storage by owner',
    table('Owners with most in store, and what clean-up would take of it', heads, rows),
    leftOut(all.length - rows.length, 'owner is', 'owners are'),
    omitted(ownersOmitted),
  )
}
