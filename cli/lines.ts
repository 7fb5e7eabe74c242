import { type Paint, wrap } from './terminal.ts'

const INDENT = '  '

/** A text for a person in the making: bold headings, and below them paragraphs that are broken between words. */
export type Lines = {
  heading(title: string): void
  paragraph(text: string, indent?: string): void
  /** What is to be copied, or was laid out already: never broken. */
  verbatim(text: string, indent?: string): void
  text(): string
}

export function createLines(paint: Paint, width: number): Lines {
  const lines: string[] = []
  return {
    heading: (title) => void lines.push(...(lines.length > 0 ? [''] : []), paint('bold', title)),
    paragraph: (text, indent = INDENT) =>
      void lines.push(...wrap(text, width - indent.length).map((line) => indent + line)),
    verbatim: (text, indent = INDENT) => void lines.push(...text.split('\n').map((line) => indent + line)),
    text: () => `${lines.join('\n')}\n`,
  }
}
