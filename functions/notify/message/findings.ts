import type { SectionBlock } from '@slack/types'
import type { Alert, AlertItem } from '../../domain/alert.ts'
import type { Severity } from '../../domain/severity.ts'
import { section } from './blocks.ts'
import { signOf, wordOf } from './look.ts'
import { code, link, sentence, words } from './text.ts'

/** Lines of one list: enough to see what it is about, few enough to be read. */
const LISTED = 12
/** Findings that are named as gone: good news is short. */
const GONE = 6
/** Characters of one block, a little under Slack's 3,000. */
const BLOCK = 2_900

/** What makes a finding urgent stands out. */
const URGENT = /^(exploit known|in use)/

const MOST_NOTES = 6

const noteOf = (note: string): string => (URGENT.test(note) ? `*${sentence(note, 60)}*` : sentence(note, 60))

const line = ({ id, url, subject, text, notes }: AlertItem): string => {
  const what = [link(url, id, 60), code(subject, 80), words(text, 120)].filter(Boolean).join('  ')
  return ['•  '.concat(what), ...notes.slice(0, MOST_NOTES).map(noteOf)].join('  ·  ')
}

const goneLine = ({ id, subject }: AlertItem): string => `~${words(id, 60)}~ ${code(subject, 60)}`

type Group = { readonly title: string; readonly lines: readonly string[] }

/** One group per severity; the items are sorted worst first already. */
function bySeverity(items: readonly AlertItem[], mark: string): Group[] {
  const groups = new Map<Severity, string[]>()
  for (const item of items) groups.set(item.severity, [...(groups.get(item.severity) ?? []), line(item)])
  return [...groups].map(([severity, lines]) => ({ title: `${signOf(severity)}  *${wordOf(severity)}*${mark}`, lines }))
}

const goneGroup = (gone: readonly AlertItem[]): Group[] => {
  if (gone.length === 0) return []
  const rest = gone.length > GONE ? ` … and ${gone.length - GONE} more` : ''
  return [{ title: '✅  *No longer found*', lines: [`${gone.slice(0, GONE).map(goneLine).join(', ')}${rest}`] }]
}

/** Blocks of at most 3,000 characters; a group never starts on the last line of one. */
function toSections(groups: readonly Group[]): SectionBlock[] {
  const texts: string[] = []
  for (const { title, lines } of groups) {
    let text = title
    for (const next of lines) {
      if (text.length + next.length + 1 > BLOCK) {
        texts.push(text)
        text = next
      } else text += `\n${next}`
    }
    texts.push(text)
  }
  return texts.map(section)
}

/** Keeps whole lines while they fit; the mildest go first. @returns the groups that fit, and how many lines do not */
function keepFitting(groups: readonly Group[], room: number): { kept: Group[]; dropped: number } {
  let left = room
  let dropped = 0
  const kept: Group[] = []
  for (const { title, lines } of groups) {
    left -= title.length + 1
    const fitting: string[] = []
    for (const next of lines) {
      left -= next.length + 1
      if (left < 0) dropped += 1
      else fitting.push(next)
    }
    if (fitting.length > 0) kept.push({ title, lines: fitting })
  }
  return { kept, dropped }
}

/**
 * The findings, what is new first and the worst first in it; what is left out is said.
 * @param room characters that may be used
 */
export function findings({ items, omitted }: Alert, room: number): SectionBlock[] {
  const fresh = items.filter(({ change }) => change === 'new')
  const known = items.filter(({ change }) => change === 'known')
  const gone = items.filter(({ change }) => change === 'gone')
  const isUpdate = known.length + gone.length > 0
  const shownFresh = fresh.slice(0, LISTED)
  const shownKnown = known.slice(0, Math.max(0, LISTED - shownFresh.length))
  const current = [...bySeverity(shownFresh, isUpdate ? ', new' : ''), ...bySeverity(shownKnown, ', known before')]
  const { kept, dropped } = keepFitting(current, room - 1_100)
  const rest = omitted + fresh.length + known.length - shownFresh.length - shownKnown.length + dropped
  const more = rest > 0 ? [section(`_… and ${rest} more_`)] : []
  return [...toSections(kept), ...more, ...toSections(goneGroup(gone))]
}
