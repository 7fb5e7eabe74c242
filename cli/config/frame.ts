import { type Fault, isWebhook } from '../../config/fault.ts'
import { oneLine, type Paint, widthOf } from '../terminal.ts'

/** Lines around the one that is meant. */
const AROUND = 1
/** Cells of a line that are shown on either side of the place that is meant. */
const MOST = 60

const TOKEN = /\bx(?:ox[a-z]|app)-|\bAKIA[A-Z0-9]{12}/i

/** A secret that found its way into the file goes no further. As many cells as before, so that the caret stays right. */
const masked = (line: string): string =>
  line.replace(/[^\s"']+/g, (word) => (isWebhook(word) || TOKEN.test(word) ? '•'.repeat(word.length) : word))

const shown = (part: string): string => oneLine(part.replaceAll('\t', ' '))

/** The part of a long line around a column, and where the column is in it. */
function cutAround(line: string, column: number): { readonly text: string; readonly at: number } {
  const from = Math.max(0, column - 1 - MOST)
  const lead = from > 0 ? '…' : ''
  const before = shown(line.slice(from, column - 1))
  return { text: lead + before + shown(line.slice(column - 1, column - 1 + MOST)), at: widthOf(lead + before) }
}

/**
 * The lines around a fault, with a caret below the place:
 * ```
 *   11 │     rules:
 * > 12 │       tag-imutability: report
 *      │       ^
 * ```
 */
export function frameOf(
  text: readonly string[],
  { line, column }: Pick<Fault, 'line' | 'column'>,
  paint: Paint,
): string[] {
  const first = Math.max(1, line - AROUND)
  const last = Math.min(text.length, line + AROUND)
  const digits = String(last).length
  const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  return numbers.flatMap((number) => {
    const gutter = `${number === line ? '>' : ' '} ${String(number).padStart(digits)} │`
    const source = masked(text[number - 1] ?? '')
    if (number !== line) return [paint('dim', `${gutter} ${shown(source.slice(0, 2 * MOST))}`.trimEnd())]
    const { text: part, at } = cutAround(source, column)
    return [
      `${gutter} ${part}`.trimEnd(),
      `${' '.repeat(digits + 3)}${paint('dim', '│')} ${' '.repeat(at)}${paint('red', '^')}`,
    ]
  })
}
