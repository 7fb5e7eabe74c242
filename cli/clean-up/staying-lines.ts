import type { Plan, ProtectedImage } from '../../functions/domain/clean-up/plan.ts'
import { minute } from '../../functions/domain/compose.ts'
import { counted } from '../../functions/domain/counted.ts'
import { listed } from '../../functions/domain/listed.ts'
import { type Row, tableLines } from '../table.ts'
import { indented, type Look, more } from './going-lines.ts'
import { imageName, withShortDigests } from './words.ts'

/** Of each list, what is shown; the rest is counted. */
const MOST = 15
/** Who keeps an image, of many. */
const MOST_USERS = 3

const section = (title: string, lines: readonly string[]): readonly string[] => [title, ...indented(lines)]

const table = (rows: readonly Row[], { width, paint }: Look): readonly string[] => tableLines(rows, width - 2, paint)

/** Images with the same reasons are told once. */
function protectedRows(images: readonly ProtectedImage[]): readonly Row[] {
  const alike = Map.groupBy(images, ({ repository, by }) => `${repository}\n${by.join('\n')}`)
  return [...alike.values()].map((of) => {
    const { repository = '', by = [] } = of[0] ?? {}
    return [
      { text: repository, format: 'bold' as const },
      { text: listed(of.map(imageName), 2) },
      { text: withShortDigests(listed(by, MOST_USERS)) },
    ]
  })
}

/** What the rules would remove, and who keeps it. */
export function protectedLines(plan: Plan, look: Look): readonly string[] {
  if (plan.protected.length === 0) return []
  const rows = protectedRows(plan.protected)
  const title = `${look.paint(['bold', 'green'], 'KEPT')}  ${counted(plan.protected.length, 'image')} that the rules would remove`
  return section(title, [...table(rows.slice(0, MOST), look), ...more(MOST, rows, 'lines')])
}

/** What is not looked at, and what to do about it. */
export function blockedLines({ blocked }: Plan, look: Look): readonly string[] {
  if (blocked.length === 0) return []
  const rows = blocked
    .slice(0, MOST)
    .map(({ repository, why }) => [{ text: repository ?? 'everything', format: 'bold' as const }, { text: why }])
  const title = `${look.paint(['bold', 'magenta'], 'BLOCKED')}  Nothing goes there until somebody can tell what is in use`
  return section(title, [...table(rows, look), ...more(MOST, blocked, 'lines')])
}

/** What waits for the next plan. */
export function heldBackLines({ heldBack }: Plan, look: Look): readonly string[] {
  if (heldBack.length === 0) return []
  const images = heldBack.reduce((sum, one) => sum + one.images, 0)
  const rows = heldBack
    .toSorted((one, other) => other.images - one.images)
    .slice(0, MOST)
    .map((one) => [
      { text: one.repository, format: 'bold' as const },
      { text: counted(one.images, 'image') },
      { text: one.why },
    ])
  const title = `${look.paint('bold', 'HELD BACK')}  ${counted(images, 'image')} that the rules would remove`
  return section(title, [...table(rows, look), ...more(MOST, heldBack, 'lines')])
}

type Source = Plan['inventory']['sources'][number]

const placeOf = ({ account, region }: Source): string => `${account}, ${region}`

/** Where nothing is missing, one line for each account and region. */
export function inventoryLines({ inventory: { at, sources } }: Plan, look: Look): readonly string[] {
  const whole = sources.filter(({ incomplete }) => incomplete === null)
  const rows = [...Map.groupBy(whole, placeOf)].map(([place, of]) => [
    { text: place },
    { text: of.map(({ source, uses }) => `${source} ${uses.toLocaleString('en-US')}`).join(', ') },
  ])
  const gaps = sources
    .filter(({ incomplete }) => incomplete !== null)
    .map((source) => [
      { text: placeOf(source) },
      { text: `${source.source}: not known completely`, format: 'red' as const },
    ])
  const title = `${look.paint('bold', 'IN USE')}  as read at ${minute(at)}: uses by source`
  return section(title, table([...rows, ...gaps], look))
}
