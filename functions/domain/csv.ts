import { visible } from './sweep/visible.ts'

/** What a spreadsheet would take for a formula. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r]/

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const text = `${FORMULA.test(value) ? "'" : ''}${visible(value)}`
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/**
 * One line of CSV with its break. Texts may come from outside: none of them has a line break of its own then.
 * @see https://www.rfc-editor.org/rfc/rfc4180 quotes are doubled
 * @see https://owasp.org/www-community/attacks/CSV_Injection a leading apostrophe makes a formula a text
 */
export const csvLine = (values: readonly (string | number)[]): string => `${values.map(cell).join(',')}\r\n`
