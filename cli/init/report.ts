import { counted, grouped } from '../../functions/domain/counted.ts'
import { listed } from '../../functions/domain/listed.ts'
import { inWords } from '../../functions/domain/severity.ts'
import { section } from '../sections.ts'
import { type Row, tableLines } from '../table.ts'
import { columnsOf, painter, wrap } from '../terminal.ts'
import type { Destination } from './file.ts'
import type { Account } from './look.ts'
import type { Proposal } from './proposal.ts'
import { bar, dim, EMPTY, type Look, ruleLines } from './rule-lines.ts'
import { messagesOf, type Share, type Today } from './today.ts'

/** Of a list, what is shown. */
const MOST_FOUND = 5
const MOST_SHARES = 8
const MOST_RULES = 5

const repositories = (count: number): string => counted(count, 'repository', 'repositories')

const shareRow =
  (most: number) =>
  ({ namespace, scans, rules }: Share): Row => [
    { text: namespace, format: 'bold' },
    { text: grouped(scans).padStart(5), ...(scans > 0 && { format: 'red' as const }) },
    { text: grouped(rules).padStart(5) },
    {
      text: bar(scans + rules, most).replaceAll(EMPTY, ''),
      format: 'cyan',
    },
  ]

function shareLines({ shares }: Today, { paint, width }: Look): readonly string[] {
  if (shares.length === 0) return []
  const most = Math.max(...shares.map(({ scans, rules }) => scans + rules))
  const head: Row = ['NAMESPACE', 'SCANS', 'RULES', ''].map(dim)
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
    ...wrap(`${listedLast(who)} with rules that fail or cannot be judged`, width - 2),
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
    [`ecr-steward doctor${option}`, 'what is missing for a deployment, such as the secret of a channel'],
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
  { registry: { ref }, repositories: all, images: seen, looked }: Account,
  destination: Destination,
  { paint }: Look,
) {
  const title = destination === 'stdout' ? 'A steward.yaml' : `${destination.name} is written`
  const count = grouped(seen.length)
  const images =
    looked < all.length
      ? `; images of ${grouped(looked)} were looked into: the newest tagged one of ${count}`
      : `, the newest tagged image of ${count}`
  return [
    paint(['bold', 'green'], title),
    `from registry ${ref.account} in ${ref.region}: ${all.length === 0 ? 'no repository yet' : repositories(all.length) + images}`,
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
