import { roughBytes } from '../../functions/domain/bytes.ts'
import type { Plan, PlanItem } from '../../functions/domain/clean-up/plan.ts'
import type { CleanUpEntry } from '../../functions/domain/clean-up/policy.ts'
import { ARCHIVE_DAYS } from '../../functions/domain/cost.ts'
import { counted } from '../../functions/domain/counted.ts'
import { ruleInWords } from '../../functions/domain/lifecycle/in-words.ts'
import { tableLines } from '../table.ts'
import { oneLine, type Paint, wrap } from '../terminal.ts'
import { type RepositoryGroup, type RuleGroup, repositoriesIn } from './item-groups.ts'
import { imageName, inDollars, withShortDigests } from './words.ts'

/** How things look. */
export type Look = { readonly paint: Paint; readonly width: number }

/** Repositories that are shown; the rest is counted. */
const MOST_REPOSITORIES = 20
/** Images that are shown of a rule in a repository; all, where a plan is short. */
const MOST_EXAMPLES = 3
const SHORT_PLAN = 20

const INDENT = '  '

export const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => INDENT + line)

/** @param what `images`, `repositories` */
export const more = (most: number, all: readonly unknown[], what: string): readonly string[] =>
  all.length > most ? [`… and ${(all.length - most).toLocaleString('en-US')} more ${what}; --json has all`] : []

/** `by rule 2: images without a tag: expire 14 days after their push`. */
function ruleTitle({ policy, rule }: RuleGroup, entries: readonly CleanUpEntry[]): string {
  if (rule === null) return 'with other images that go'
  const known = entries.find((entry) => entry.policy === policy)?.rules.find(({ priority }) => priority === rule)
  return `by rule ${rule} of ${policy}${known ? `, ${ruleInWords(known)}` : ''}`
}

function ruleLines(group: RuleGroup, most: number, entries: readonly CleanUpEntry[], look: Look): readonly string[] {
  const { items, bytes } = group
  const title = `${counted(items.length, 'image')}, ${roughBytes(bytes)}, ${ruleTitle(group, entries)}`
  const rows = items
    .slice(0, most)
    .map((item) => [
      { text: imageName(item) },
      { text: roughBytes(item.sizeBytes) },
      { text: withShortDigests(item.reason), format: 'dim' as const },
    ])
  const width = look.width - 2 * INDENT.length
  return [
    ...wrap(title, look.width - INDENT.length),
    ...indented([...tableLines(rows, width, look.paint), ...more(most, items, 'images')]),
  ]
}

function repositoryLines(group: RepositoryGroup, most: number, entries: readonly CleanUpEntry[], look: Look) {
  const { repository, images, population, bytes, rules } = group
  const inAll = `${images.toLocaleString('en-US')} of ${counted(population, 'image')}, ${roughBytes(bytes)}`
  return [
    `${look.paint('bold', oneLine(repository))}  ${inAll}`,
    ...indented(
      rules.flatMap((rule) => ruleLines(rule, most, entries, { ...look, width: look.width - INDENT.length })),
    ),
  ]
}

const TITLES = { delete: 'TO DELETE', archive: 'TO ARCHIVE' } as const

/** What archiving means for the bill: people expect it to save something. */
const ARCHIVING =
  `Archived images cost the same up to 150 TB, are charged for ${ARCHIVE_DAYS} days at least, and have to be restored, ` +
  'for a charge and up to 20 minutes, before they can be pulled.'

function titleOf({ totals }: Plan, action: PlanItem['action']): string {
  const { images, bytes, dollarsPerMonth } = totals[action]
  const saved = `${inDollars(dollarsPerMonth)} a month`
  return `${counted(images, 'image')}, at most ${roughBytes(bytes)}, which ${action === 'delete' ? 'cost' : 'saves'} ${saved}`
}

/** What is deleted, or archived: by repository and by rule, with examples; nothing where there is none. */
export function goingLines(plan: Plan, action: PlanItem['action'], entries: readonly CleanUpEntry[], look: Look) {
  const groups = repositoriesIn(plan, action)
  if (groups.length === 0) return []
  const most = plan.items.length <= SHORT_PLAN ? SHORT_PLAN : MOST_EXAMPLES
  const inner = { ...look, width: look.width - INDENT.length }
  return [
    `${look.paint(['bold', action === 'delete' ? 'red' : 'yellow'], TITLES[action])}  ${titleOf(plan, action)}`,
    ...indented([
      ...(action === 'archive' ? wrap(ARCHIVING, inner.width) : []),
      ...groups.slice(0, MOST_REPOSITORIES).flatMap((group) => repositoryLines(group, most, entries, inner)),
      ...more(MOST_REPOSITORIES, groups, 'repositories'),
    ]),
  ]
}
