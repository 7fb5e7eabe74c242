import type { Alert, AlertItem } from '../../domain/alert.ts'
import { context, divider, section } from './blocks.ts'
import { inOneLine, more, toSections } from './groups.ts'
import { lookAs } from './look.ts'
import type { Block } from './message.ts'
import { code, sentence, shell, words } from './text.ts'

/** Rules that are told in full; blocks are few, and a reader's patience too. */
const LISTED = 10
/** Rules that are named as fixed, and exceptions that are named. */
const SETTLED = 6
/** Characters that what is settled may take. */
const ROOM_FOR_SETTLED = 1_700

const MOST_NOTES = 6

/** Longer than the write of any setting but a whole policy. */
const MOST_COMMAND = 1_000

/** An exception that no longer holds is why it is told at all. */
const EXPIRED = /^the exception of .* expired on /s

const noteOf = (note: string): string => (EXPIRED.test(note) ? `⌛ *${sentence(note, 250)}*` : sentence(note, 200))

const CHANGES = { new: 'new', known: 'known before', gone: '', excepted: '' }

/** What the rule came to: a severity, that nobody knows, or that it was put right. */
function standing({ severity, change }: AlertItem): { readonly sign: string; readonly word: string } {
  if (change === 'gone') return { ...lookAs('SETTLED'), word: 'Put right' }
  return lookAs(severity === 'UNDEFINED' ? 'UNKNOWN' : severity)
}

/** What mends it, unless that is what the message says to do anyway. */
function mend({ fix, command, cdk }: AlertItem, { todo, command: told }: Alert): string[] {
  const block = command === undefined || command === told ? '' : shell(command, MOST_COMMAND)
  const isTooLong = command !== undefined && command !== told && block === ''
  return [
    ...(fix === undefined || todo.startsWith(fix) ? [] : [`→ ${sentence(fix, 400)}`]),
    ...(cdk === undefined ? [] : [`In the CDK: ${code(cdk, 200)}`]),
    ...(isTooLong ? ['_The command does not fit in here; the alert itself has it._'] : []),
    ...(block === '' ? [] : [block]),
  ]
}

function smallPrint(notes: readonly string[]): Block[] {
  const shown = notes.slice(0, MOST_NOTES).map(noteOf).filter(Boolean)
  const rest = notes.length > MOST_NOTES ? [`… and ${notes.length - MOST_NOTES} more`] : []
  return shown.length > 0 ? [context([[...shown, ...rest].join('  ·  ')])] : []
}

/** Reason, what mends it, and below in small print what the verdict rests on. */
function blocksOf(item: AlertItem, alert: Alert, isUpdate: boolean): Block[] {
  const { sign, word } = standing(item)
  const mark = isUpdate && CHANGES[item.change] !== '' ? `, ${CHANGES[item.change]}` : ''
  const lines = [
    `${sign}  *${sentence(item.id, 80)}*  ·  ${word}${mark}`,
    sentence(item.text, 500),
    ...mend(item, alert),
  ]
  return [section(lines.join('\n')), ...smallPrint(item.notes)]
}

const sizeOf = (blocks: readonly Block[]): number => JSON.stringify(blocks).length

/** Whole rules while they fit; the mildest go first. */
function keepFitting(rules: readonly (readonly Block[])[], room: number): readonly (readonly Block[])[] {
  let left = room
  return rules.slice(0, LISTED).filter((blocks) => {
    left -= sizeOf(blocks)
    return left >= 0
  })
}

/** What was agreed stands first in the notes. */
const exceptedLine = ({ id, text, notes }: AlertItem): string =>
  `•  *${sentence(id, 80)}*  ·  ${sentence(text, 200)}\n${sentence(notes[0] ?? '', 250)}`

/**
 * The rules that fail or are unknown, each with what mends it, and in short what is excepted or fixed; what is left out
 * is said. Of what was put right every line is told: each has the command that takes it back.
 * @param room characters that may be used
 */
export function rules(alert: Alert, room: number): Block[] {
  const { items, omitted, kind } = alert
  const isFull = ({ change }: AlertItem): boolean =>
    change !== 'excepted' && (change !== 'gone' || kind === 'enforcement')
  const full = items.filter(isFull)
  const excepted = items.filter(({ change }) => change === 'excepted')
  const gone = items.filter((item) => item.change === 'gone' && !isFull(item))
  const isUpdate = kind === 'policy' && (gone.length > 0 || full.some(({ change }) => change === 'known'))
  const settled = [
    ...(excepted.length > 0 ? [{ title: '⏸️  *Excepted*', lines: excepted.slice(0, SETTLED).map(exceptedLine) }] : []),
    ...inOneLine(
      '✅  *Fixed*',
      gone.map(({ id }) => `~${words(id, 80)}~`),
      SETTLED,
    ),
  ]
  const told = full.map((item) => blocksOf(item, alert, isUpdate))
  const kept = keepFitting(told, room - settled.length * ROOM_FOR_SETTLED)
  return [
    ...kept.flat(),
    ...more(omitted + full.length - kept.length + Math.max(0, excepted.length - SETTLED)),
    ...(kept.length > 0 && settled.length > 0 ? [divider] : []),
    ...toSections(settled),
  ]
}
