import type { SectionBlock } from '@slack/types'
import { section } from './blocks.ts'

/** Characters of one block, a little under Slack's 3,000. */
const BLOCK = 2_900

/** Lines under a heading. */
export type Group = { readonly title: string; readonly lines: readonly string[] }

/** Blocks of at most 3,000 characters; a group never starts on the last line of one. */
export function toSections(groups: readonly Group[]): SectionBlock[] {
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
export function keepFitting(groups: readonly Group[], room: number): { kept: Group[]; dropped: number } {
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

/** The first of them in one line under a heading; the others are counted. @param most how many are named */
export function inOneLine(title: string, names: readonly string[], most: number): Group[] {
  if (names.length === 0) return []
  const rest = names.length > most ? ` … and ${names.length - most} more` : ''
  return [{ title, lines: [`${names.slice(0, most).join(', ')}${rest}`] }]
}

/** How many are not shown, where there are any. */
export const more = (count: number): SectionBlock[] => (count > 0 ? [section(`_… and ${count} more_`)] : [])
