import { type Paint, wrap } from './terminal.ts'

export const INDENT = '  '

export const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => INDENT + line)

/** A text with a mark before its first line. */
export const hanging = (mark: string, text: string, { width }: { readonly width: number }): readonly string[] =>
  wrap(text, width - mark.length).map((line, index) => (index === 0 ? mark : ' '.repeat(mark.length)) + line)

/** A part with its title; nothing where it is empty. @param lines two cells less wide than there are */
export const section = (
  title: string,
  lines: readonly string[],
  { paint }: { readonly paint: Paint },
): readonly string[] => (lines.length === 0 ? [] : ['', paint('bold', title), ...indented(lines)])
