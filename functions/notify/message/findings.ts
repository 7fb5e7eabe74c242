import type { SectionBlock } from '@slack/types'
import type { Alert, AlertItem } from '../../domain/alert.ts'
import type { Severity } from '../../domain/severity.ts'
import { type Group, inOneLine, keepFitting, more, toSections } from './groups.ts'
import { lookAs } from './look.ts'
import { code, link, sentence, words } from './text.ts'

/** Lines of one list: enough to see what it is about, few enough to be read. */
const LISTED = 12
/** Findings that are named as gone or excepted: what is settled is short. */
const SETTLED = 6
/** Characters that what is settled may take. */
const ROOM_FOR_SETTLED = 1_100

/** What makes a finding urgent stands out. */
const URGENT = /^(exploit known|in use)/

const MOST_NOTES = 6

const noteOf = (note: string): string => (URGENT.test(note) ? `*${sentence(note, 60)}*` : sentence(note, 60))

const line = ({ id, url, subject, text, notes }: AlertItem): string => {
  const what = [link(url, id, 60), code(subject, 80), words(text, 120)].filter(Boolean).join('  ')
  return ['•  '.concat(what), ...notes.slice(0, MOST_NOTES).map(noteOf)].join('  ·  ')
}

const name = ({ id, subject }: AlertItem): string => `${words(id, 60)} ${code(subject, 60)}`

const goneName = ({ id, subject }: AlertItem): string => `~${words(id, 60)}~ ${code(subject, 60)}`

/** One group per severity; the items are sorted worst first already. */
function bySeverity(items: readonly AlertItem[], mark: string): Group[] {
  const groups = new Map<Severity, string[]>()
  for (const item of items) groups.set(item.severity, [...(groups.get(item.severity) ?? []), line(item)])
  return [...groups].map(([severity, lines]) => {
    const { sign, word } = lookAs(severity)
    return { title: `${sign}  *${word}*${mark}`, lines }
  })
}

/**
 * The findings, what is new first and the worst first in it; what is left out is said.
 * @param room characters that may be used
 */
export function findings({ items, omitted }: Alert, room: number): SectionBlock[] {
  const of = (change: AlertItem['change']) => items.filter((item) => item.change === change)
  const [fresh, known, excepted, gone] = [of('new'), of('known'), of('excepted'), of('gone')]
  const isUpdate = known.length + gone.length > 0
  const shownFresh = fresh.slice(0, LISTED)
  const shownKnown = known.slice(0, Math.max(0, LISTED - shownFresh.length))
  const current = [...bySeverity(shownFresh, isUpdate ? ', new' : ''), ...bySeverity(shownKnown, ', known before')]
  const settled = [
    ...inOneLine('✅  *No longer found*', gone.map(goneName), SETTLED),
    ...inOneLine('⏸️  *Excepted*', excepted.map(name), SETTLED),
  ]
  const { kept, dropped } = keepFitting(current, room - settled.length * ROOM_FOR_SETTLED)
  const rest = omitted + fresh.length + known.length - shownFresh.length - shownKnown.length + dropped
  return [...toSections(kept), ...more(rest), ...toSections(settled)]
}
