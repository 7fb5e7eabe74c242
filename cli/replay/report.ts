import { counted } from '../../functions/domain/counted.ts'
import { tabbed } from '../table.ts'
import type { Replayed } from './result.ts'

/** Writes what each event comes to. */
export type Report = (replayed: readonly Replayed[]) => void

/** For other programs: a line for each event, as docs/replay.schema.json has it. */
export const jsonReport =
  (stdout: NodeJS.WriteStream): Report =>
  (all) => {
    for (const replayed of all) stdout.write(`${JSON.stringify(replayed)}\n`)
  }

/** A line for each event, its fields separated by tabs: outcome, event, rule, function, title of the alert, channels, reason. */
export const tabReport =
  (stdout: NodeJS.WriteStream): Report =>
  (all) => {
    for (const { outcome, event, rules, steps, alerts, reason } of all) {
      const channels = [...new Set(alerts.flatMap((alert) => alert.channels))].join(',')
      const [title = ''] = alerts.map((alert) => alert.title)
      stdout.write(`${tabbed([outcome, event, rules.join(','), steps[0]?.function ?? '', title, channels, reason])}\n`)
    }
  }

/** `3 events: 2 alerted, 1 quiet` */
export function inWords(all: readonly Replayed[]): string {
  const byOutcome = [...Map.groupBy(all, ({ outcome }) => outcome)].toSorted(([, a], [, b]) => b.length - a.length)
  return `${counted(all.length, 'event')}: ${byOutcome.map(([word, some]) => `${some.length} ${word}`).join(', ')}`
}
