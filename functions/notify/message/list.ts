import type { Alert } from '../../domain/alert.ts'
import { itemsAre } from '../../domain/standing.ts'
import { findings } from './findings.ts'
import { keepFitting, more, toSections } from './groups.ts'
import type { Block } from './message.ts'
import { rules } from './rules.ts'
import { code, words } from './text.ts'

/** Repositories that are named; more are counted. */
const LISTED = 20

function repositories({ items, omitted }: Alert, room: number): Block[] {
  const lines = items.slice(0, LISTED).map(({ id, text }) => `•  ${code(id, 260)}  ${words(text, 120)}`)
  const { kept, dropped } = keepFitting(lines.length > 0 ? [{ title: '*Repositories*', lines }] : [], room)
  return [...toSections(kept), ...more(omitted + items.length - lines.length + dropped)]
}

/**
 * What the alert lists, in the words of its kind.
 * @param room characters that may be used
 */
export function list(alert: Alert, room: number): Block[] {
  const what = itemsAre(alert.kind)
  if (what === 'rules') return rules(alert, room)
  return what === 'repositories' ? repositories(alert, room) : findings(alert, room)
}
