import { type Paint, wrap } from '../terminal.ts'

type Colour = Parameters<Paint>[0]

export const SEVERITY_COLOURS: Readonly<Record<string, Colour>> = { CRITICAL: 'red', HIGH: 'yellow', MEDIUM: 'cyan' }

const OUTCOME_COLOURS: Readonly<Record<string, Colour>> = {
  alerted: 'red',
  sent: 'green',
  retry: 'yellow',
  undecided: 'yellow',
  invalid: 'magenta',
  'channel-broken': 'magenta',
}

const LABEL = 12
const INDENT = ' '.repeat(10)

/** What stands beside the label, and how wide that may be. Everything from outside is put on lines and stripped of control characters. */
export function storyRows(paint: Paint, columns: number) {
  const width = columns - INDENT.length - LABEL
  const row = (label: string, text: string, colour: Colour = 'dim'): string =>
    `${INDENT}${paint(colour, label.padEnd(LABEL))}${text}`

  return {
    indent: INDENT,
    /** Columns of a text beside a label. */
    width,
    row,
    /** A text on as many lines as it takes. */
    rows: (label: string, text: string): string[] =>
      wrap(text, width).map((line, index) => row(index === 0 ? label : '', line)),
    /** The outcome, and beside it why, on as many lines as that takes. */
    verdictRows(label: string, outcome: string, where: string, reason: string): string[] {
      const taken = outcome.length + where.length + 2
      const [first = '', ...more] = wrap(reason, width - taken).map((line) => paint('dim', line))
      const word = paint(OUTCOME_COLOURS[outcome] ?? 'bold', outcome)
      return [row(label, `${word}${where}  ${first}`), ...more.map((line) => row('', `${' '.repeat(taken)}${line}`))]
    },
  }
}
