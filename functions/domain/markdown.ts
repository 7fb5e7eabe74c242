import { visible } from './sweep/visible.ts'

/** Characters of one text from outside: with the number of rows it bounds what is written. */
const LONGEST = 240

const short = (text: string): string => visible(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)

/**
 * A text from outside as words alone: no markup, no address that becomes a link, no person and no issue that is mentioned.
 * GitHub looks for mentions in the text as it is shown, so that a backslash does not help there.
 * @see https://github.github.com/gfm/#autolinks-extension-
 */
export const words = (text: string): string =>
  short(text)
    .replace(/[\\`*_{}[\]<>()|~!&$]/g, '\\$&')
    .replaceAll('@', '＠')
    .replace(/\bGH-(?=\d)/gi, (mark) => `${mark.slice(0, 2)}‑`)
    .replace(/#(?=\d)/g, '＃')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/www(?=\.)/gi, '$&\\')
    .replace(/^[-+=#]|(?<=^\d+)[.)]/, '\\$&')

/** A name as code; a bar would end the cell of a table even there, and `##[` begins a command for the runner of Actions. */
export const code = (text: string): string =>
  `\`${short(text).replaceAll('`', 'ˋ').replaceAll('|', '¦').replaceAll('##[', '#♯[')}\``

export const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`

/** Characters of an address that is still one to be opened. */
const LONGEST_URL = 1_000

const percent = (letter: string): string => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`

/** A link, where the address is one of https; else the words alone. @param shown Markdown */
export function link(shown: string, url: string | undefined): string {
  const address = url !== undefined && URL.canParse(url) ? new URL(url).href : ''
  if (!address.startsWith('https://') || address.length > LONGEST_URL) return shown
  return `[${shown}](${address.replace(/[()|\\`<>[\]]/g, percent)})`
}
