import { kebab } from '../../functions/domain/rule/kebab.ts'
import type { Parameter } from '../../functions/domain/rule/parameter.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import { SEVERITY_FORMATS } from '../severity-format.ts'
import { columnsOf, type Paint, painter, wrap } from '../terminal.ts'
import { modesOf } from './list.ts'
import { ruleNamed } from './rule-named.ts'

const INDENT = '  '

/** A writer of sections: a bold heading, and lines below it that are broken between words. */
function writer(paint: Paint, width: number) {
  const lines: string[] = []
  return {
    lines,
    heading: (title: string): void => void lines.push('', paint('bold', title)),
    paragraph: (text: string, indent = INDENT): void =>
      void lines.push(...wrap(text, width - indent.length).map((line) => indent + line)),
    /** What is to be copied: never broken. */
    verbatim: (text: string, indent = INDENT): void => void lines.push(indent + text),
  }
}

const taken = ({ default: value }: Parameter): string =>
  value === undefined ? 'must be given' : `without it ${JSON.stringify(value)}`

/** Explains a rule to somebody who has never heard of it. */
export function explain(name: string, _config: string | undefined, { stdout }: Io): Exit {
  const rule = ruleNamed(name)
  const paint = painter(stdout)
  const out = writer(paint, columnsOf(stdout))
  const severity = paint(SEVERITY_FORMATS[rule.severity], rule.severity)
  out.lines.push(`${paint('bold', rule.id)}  ${severity}  about each ${rule.about}  ${modesOf(rule).join(' or ')}`)
  out.paragraph(rule.summary, '')
  out.heading('Why')
  out.paragraph(rule.why)
  const parameters = Object.entries(rule.parameters)
  if (parameters.length > 0) out.heading('Parameters')
  for (const [key, parameter] of parameters) {
    out.paragraph(`${kebab(key)}: ${parameter.example}`)
    out.paragraph(`${parameter.about} It is ${taken(parameter)}.`, '    ')
  }
  out.heading('See')
  out.verbatim(rule.see)
  stdout.write(`${out.lines.join('\n')}\n`)
  return 'pass'
}
