import { LEVELS } from '../../functions/domain/lifecycle/lint.ts'
import { oneLine, wrap } from '../terminal.ts'
import type { Linted, Said } from './linted.ts'
import { type Look, ruleChangeLines } from './rule-change.ts'

const MENDED = 'Mended as far as it is certain how (--json has the policy); read what it expires before you use it:'

const COLOURS = { error: 'red', warning: 'yellow', note: 'cyan' } as const

const indented = (lines: readonly string[], by = 2): readonly string[] => lines.map((line) => ' '.repeat(by) + line)

/** `1 error, 2 warnings`; `nothing to say`. */
export function countsInWords(said: readonly Said[]): string {
  const counts = LEVELS.map((level) => [level, said.filter((one) => one.level === level).length] as const)
  const words = counts
    .filter(([, count]) => count > 0)
    .map(([level, count]) => `${count} ${level}${count === 1 ? '' : 's'}`)
  return words.join(', ') || 'nothing to say'
}

/** One finding: where, what, and what to write instead. */
export function saidLines(said: Said, { paint, width }: Look): readonly string[] {
  const { level, rule, field = '', code, problem, instead } = said
  const head = [
    paint(COLOURS[level], level),
    paint('bold', rule === undefined ? 'policy' : `rule ${rule}`),
    ...(field ? [oneLine(field)] : []),
    paint('dim', code),
  ]
  const [arrow = '', ...more] = wrap(instead, width - 4)
  return [head.join('  '), ...indented(wrap(problem, width - 2)), `  → ${arrow}`, ...indented(more, 4)]
}

/** All that is said of a policy, and the policy without it. */
export function lintedLines(linted: Linted, look: Look): readonly string[] {
  const { name, rules, said, mended } = linted
  const { paint, width } = look
  const many = rules ? `${rules.length} rule${rules.length === 1 ? '' : 's'}: ` : ''
  const head = `${paint('bold', oneLine(name))}  ${said.length === 0 ? paint('green', `${many}nothing to say`) : many + countsInWords(said)}`
  const change = rules && mended ? ruleChangeLines(rules, mended, { paint, width: width - 2 }) : []
  return [
    head,
    ...said.flatMap((one) => ['', ...indented(saidLines(one, { paint, width: width - 2 }))]),
    ...(change.length > 0 ? ['', ...indented([...wrap(MENDED, width - 2), ...change])] : []),
  ]
}
