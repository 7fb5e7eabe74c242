import { roughBytes } from '../../functions/domain/bytes.ts'
import { SEVERITIES } from '../../functions/domain/severity.ts'
import type { State } from '../check/tally.ts'
import { SEVERITY_FORMATS } from '../severity-format.ts'
import { type Cell, NARROWEST, type Row, tableLines } from '../table.ts'
import { oneLine, type Paint, widthOf } from '../terminal.ts'
import type { ImageRow, RowScan } from './result.ts'
import { ageText, kindText, NOTHING, scanText, verdictText } from './words.ts'

/** Cells of a terminal that tags are worth; with fewer, columns are folded. */
const TAGS = 16
/** Cells that tags have on the narrowest terminal. */
const LEAST = 8
/** What lies between two columns. */
const GAP = 2
/** Hexadecimal digits of a digest. */
const DIGITS = 12
/** Platforms that are named. */
const PLATFORMS = 3

/** Columns that stay as they are. */
const LEAD = 5
const TITLES = ['TAGS', 'DIGEST', 'SIZE', 'PUSHED', 'PULLED', 'KIND', 'SCAN', 'VERDICT']

const COLOURS: Readonly<Partial<Record<State, Cell['format']>>> = {
  ...{ fail: 'red', unknown: 'magenta', excepted: 'yellow', pass: 'green' },
}

const cell = (text: string, format?: Cell['format']): Cell => ({ text, ...(format && { format }) })

const worstIn = ({ counts }: RowScan) => SEVERITIES.find((severity) => counts[severity])

function scanCell(scan: RowScan | undefined): Cell {
  if (!scan) return cell(NOTHING)
  const worst = worstIn(scan)
  if (worst) return cell(scanText(scan), SEVERITY_FORMATS[worst])
  return cell(scanText(scan), scan.state === 'complete' ? 'green' : 'dim')
}

const cellsOf = (row: ImageRow, now: Date): Row => [
  cell(row.tags.join(', ') || 'untagged', row.tags.length > 0 ? 'bold' : 'dim'),
  cell(row.digest.slice('sha256:'.length, 'sha256:'.length + DIGITS)),
  cell(roughBytes(row.sizeInBytes)),
  cell(ageText(row.pushedAt, now)),
  cell(row.pulledAt === undefined ? NOTHING : ageText(row.pulledAt, now)),
  cell(kindText(row, PLATFORMS)),
  scanCell(row.scan),
  cell(verdictText(row.verdict), row.verdict && COLOURS[row.verdict.state]),
]

const widestOf = (rows: readonly Row[], column: number): number =>
  Math.max(...rows.map((row) => widthOf(oneLine(row[column]?.text ?? ''))))

/** Cells that columns take together, with what lies between them and the next one. */
const takenBy = (rows: readonly Row[], columns: readonly number[]): number =>
  columns.reduce((sum, column) => sum + widestOf(rows, column) + GAP, 0)

const cellsAt = (row: Row, columns: readonly number[]): Row => columns.map((column) => row[column] ?? cell(NOTHING))

const withTags = ([tags, ...rest]: Row, width: number): Row => [
  { ...tags, text: oneLine(tags?.text ?? '', width) },
  ...rest,
]

/** The cells of several columns as one. */
function joined(cells: Row): Row {
  const said = cells.filter(({ text }) => text !== NOTHING)
  const format = cells.findLast((one) => one.format)?.format
  return cells.length === 0 ? [] : [cell(said.map(({ text }) => text).join(' · '), format)]
}

/**
 * Rows of a table that fits, whatever the tags are; a column that says nothing is left out. Where a terminal is too narrow
 * for all columns, the last ones are one, which goes below the others.
 */
export function listLines(images: readonly ImageRow[], now: Date, width: number, paint: Paint): readonly string[] {
  const all = images.map((row) => cellsOf(row, now))
  const rows = [TITLES.map((title) => cell(title, 'bold')), ...all]
  const columns = [...TITLES.keys()].filter((column) => all.some((row) => row[column]?.text !== NOTHING))
  const room = width - NARROWEST - takenBy(rows, columns.slice(1, -1)) - GAP
  if (room >= TAGS)
    return tableLines(
      rows.map((row) => withTags(cellsAt(row, columns), room)),
      width,
      paint,
    )
  const [lead, rest] = [columns.filter((column) => column < LEAD), columns.filter((column) => column >= LEAD)]
  const least = Math.max(LEAST, width - takenBy(rows, lead.slice(1)) - GAP)
  const folded = rows.map((row) => [...withTags(cellsAt(row, lead), least), ...joined(cellsAt(row, rest))])
  return tableLines(folded, width, paint)
}
