import { ruleInWords } from '../../functions/domain/lifecycle/in-words.ts'
import type { Rule } from '../../functions/domain/lifecycle/rule.ts'
import { unifiedDiff } from '../../functions/policy/unified-diff.ts'
import { type Paint, wrap } from '../terminal.ts'

/** How things look. */
export type Look = { readonly paint: Paint; readonly width: number }

/** A rule as one line: `rule 4: images without a tag: …`. Text from outside. */
const lineOf = ({ description, ...rule }: Rule): string =>
  `rule ${rule.priority}: ${ruleInWords(rule)}${description ? ` (${description.replaceAll('\n', ' ')})` : ''}`

const HANGING = '    '

function painted(line: string, { paint, width }: Look): readonly string[] {
  const [sign = ' ', rest] = [line[0], line.slice(1)]
  const format = sign === '+' ? 'green' : sign === '-' ? 'red' : 'dim'
  const [first = '', ...more] = wrap(rest, width - 2 - HANGING.length)
  return [`${sign} ${first}`, ...more.map((text) => `${sign} ${HANGING}${text}`)].map((text) => paint(format, text))
}

/** What becomes of the rules of a policy, as a unified diff of their words. */
export function ruleChangeLines(before: readonly Rule[], after: readonly Rule[], look: Look): readonly string[] {
  const textOf = (rules: readonly Rule[]): string => `${rules.map(lineOf).join('\n')}\n`
  const diff = unifiedDiff({ text: '', change: { before: textOf(before), after: textOf(after) } }, 'policy') ?? ''
  // Whose policy it is stands above; and there are few lines, so that where they stand goes without saying.
  const lines = diff.split('\n').slice(2)
  return lines.filter((line) => !line.startsWith('@@')).flatMap((line) => painted(line, look))
}
