import type { Io } from '../io.ts'
import { columnsOf, oneLine, type Paint, painter, widthOf, wrap } from '../terminal.ts'
import { AREAS, type Finding, type State } from './finding.ts'

type Format = Parameters<Paint>[0]

const LOOKS: Readonly<Record<State, { readonly sign: string; readonly format: Format }>> = {
  ok: { sign: '✓', format: 'green' },
  note: { sign: '·', format: 'dim' },
  warning: { sign: '!', format: 'yellow' },
  problem: { sign: '✗', format: ['bold', 'red'] },
  unknown: { sign: '?', format: 'magenta' },
}

const LONGEST = Math.max(...Object.keys(LOOKS).map((state) => state.length))
const INDENT = '    '

/** `✗ problem  check: not allowed: ecr:DescribeRepositories`, and below it what mends it. */
function findingLines({ state, what, found, fix }: Finding, width: number, paint: Paint): readonly string[] {
  const { sign, format } = LOOKS[state]
  const label = `${sign} ${state.padEnd(LONGEST)}`
  const [first = '', ...more] = wrap(`${oneLine(what)}: ${found}`, width - widthOf(label) - 2)
  return [
    `${paint(format, label)}  ${first}`,
    ...more.map((line) => `${' '.repeat(widthOf(label))}  ${line}`),
    ...fix.flatMap(({ text, command }) => [
      ...(text === undefined ? [] : wrap(text, width - INDENT.length).map((line) => INDENT + line)),
      // Never broken: it is to be copied.
      ...(command === undefined ? [] : [`${INDENT}${paint('dim', '$')} ${paint('cyan', oneLine(command))}`]),
    ]),
  ]
}

const count = (findings: readonly Finding[], state: State): number =>
  findings.filter((finding) => finding.state === state).length

const named = (number: number, one: string, many = `${one}s`): readonly string[] =>
  number === 0 ? [] : [`${number} ${number === 1 ? one : many}`]

/** `2 problems, 1 warning, 20 ok`. */
export const totalsInWords = (findings: readonly Finding[]): string =>
  [
    ...named(count(findings, 'problem'), 'problem'),
    ...named(count(findings, 'unknown'), 'unknown', 'unknown'),
    ...named(count(findings, 'warning'), 'warning'),
    ...named(count(findings, 'ok'), 'ok', 'ok'),
  ].join(', ')

/** For people: every area with what was found there. The same in a pipe, without colours: it is read in logs. */
export function textReport(findings: readonly Finding[], statements: readonly string[], { stdout }: Io): string {
  const [paint, width] = [painter(stdout), columnsOf(stdout)]
  const areas = AREAS.flatMap((area) => {
    const found = findings.filter((finding) => finding.area === area)
    if (found.length === 0) return []
    const lines = found.flatMap((finding) => findingLines(finding, width, paint))
    return [
      paint('bold', area.toUpperCase()),
      ...lines,
      ...(area === 'permissions' ? statements.map((line) => oneLine(line)) : []),
      '',
    ]
  })
  return `${[...areas, totalsInWords(findings)].join('\n')}\n`
}
