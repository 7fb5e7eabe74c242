import { counted, grouped } from '../../functions/domain/counted.ts'
import { listed } from '../../functions/domain/listed.ts'
import { inWords } from '../../functions/domain/severity.ts'
import { section } from '../sections.ts'
import { type Cell, NARROWEST, type Row, tableLines } from '../table.ts'
import { columnsOf, oneLine, type Paint, painter, wrap } from '../terminal.ts'
import type { Destination } from './file.ts'
import type { Account } from './look.ts'
import type { Proposal, Proposed } from './proposal.ts'
import { totalOf } from './standing.ts'
import { messagesOf, type Share, type Today } from './today.ts'

type Look = { readonly paint: Paint; readonly width: number }

/** Cells of a bar. */
const BAR = 10
/** Of a list, what is shown. */
const MOST_FOUND = 5
const MOST_SHARES = 8
const MOST_RULES = 6

const repositories = (count: number): string => counted(count, 'repository', 'repositories')

/** Something is filled where there is something, and not all where there is not all. */
function bar(part: number, whole: number): string {
  const filled = whole === 0 ? 0 : Math.round((part / whole) * BAR)
  const shown = part === 0 ? 0 : Math.min(Math.max(filled, 1), part < whole ? BAR - 1 : BAR)
  return '█'.repeat(shown) + '░'.repeat(BAR - shown)
}

/** A rule with the entries that name it. */
type Written = { readonly proposed: Proposed; readonly patterns: readonly string[] }

const byRule = ({ entries, registry }: Proposal): readonly (readonly Written[])[] => {
  const all = [
    ...entries.flatMap(({ patterns, rules }) => rules.map((proposed) => ({ proposed, patterns }))),
    ...registry.map((proposed) => ({ proposed, patterns: [] })),
  ]
  return [...Map.groupBy(all, ({ proposed }) => proposed.rule).values()]
}

/** Of nothing, not even the codes of a colour. */
const dim = (text: string): Cell => (text === '' ? { text } : { text, format: 'dim' })

/** What is to be done with it: enforce it, or see to what fails. */
function adviceOn(written: readonly Written[]): Cell {
  const ready = written.filter(({ proposed }) => proposed.isReady)
  const word = ready.some(({ proposed }) => proposed.mode === 'enforce') ? 'enforced' : 'ready for enforce'
  if (ready.length > 0 && ready.length === written.length) return { text: word, format: ['green', 'bold'] }
  const where = ready.flatMap(({ patterns }) => patterns)
  if (where.length > 0) return { text: `${word} in ${listed(where, 3)}`, format: 'green' }
  const fails = written.flatMap(({ proposed }) => proposed.standing?.fails ?? [])
  const names = fails.map(({ name }) => name)
  return dim(names.length > 0 ? `fails: ${listed(names, 2)}` : '')
}

/** Cells of the last column, so that each rule is one line. */
const restOf = (width: number, rules: readonly (readonly Written[])[]): number =>
  width - 2 - Math.max(...rules.map((written) => written[0]?.proposed.rule.id.length ?? 0)) - BAR - 15

function ruleRow(written: readonly Written[], rest: number): Row {
  const standings = written.flatMap(({ proposed }) => proposed.standing ?? [])
  const pass = standings.reduce((sum, one) => sum + one.pass, 0)
  const total = standings.reduce((sum, one) => sum + totalOf(one), 0)
  const colour = pass === total ? 'green' : pass === 0 ? 'red' : 'yellow'
  const advice = adviceOn(written)
  return [
    { text: written[0]?.proposed.rule.id ?? '', format: 'bold' },
    { text: bar(pass, total), format: colour },
    { text: `${grouped(pass)} of ${grouped(total)}`.padStart(8), format: colour },
    { ...advice, text: oneLine(advice.text, Math.max(rest, NARROWEST)) },
  ]
}

function registryRow([written]: readonly Written[]): Row {
  const { rule, standing } = written?.proposed ?? {}
  const [fail] = standing?.fails ?? []
  return [
    { text: rule?.id ?? '', format: 'bold' },
    fail ? { text: 'fails', format: 'red' } : { text: 'passes', format: 'green' },
    dim(fail?.reason ?? ''),
  ]
}

const TITLES = { repository: 'REPOSITORIES', image: 'NEWEST IMAGES', registry: 'THE REGISTRY' } as const

function ruleLines(proposal: Proposal, { paint, width }: Look): readonly string[] {
  const judged = byRule(proposal).filter((written) =>
    written.some(({ proposed: { standing } }) => standing !== undefined),
  )
  return (['repository', 'image', 'registry'] as const).flatMap((about) => {
    const rules = judged.filter(([written]) => written?.proposed.rule.about === about)
    const rest = restOf(width, judged)
    const rows = rules.map((written) => (about === 'registry' ? registryRow(written) : ruleRow(written, rest)))
    return section(TITLES[about], tableLines(rows, width - 2, paint), { paint })
  })
}

const shareRow =
  (most: number) =>
  ({ namespace, findings, rules }: Share): Row => [
    { text: namespace, format: 'bold' },
    { text: grouped(findings).padStart(8), ...(findings > 0 && { format: 'red' as const }) },
    { text: grouped(rules).padStart(5) },
    {
      text: bar(findings + rules, most)
        .replaceAll('░', ' ')
        .trimEnd(),
      format: 'cyan',
    },
  ]

