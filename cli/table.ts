import { columnsOf, oneLine, type Paint, painter, widthOf, wrap } from './terminal.ts'

type Format = Parameters<Paint>[0]

/** A text from wherever, and how it looks on a terminal with colours. */
export type Cell = { readonly text: string; readonly format?: Format }

export type Row = readonly Cell[]

/** Least characters that a last column is worth; with less, it goes below the others. */
export const NARROWEST = 24
const GAP = '  '

export const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)))

/** Widest text of each column but the last. */
function widthsOf(rows: readonly Row[]): readonly number[] {
  const columns = Math.max(0, ...rows.map((row) => row.length - 1))
  return Array.from({ length: columns }, (_, index) =>
    Math.max(...rows.map((row) => widthOf(oneLine(row[index]?.text ?? '')))),
  )
}

/**
 * Rows as lines of at most `width` characters: the last column is broken between words, or goes below the others where
 * there is no room for it.
 */
export function tableLines(rows: readonly Row[], width: number, paint: Paint): readonly string[] {
  const widths = widthsOf(rows)
  const taken = widths.reduce((sum, each) => sum + each + GAP.length, 0)
  const isBelow = width - taken < NARROWEST
  const indent = isBelow ? 4 : taken
  return rows.flatMap((row) => {
    const last = row.at(-1)
    const painted = (text: string, format: Format | undefined): string => (format ? paint(format, text) : text)
    const lead = row
      .slice(0, -1)
      .map(({ text, format }, index) => painted(pad(oneLine(text), widths[index] ?? 0), format))
    const rest = wrap(last?.text ?? '', Math.max(NARROWEST, width - indent)).map((line) => painted(line, last?.format))
    if (isBelow) return [lead.join(GAP).trimEnd(), ...rest.map((line) => ' '.repeat(indent) + line)]
    const [first = '', ...more] = rest
    return [[...lead, first].join(GAP).trimEnd(), ...more.map((line) => ' '.repeat(indent) + line)]
  })
}

/** Fields separated by tabs: what `cut`, `awk` and spreadsheets read. */
export const tabbed = (row: readonly string[]): string => row.map((text) => oneLine(text)).join('\t')

/** A table with a head on a terminal; in a pipe, its rows separated by tabs, without the head. */
export function writeTable(stream: NodeJS.WriteStream, head: readonly string[], rows: readonly Row[]): void {
  const titles = head.map((text): Cell => ({ text, format: 'bold' }))
  const lines = stream.isTTY
    ? tableLines([titles, ...rows], columnsOf(stream), painter(stream))
    : rows.map((row) => tabbed(row.map(({ text }) => text)))
  stream.write(lines.map((line) => `${line}\n`).join(''))
}
