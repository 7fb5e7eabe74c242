import { basename } from 'node:path'
import { timeOf } from '../cli/replay/event-input.ts'
import { SEVERITY_COLOURS, storyRows } from '../cli/replay/story-rows.ts'
import { oneLine, type Paint, wrap } from '../cli/terminal.ts'
import type { Alert } from '../functions/domain/alert.ts'
import { counted } from '../functions/domain/counted.ts'
import type { Approved } from './approve.ts'
import type { Replayed, Step } from './replay.ts'

const clockTime = (event: object): string => {
  const time = timeOf(event)
  return time === undefined ? '--:--:--' : new Date(time).toISOString().slice(11, 19)
}

const day = (event: object): string => {
  const time = timeOf(event)
  return time === undefined ? 'no time given' : new Date(time).toISOString().slice(0, 10)
}

/** `12 min`, `3 s`: how long something took on the virtual clock. */
const duration = (ms: number): string =>
  ms < 90_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`

/** Messages of which the text is shown; of more, how many there are. */
const SHOWN = 3

const INDENT = ' '.repeat(10)

/** `Steward-ScanAlertWorkerDeadLetters2981B2CD-0FAF4C52F4F8` as a person says it. */
const queueName = (name: string): string => name.replace(/^Steward-/, '').replace(/[0-9A-F]{8}-\w+$/, '')

/** Steps that would read alike, once, with how many there are. */
function alike(steps: readonly Step[]): readonly (readonly [Step, number])[] {
  const groups = Map.groupBy(steps, ({ function: name, tries, outcome: { outcome, channel, reason } }) =>
    JSON.stringify([name, tries, outcome, channel, reason]),
  )
  return [...groups.values()].map((some) => [some[0] as Step, some.length])
}

/** Writes what became of each event for people. Everything from outside is put on lines and stripped of control characters. */
export function storyteller(paint: Paint, columns: number) {
  const { width, row, verdictRows } = storyRows(paint, columns)

  const stepRows = ({ function: name, tries, outcome }: Step, times: number): string[] => {
    const channel = outcome.channel ? ` #${oneLine(String(outcome.channel))}` : ''
    const again = tries > 1 ? ` at try ${tries}` : ''
    const often = times > 1 ? ` (${times} times)` : ''
    return verdictRows(name, outcome.outcome, `${channel}${again}`, `${outcome.reason}${often}`)
  }

  const alertRows = (alert: Alert): string[] => {
    const bar = paint(SEVERITY_COLOURS[alert.severity] ?? 'gray', '┃')
    const title = paint('bold', oneLine(alert.title, width - 2))
    const more = [alert.todo, ...alert.notices].flatMap((text) => wrap(text, width - 2))
    return [title, ...more].map((line) => row('', `${bar} ${line}`))
  }

  let today = ''
  const heading = ({ input, detailType }: Replayed): string[] => {
    const date = day(input.event)
    const turn = date === today ? [] : ['', paint('underline', date)]
    today = date
    const name = paint('dim', oneLine(basename(input.name), 60))
    return [...turn, '', `${clockTime(input.event)}  ${paint('bold', oneLine(detailType, 40))}  ${name}`]
  }

  const workRows = (told: Replayed): string[] => {
    if (told.rules.length === 0) return verdictRows('no rule', told.outcome, '', told.reason)
    return [row('rule', told.rules.join(', ')), ...alike(told.steps).flatMap(([step, times]) => stepRows(step, times))]
  }

  return {
    /** The lines of one event. */
    tell(told: Replayed): string {
      const waited =
        told.took > 60_000 ? [row('after', `${duration(told.took)} of waiting, which the local clock skips`)] : []
      const dead = told.dead.map(({ queue, messages }) =>
        row('kept', `${messages} in ${queueName(queue)}, to be looked at`),
      )
      const left = told.alerts.slice(SHOWN).length
      const more = left > 0 ? [row('', `… and ${counted(left, 'more message')}`)] : []
      const alerts = [...told.alerts.slice(0, SHOWN).flatMap(alertRows), ...more]
      return [...heading(told), ...workRows(told), ...alerts, ...waited, ...dead].join('\n')
    },
  }
}

/** What somebody did upon an alert, and what came of it: as far as the first empty line. */
export function approvedLines({ argv, lines }: Approved, paint: Paint, columns: number): string {
  const command = wrap(`ecr-steward ${argv.join(' ')}`, columns - INDENT.length - 2)
  const end = lines.indexOf('')
  const [first = '', ...rest] = command.map((line) => paint('bold', line))
  return [
    ...['', `${INDENT}${paint('dim', '$')} ${first}`, ...rest.map((line) => `${INDENT}  ${line}`)],
    ...lines.slice(0, end < 0 ? undefined : end).map((line) => INDENT + oneLine(line)),
  ].join('\n')
}

/** What the whole run came to, in a few lines. */
export function summarise(all: readonly Replayed[], sent: number, paint: Paint, columns: number): string {
  const byOutcome = Map.groupBy(all, ({ outcome }) => outcome)
  const outcomes = [...byOutcome].sort(([, a], [, b]) => b.length - a.length)
  const dead = all.flatMap((told) => told.dead).reduce((sum, { messages }) => sum + messages, 0)
  const alerts = all.reduce((sum, told) => sum + told.alerts.length, 0)
  const events = counted(all.length, 'event')
  const [first = '', ...more] = wrap(
    `${events}: ${outcomes.map(([word, some]) => `${some.length} ${word}`).join(', ')}`,
    columns,
  )
  return [
    '',
    first.replace(events, paint('bold', events)),
    ...more,
    `${counted(alerts, 'alert')} on SNS, ${counted(sent, 'message')} on Slack, ${dead} in dead-letter queues`,
  ].join('\n')
}
