import { styleText } from 'node:util'
import { UNSEEN } from '../functions/domain/unseen.ts'

type Format = Parameters<typeof styleText>[0]

/** Colours where the stream is a terminal that wants them; `NO_COLOR` and pipes get plain text. */
export type Paint = (format: Format, text: string) => string

export const painter = (stream: NodeJS.WriteStream): Paint => {
  return (format, text) => styleText(format, text, { stream })
}

/** Letters that take two cells of a terminal, near enough. @see https://www.unicode.org/reports/tr11/ */
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60]/u

const cells = (letter: string): number => (WIDE.test(letter) ? 2 : /\p{M}/u.test(letter) ? 0 : 1)

/** Cells of a terminal that a text takes. */
export const widthOf = (text: string): number =>
  /^[ -~]*$/.test(text) ? text.length : [...text].reduce((sum, letter) => sum + cells(letter), 0)

function cut(text: string, width: number): string {
  let kept = ''
  let left = width - 1
  for (const letter of text) {
    left -= cells(letter)
    if (left < 0) break
    kept += letter
  }
  return `${kept}…`
}

/** Text from outside on one line of at most `width` cells. */
export function oneLine(text: string, width = Number.POSITIVE_INFINITY): string {
  const clean = text.toWellFormed().replace(UNSEEN, '�')
  return widthOf(clean) > width ? cut(clean, width) : clean
}

/** A word in parts of at most `width` cells. */
function parts(word: string, width: number): readonly string[] {
  if (widthOf(word) <= width) return [word]
  const all = ['']
  for (const letter of word) {
    if (widthOf(all.at(-1) ?? '') + cells(letter) <= width) all[all.length - 1] += letter
    else all.push(letter)
  }
  return all
}

/** Text from outside on lines of at most `width` cells, broken between words, and within one that is longer than a line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of oneLine(text).split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && widthOf(last) + widthOf(word) < width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(...parts(word, width))
  }
  return lines
}

/** Columns to write in: those of the terminal, 120 at most; 120 in a pipe, and where a terminal says that it has none. */
export const columnsOf = (stream: NodeJS.WriteStream): number => Math.min(stream.columns || 120, 120)

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** One line on stderr that says what is being waited for. Only on a terminal; gone when it is over. */
export async function progress<T>(
  label: string,
  work: Promise<T>,
  stream: NodeJS.WriteStream = process.stderr,
): Promise<T> {
  if (!stream.isTTY) return work
  let frame = 0
  const draw = () => stream.write(`\r\x1b[2K${FRAMES[frame++ % FRAMES.length]} ${label}`)
  const timer = setInterval(draw, 100)
  try {
    return await work
  } finally {
    clearInterval(timer)
    stream.write('\r\x1b[2K')
  }
}
