import { roughBytes } from '../../functions/domain/bytes.ts'
import type { Verdicts } from '../../functions/domain/lifecycle/evaluation.ts'
import { ruleInWords } from '../../functions/domain/lifecycle/in-words.ts'
import { type Row, tableLines } from '../table.ts'
import { oneLine, wrap } from '../terminal.ts'
import { amountText, COLOURS, dayText, dollarsText, doneText, imagesText, type Look, nameText } from './look.ts'
import type { Previewed } from './previewed.ts'
import { type Action, type Sum, sumOf, sumsOf } from './sums.ts'

/** Images of a rule that are listed, the oldest of them. */
const MOST_LISTED = 10

/** The rows of one rule that have the same end. */
type Group = { readonly rule: number | null; readonly action: Action; readonly rows: number[]; bytes: number }

const ORDER: readonly Action[] = ['expire', 'archive', 'keep']

function groupsOf(verdicts: Verdicts): readonly Group[] {
  const groups = new Map<string, Group>()
  for (let row = 0; row < verdicts.size; row++) {
    const [rule, action] = [verdicts.ruleOf(row), verdicts.actionOf(row)]
    const key = `${rule} ${action}`
    const group = groups.get(key) ?? { rule, action, rows: [], bytes: 0 }
    group.rows.push(row)
    group.bytes += verdicts.sizeOf(row)
    groups.set(key, group)
  }
  return [...groups.values()].toSorted(
    (a, b) =>
      (a.rule ?? Number.POSITIVE_INFINITY) - (b.rule ?? Number.POSITIVE_INFINITY) ||
      ORDER.indexOf(a.action) - ORDER.indexOf(b.action),
  )
}

type Shown = { readonly verdicts: Verdicts; readonly pushedAt: readonly number[]; readonly look: Look }

/** What it is about, in money. Layers that images share are in the bytes of each, so that it is the most. */
const moneyText = (action: Action, { bytes, dollarsPerMonth }: Sum): string =>
  ({
    keep: `at most ${amountText(bytes, dollarsPerMonth)}`,
    expire: `frees at most ${amountText(bytes, dollarsPerMonth)}`,
    archive: `${roughBytes(bytes)}, saves ${dollarsText(dollarsPerMonth)} a month`,
  })[action]

/** `12 images expire (frees at most 3.4 GB, $0.34 a month): newest v1.9 of 2026-10-01, oldest v0.1 of 2025-03-04`. */
function groupLine({ action, rows, bytes }: Group, { verdicts, pushedAt, look }: Shown): string {
  const newestFirst = rows.toSorted((a, b) => (pushedAt[b] ?? 0) - (pushedAt[a] ?? 0))
  const of = (row = 0): string =>
    `${nameText(verdicts.digestOf(row), verdicts.tagsOf(row))} of ${dayText(pushedAt[row] ?? 0)}`
  const ends = rows.length === 1 ? of(newestFirst[0]) : `newest ${of(newestFirst[0])}, oldest ${of(newestFirst.at(-1))}`
  const head = look.paint(COLOURS[action], doneText(rows.length, action))
  return `${head} (${moneyText(action, sumOf(action, rows.length, bytes))}): ${oneLine(ends)}`
}

/** Those that go, oldest first. */
function listed({ action, rows }: Group, { verdicts, pushedAt, look }: Shown): readonly string[] {
  if (action === 'keep') return []
  const oldest = rows.toSorted((a, b) => (pushedAt[a] ?? 0) - (pushedAt[b] ?? 0)).slice(0, MOST_LISTED)
  const table = oldest.map(
    (row): Row => [
      { text: nameText(verdicts.digestOf(row), verdicts.tagsOf(row)) },
      { text: dayText(pushedAt[row] ?? 0) },
      { text: roughBytes(verdicts.sizeOf(row)) },
      { text: verdicts.reasonOf(row), format: 'dim' },
    ],
  )
  const more = rows.length - oldest.length
  return [
    ...tableLines(table, look.width - 4, look.paint).map((line) => `    ${line}`),
    ...(more > 0 ? [`    … and ${imagesText(more)} more: --json has all`] : []),
  ]
}

function ruleLines(groups: readonly Group[], { rules }: Previewed, shown: Shown): readonly string[] {
  const { look } = shown
  const [{ rule: priority } = { rule: null }] = groups
  const rule = rules.find((one) => one.priority === priority)
  const title = rule ? `Rule ${rule.priority}  ${ruleInWords(rule)}` : 'No rule'
  return [
    ...wrap(title, look.width).map((line) => look.paint('bold', line)),
    ...groups.flatMap((group) => [`  ${groupLine(group, shown)}`, ...listed(group, shown)]),
    '',
  ]
}

function differenceLines({ differences }: Previewed, { paint }: Look): readonly string[] {
  if (!differences) return []
  if (differences.length === 0) return [paint('green', "ECR's own preview says the same of every image.")]
  const markText = ({ action, rule }: { action: Action; rule: number | null }): string =>
    rule === null ? action : `${action} by rule ${rule}`
  return [
    paint('red', `ECR's own preview says something else of ${imagesText(differences.length)}:`),
    ...differences.map(
      ({ digest, tags, ours, native }) =>
        `  ${oneLine(nameText(digest, tags))}: here ${markText(ours)}, ECR ${markText(native)}`,
    ),
    'Images that were pushed or deleted meanwhile can be the cause: run it again to be sure.',
  ]
}

/** What a policy does, for people: by rule, with sums. */
export function previewText(previewed: Previewed, look: Look): string {
  const { evaluated, policy, now } = previewed
  const [verdicts] = evaluated.verdicts
  const shown = { verdicts, pushedAt: evaluated.pushedAt, look }
  const sums = sumsOf(verdicts)
  const of = evaluated.ref.repository === undefined ? '' : `${evaluated.ref.repository}, `
  const byRule = [...Map.groupBy(groupsOf(verdicts), ({ rule }) => rule).values()]
  const parts = ORDER.filter((action) => sums[action].images > 0).map(
    (action) => `${doneText(sums[action].images, action)} (${moneyText(action, sums[action])})`,
  )
  const total = parts.length === 0 ? 'There is no image.' : `${parts.join(', ')}.`
  const lines = [
    look.paint('dim', oneLine(`${of}by the policy of ${policy}, as of ${now.toISOString()}`)),
    '',
    ...byRule.flatMap((groups) => ruleLines(groups, previewed, shown)),
    ...wrap(total, look.width).map((line) => look.paint('bold', line)),
    ...differenceLines(previewed, look),
  ]
  return `${lines.join('\n')}\n`
}