function shareLines({ shares }: Today, { paint, width }: Look): readonly string[] {
  if (shares.length === 0) return []
  const most = Math.max(...shares.map(({ findings, rules }) => findings + rules))
  const head: Row = ['NAMESPACE', 'FINDINGS', 'RULES', ''].map(dim)
  const rows = tableLines([head, ...shares.slice(0, MOST_SHARES).map(shareRow(most))], width - 2, paint)
  const more = shares.length - MOST_SHARES
  return ['', ...rows, ...(more > 0 ? [paint('dim', `… and ${counted(more, 'namespace')} more`)] : [])]
}

function foundLines({ found, threshold, scanned, images, unscannable }: Today, { paint, width }: Look) {
  const of = `of ${grouped(scanned)} that ${scanned === 1 ? 'was' : 'were'} scanned, ${grouped(images)} looked at`
  const count = found.length === 0 ? 'No image' : counted(found.length, 'image')
  const head = `${count} with findings at ${threshold} or above, ${of}`
  const rows = found.slice(0, MOST_FOUND).map(
    ({ name, counts }): Row => [
      { text: name, format: 'bold' },
      { text: inWords(counts), format: 'red' },
    ],
  )
  const more = found.length - MOST_FOUND
  return [
    ...wrap(head, width - 2),
    ...tableLines(rows, width - 4, paint).map((line) => `  ${line}`),
    ...(more > 0 ? [paint('dim', `  … and ${more} more`)] : []),
    ...(unscannable > 0 ? [`${counted(unscannable, 'image')} whose scan failed`] : []),
  ]
}

/** `a, b and c` */
const listedLast = (parts: readonly string[]): string =>
  parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : parts.join('')

function failingLines({ failing, rules }: Today, { width, paint }: Look): readonly string[] {
  const who = [
    ...(failing.repositories > 0 ? [repositories(failing.repositories)] : []),
    ...(failing.images > 0 ? [counted(failing.images, 'image')] : []),
    ...(failing.registry > 0 ? ['the registry'] : []),
  ]
  if (who.length === 0) return ['No rule fails.']
  const most = listed(
    rules.map(({ rule, count }) => `${rule} ${grouped(count)}`),
    MOST_RULES,
  )
  return [
    `${listedLast(who)} with rules that fail or cannot be judged`,
    ...wrap(most, width - 4).map((line) => paint('dim', `  ${line}`)),
  ]
}

/** What a first look is told by, and what comes after it. */
const DIGEST =
  'A message is one image, one repository or the registry. The first sweep tells all of it in one digest; what comes alone is what is scanned, pushed or changed after it.'

function todayLines(today: Today, look: Look): readonly string[] {
  const { paint, width } = look
  const lines = [
    ...foundLines(today, look),
    ...failingLines(today, look),
    ...shareLines(today, look),
    '',
    ...wrap(DIGEST, width - 2).map((line) => paint('dim', line)),
  ]
  return section(`WHAT WOULD BE TOLD TODAY: ${counted(messagesOf(today), 'message').toUpperCase()}`, lines, look)
}

/** Where to go from here. */
function nextLines(destination: Destination, isEmpty: boolean, { paint, width }: Look): readonly string[] {
  const name = destination === 'stdout' ? 'steward.yaml' : destination.name
  const option = name === 'steward.yaml' ? '' : ` --config ${name}`
  const steps: readonly (readonly [string, string])[] = [
    [`ecr-steward config validate${option}`, 'after each edit: every fault with its line'],
    [`ecr-steward check --images${option}`, 'what fails, and the command that mends it'],
    ['npm run deploy', 'the stack is built with the steward.yaml of its folder'],
  ]
  const rows = steps.map(
    ([command, about]): Row => [
      { text: command, format: 'cyan' },
      { text: about, format: 'dim' },
    ],
  )
  const first = isEmpty
    ? ['The registry is empty: this is a file to begin with. Push something, and run it again.', '']
    : []
  return section('NEXT', [...first, ...tableLines(rows, width - 2, paint)], { paint })
}

function headLines(
  { registry: { ref }, repositories: all, images, looked }: Account,
  destination: Destination,
  { paint }: Look,
) {
  const title = destination === 'stdout' ? 'A steward.yaml' : `${destination.name} is written`
  const some = looked < all.length ? `, of ${grouped(looked)} that were looked into` : ''
  return [
    paint(['bold', 'green'], title),
    `from registry ${ref.account} in ${ref.region}: ${repositories(all.length)}, the newest tagged image of ${grouped(images.length)}${some}`,
  ]
}

export type Told = {
  readonly account: Account
  readonly proposal: Proposal
  readonly today: Today
  readonly destination: Destination
}

/** What was proposed, and what it would tell, for a person. */
export function writeReport({ account, proposal, today, destination }: Told, stream: NodeJS.WriteStream): void {
  const look = { paint: painter(stream), width: Math.min(columnsOf(stream), 100) }
  const isEmpty = account.repositories.length === 0
  const lines = [
    ...headLines(account, destination, look).flatMap((line, index) => (index === 0 ? [line] : wrap(line, look.width))),
    ...ruleLines(proposal, look),
    ...(isEmpty ? [] : todayLines(today, look)),
    ...nextLines(destination, isEmpty, look),
  ]
  stream.write(`${lines.map((line) => line.trimEnd()).join('\n')}\n`)
}
