import { grouped } from '../../functions/domain/counted.ts'
import { listed } from '../../functions/domain/listed.ts'
import { section } from '../sections.ts'
import { type Cell, NARROWEST, type Row, tableLines } from '../table.ts'
import { oneLine, type Paint, wrap } from '../terminal.ts'
import type { Proposal, Proposed } from './proposal.ts'
import { totalOf } from './standing.ts'

export type Look = { readonly paint: Paint; readonly width: number }

/** Cells of a bar, and what they look like. */
const BAR = 10
const FULL = '━'
export const EMPTY = '─'

/** Something is filled where there is something, and not all where there is not all. */
export function bar(part: number, whole: number): string {
  const filled = whole === 0 ? 0 : Math.round((part / whole) * BAR)
  const shown = part === 0 ? 0 : Math.min(Math.max(filled, 1), part < whole ? BAR - 1 : BAR)
  return FULL.repeat(shown) + EMPTY.repeat(BAR - shown)
}

/** A rule with the entries that name it. */
type Written = { readonly proposed: Proposed; readonly patterns: readonly string[] }

const byRule = ({ entries, registry }: Proposal): readonly (readonly Written[])[] => {
  const all = [
    ...entries.flatMap(({ patterns, rules }) => rules.map((proposed) => ({ proposed, patterns }))),
    ...registry.map((proposed) => ({ proposed, patterns: [] })),
  ]
  return [...Map.groupBy(all, ({ proposed }) => proposed.rule).values()]
}

/** Of nothing, not even the codes of a colour. */
export const dim = (text: string): Cell => (text === '' ? { text } : { text, format: 'dim' })

/** Of an image its repository will do: it is the newest there. */
type Sum = { readonly pass: number; readonly total: number; readonly fails: readonly string[] }

/** What a rule says of all, in all entries. */
function sumOf(written: readonly Written[]): Sum {
  const standings = written.flatMap(({ proposed }) => proposed.standing ?? [])
  return {
    pass: standings.reduce((sum, one) => sum + one.pass, 0),
    total: standings.reduce((sum, one) => sum + totalOf(one), 0),
    fails: standings.flatMap(({ fails }) => fails.map(({ repository }) => repository)),
  }
}

/** What is to be done with it: enforce it, or see to what fails. */
function adviceOn(written: readonly Written[], { fails, total }: Sum): Cell {
  const ready = written.filter(({ proposed }) => proposed.isReady)
  const word = ready.some(({ proposed }) => proposed.mode === 'enforce') ? 'enforced' : 'ready for enforce'
  if (ready.length > 0 && ready.length === written.length) return { text: word, format: ['green', 'bold'] }
  const where = ready.flatMap(({ patterns }) => patterns)
  if (where.length > 0) return { text: `${word} in ${listed(where, 3)}`, format: 'green' }
  if (fails.length === total) return dim('fails everywhere')
  return dim(fails.length > 0 ? `fails: ${listed(fails, 2)}` : '')
}

const idOf = ([written]: readonly Written[]): string => written?.proposed.rule.id ?? ''

const countOf = ({ pass, total }: Sum): string => `${grouped(pass)} of ${grouped(total)}`

const widest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length))

/** Rules with bars, each on one line, or on two where the terminal is narrow. @param ids cells of the names of all rules */
function barLines(rules: readonly (readonly Written[])[], ids: number, { paint, width }: Look): readonly string[] {
  const sums = rules.map((written) => ({ written, sum: sumOf(written) }))
  const counts = widest(sums.map(({ sum }) => countOf(sum)))
  const beside = width - 2 - (ids + BAR + counts + 6)
  const rest = beside < NARROWEST ? width - 6 : beside
  const rows = sums.map(({ written, sum }): Row => {
    const colour = sum.pass === sum.total ? 'green' : sum.pass === 0 ? 'red' : 'yellow'
    const advice = adviceOn(written, sum)
    return [
      { text: idOf(written).padEnd(ids), format: 'bold' },
      { text: bar(sum.pass, sum.total), format: colour },
      { text: countOf(sum).padStart(counts), format: colour },
      { ...advice, text: oneLine(advice.text, rest) },
    ]
  })
  return tableLines(rows, width - 2, paint).filter((line) => line.trim() !== '')
}

function registryRow([written]: readonly Written[]): Row {
  const { rule, standing } = written?.proposed ?? {}
  const [fail] = standing?.fails ?? []
  return [
    { text: rule?.id ?? '', format: 'bold' },
    fail ? { text: 'fails', format: 'red' } : { text: 'passes', format: 'green' },
    dim(fail?.reason ?? ''),
  ]
}

const TITLES = { repository: 'REPOSITORIES', image: 'NEWEST IMAGES', registry: 'THE REGISTRY' } as const

/** What each rule says of all, by what it is about, and what is ready to be enforced. */
export function ruleLines(proposal: Proposal, { paint, width }: Look): readonly string[] {
  const judged = byRule(proposal).filter((written) =>
    written.some(({ proposed: { standing } }) => standing !== undefined),
  )
  return (['repository', 'image', 'registry'] as const).flatMap((about) => {
    const rules = judged.filter(([written]) => written?.proposed.rule.about === about)
    const leftOut = proposal.leftOut.flatMap(({ rule }) => (rule.about === about ? [rule.id] : []))
    if (rules.length + leftOut.length === 0) return []
    const lines =
      about === 'registry'
        ? tableLines(rules.map(registryRow), width - 2, paint)
        : barLines(rules, widest(judged.map(idOf)), { paint, width })
    const more =
      leftOut.length > 0 ? wrap(`left out, with the reason in the file: ${leftOut.join(', ')}`, width - 2) : []
    return section(TITLES[about], [...lines, ...more.map((line) => paint('dim', line))], { paint })
  })
}
