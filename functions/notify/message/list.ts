import type { Alert, AlertItem } from '../../domain/alert.ts'
import { itemsAre } from '../../domain/standing.ts'
import { findings } from './findings.ts'
import { keepFitting, more, toSections } from './groups.ts'
import { lookAs } from './look.ts'
import type { Block } from './message.ts'
import { rules } from './rules.ts'
import { code, sentence, words } from './text.ts'

/** Repositories or images that are named; more are counted. */
const LISTED = 20

const repositoryLine = ({ id, text, notes }: AlertItem): string =>
  [`•  ${code(id, 260)}  ${words(text, 120)}`, ...notes.map((note) => words(note, 60))].join('  ·  ')

/** What is to be seen to before what is only told. */
function repositories({ kind, items, omitted }: Alert, room: number): Block[] {
  const shown = items.slice(0, LISTED)
  const isFailure = ({ severity }: AlertItem): boolean => kind === 'clean-up' && severity !== 'INFORMATIONAL'
  const { failed = [], told = [] } = Object.groupBy(shown, (item) => (isFailure(item) ? 'failed' : 'told'))
  const groups = [
    ...(failed.length > 0 ? [{ title: '🟡  *Failed*', lines: failed.map(repositoryLine) }] : []),
    ...(told.length > 0 ? [{ title: '*Repositories*', lines: told.map(repositoryLine) }] : []),
  ]
  const { kept, dropped } = keepFitting(groups, room)
  return [...toSections(kept), ...more(omitted + items.length - shown.length + dropped)]
}

/** Who needs it stands out. */
const imageNote = (note: string): string =>
  note.startsWith('in use by ') ? `*${sentence(note, 300)}*` : sentence(note, 300)

/** Which image, and when and by which rule it goes or what it has; below it who needs it. */
const imageLine = ({ id, severity, text, notes }: AlertItem): string =>
  [
    `${lookAs(severity).sign}  ${code(id, 260)}  ${sentence(text, 250)}`,
    ...(notes.length > 0 ? [notes.map(imageNote).join('  ·  ')] : []),
  ].join('\n')

function images({ items, omitted }: Alert, room: number): Block[] {
  const lines = items.slice(0, LISTED).map(imageLine)
  const { kept, dropped } = keepFitting(lines.length > 0 ? [{ title: '*Images*', lines }] : [], room)
  return [...toSections(kept), ...more(omitted + items.length - lines.length + dropped)]
}

const pointLine = ({ id, text, notes }: AlertItem): string =>
  [`•  *${sentence(id, 200)}*  ${sentence(text, 250)}`, ...notes.map((note) => sentence(note, 120))].join('  ·  ')

/** Under the headings that they bring. */
function points({ items, omitted }: Alert, room: number): Block[] {
  const shown = items.slice(0, LISTED)
  const groups = [...Map.groupBy(shown, ({ subject }) => subject)].map(([title, those]) => ({
    title: `*${sentence(title, 80)}*`,
    lines: those.map(pointLine),
  }))
  const { kept, dropped } = keepFitting(groups, room)
  return [...toSections(kept), ...more(omitted + items.length - shown.length + dropped)]
}

/**
 * What the alert lists, in the words of its kind.
 * @param room characters that may be used
 */
export function list(alert: Alert, room: number): Block[] {
  const what = itemsAre(alert.kind)
  if (what === 'rules') return rules(alert, room)
  if (what === 'images') return images(alert, room)
  if (what === 'points') return points(alert, room)
  return what === 'repositories' ? repositories(alert, room) : findings(alert, room)
}
