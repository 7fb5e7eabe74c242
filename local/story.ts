import { basename } from 'node:path'
import type { Alert } from '../functions/domain/alert.ts'
import { timeOf } from './event-files.ts'
import type { Replayed, Step } from './replay.ts'
import { oneLine, type Paint } from './terminal.ts'

type Colour = Parameters<Paint>[0]

const SEVERITY_COLOURS: Readonly<Record<string, Colour>> = { CRITICAL: 'red', HIGH: 'yellow', MEDIUM: 'cyan' }

const OUTCOME_COLOURS: Readonly<Record<string, Colour>> = {
  alerted: 'red',
  sent: 'green',
  retry: 'yellow',
  invalid: 'magenta',
  'channel-broken': 'magenta',
}

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

const LABEL = 12
const INDENT = ' '.repeat(10)

/** Writes what became of each event for people. Everything from outside is put on one line and stripped of control characters. */
export function storyteller(paint: Paint, columns: number) {
  const row = (label: string, text: string, colour: Colour = 'dim'): string =>
    `${INDENT}${paint(colour, label.padEnd(LABEL))}${text}`
  const clip = (text: string): string => oneLine(text, columns - INDENT.length - LABEL)

  const stepRow = ({ function: name, tries, outcome }: Step): string => {
    const where = outcome.channel ? ` #${oneLine(String(outcome.channel))}` : ''
    const again = tries > 1 ? paint('yellow', ` at try ${tries}`) : ''
    const word = paint(OUTCOME_COLOURS[outcome.outcome] ?? 'bold', outcome.outcome)
    const room = columns - INDENT.length - LABEL - outcome.outcome.length - where.length - 3
    return row(name, `${word}${where}${again}  ${paint('dim', oneLine(outcome.reason, room))}`)
  }

  const alertRows = (alert: Alert): string[] => {
    const bar = paint(SEVERITY_COLOURS[alert.severity] ?? 'gray', '┃')
    const lines = [paint('bold', clip(alert.title)), clip(alert.summary), clip(alert.todo), ...alert.notices.map(clip)]
    return lines.map((line) => `${INDENT}${' '.repeat(LABEL)}${bar} ${line}`)
  }

  let today = ''
  const heading = ({ input, detailType }: Replayed): string[] => {
    const date = day(input.event)
    const turn = date === today ? [] : ['', paint('underline', date)]
    today = date
    const name = paint('dim', oneLine(basename(input.name), 60))
    return [...turn, '', `${clockTime(input.event)}  ${paint('bold', oneLine(detailType, 40))}  ${name}`]
  }

  const verdictRows = (told: Replayed): string[] =>
    told.steps.length > 0
      ? told.steps.map(stepRow)
      : [row('no function', `${paint('bold', told.outcome)}  ${paint('dim', clip(told.reason))}`)]

  return {
    /** The lines of one event. */
    tell(told: Replayed): string {
      const waited =
        told.took > 60_000 ? [row('waited', `${duration(told.took)} on the local clock, which jumped`)] : []
      const dead = told.dead.map(({ queue, messages }) =>
        row('kept', `${messages} in ${queue}, to be looked at`, 'magenta'),
      )
      const rules = row('rule', told.rules.join(', ') || 'none matches', 'dim')
      return [
        ...heading(told),
        rules,
        ...verdictRows(told),
        ...told.alerts.flatMap(alertRows),
        ...waited,
        ...dead,
      ].join('\n')
    },
  }
}

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

/** What the whole run came to, in a few lines. */
export function summarise(all: readonly Replayed[], sent: number, paint: Paint): string {
  const byOutcome = Map.groupBy(all, ({ outcome }) => outcome)
  const outcomes = [...byOutcome].sort(([, a], [, b]) => b.length - a.length)
  const dead = all.flatMap((told) => told.dead).reduce((sum, { messages }) => sum + messages, 0)
  const alerts = all.reduce((sum, told) => sum + told.alerts.length, 0)
  return [
    '',
    `${paint('bold', plural(all.length, 'event'))}: ${outcomes.map(([word, some]) => `${some.length} ${word}`).join(', ')}`,
    `${plural(alerts, 'alert')} on SNS, ${plural(sent, 'message')} on Slack, ${dead} in dead-letter queues`,
  ].join('\n')
}
