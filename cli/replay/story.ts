import type { Alert } from '../../functions/domain/alert.ts'
import { toText } from '../../functions/domain/alert-text.ts'
import { columnsOf, oneLine, type Paint, painter } from '../terminal.ts'
import type { Replayed, Step } from './result.ts'
import { SEVERITY_COLOURS, storyRows } from './story-rows.ts'

type Rows = ReturnType<typeof storyRows>

const clock = (time: string | undefined): string =>
  time === undefined || Number.isNaN(Date.parse(time)) ? '--:--:--' : new Date(time).toISOString().slice(11, 19)

const heading = ({ time, detailType = '(no detail-type)', event }: Replayed, paint: Paint): string[] => [
  '',
  `${clock(time)}  ${paint('bold', oneLine(detailType, 40))}  ${paint('dim', oneLine(event, 60))}`,
]

function stepRows({ function: name, outcome, channel, reason }: Step, { verdictRows }: Rows): string[] {
  return verdictRows(name, outcome, channel === undefined ? '' : ` #${oneLine(channel)}`, reason)
}

function decisionRows({ rules, stopped, steps, outcome, reason }: Replayed, all: Rows): string[] {
  const { rows, verdictRows } = all
  const through = rules.length > 0 ? rows('rule', rules.join(', ')) : []
  const why = stopped.flatMap((line, at) => rows(at === 0 ? 'no rule' : '', line))
  const decided =
    steps.length > 0 ? steps.flatMap((step) => stepRows(step, all)) : verdictRows('so', outcome, '', reason)
  return [...through, ...why, ...decided]
}

const recipients = ({ channels }: Alert): string =>
  [...channels.map((name) => `#${name} on Slack`), 'whoever subscribes to the alerts topic'].join(', ')

/** As an e-mail has it. Its lines are whole: a command is there to be copied. */
function alertRows(alert: Alert, { indent, rows }: Rows, paint: Paint): string[] {
  const bar = paint(SEVERITY_COLOURS[alert.severity] ?? 'gray', '┃')
  const [title = '', ...rest] = toText(alert)
    .split('\n')
    .map((line) => oneLine(line))
  const lines = [paint('bold', title), ...rest].map((line) => `${indent}${bar} ${line}`.trimEnd())
  return [...rows('to', recipients(alert)), ...lines]
}

function callRows(all: readonly Replayed[], { row }: Rows): string[] {
  const calls = all.flatMap((replayed) => replayed.calls)
  const widest = Math.max(0, ...calls.map(({ action }) => action.length))
  return calls.map(({ action, subject, made }, at) => {
    const isSame = calls[at - 1]?.made === made
    return row(isSame ? '' : made ? 'called' : 'would call', `${action.padEnd(widest)}  ${oneLine(subject)}`)
  })
}

/** What the events of a batch come to, as `npm start` tells it, with the alert as a person gets it and the calls behind it. */
export function storyReport(stdout: NodeJS.WriteStream): (batch: readonly Replayed[]) => void {
  const paint = painter(stdout)
  const rows = storyRows(paint, columnsOf(stdout))
  return (batch) => {
    const events = batch.flatMap((replayed) => [
      ...heading(replayed, paint),
      ...decisionRows(replayed, rows),
      ...replayed.alerts.flatMap((alert) => alertRows(alert, rows, paint)),
    ])
    stdout.write(`${[...events, ...callRows(batch, rows)].join('\n')}\n`)
  }
}
