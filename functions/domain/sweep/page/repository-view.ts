import type { FindingReport, ImageReport, RepositoryReport, VerdictReport } from '../report.ts'
import type { Row } from './rows.ts'
import type { View } from './view.ts'

// The functions of this file also run in the page, from their text (script.ts): they may use each other, and nothing else that
// is declared outside of them.

type Details = RepositoryReport['details']
type Counts = ImageReport['counts']

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
}

function gigabytes(bytes: number): string {
  const amount = bytes / 1e9
  return `${amount.toLocaleString('en-US', { maximumFractionDigits: amount >= 10 ? 0 : 2 })} GB`
}

function dollars(amount: number): string {
  if (amount > 0 && amount < 0.005) return '<$0.01'
  return `$${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`
}

export function severityView(severity: string): View {
  const word = severity === 'UNDEFINED' ? 'unknown' : severity.toLowerCase()
  return ['span', { class: `severity ${severity.toLowerCase()}` }, word]
}

function linkView(text: string, url: string | undefined): View {
  if (!url?.startsWith('https://')) return ['bdi', {}, text]
  return ['a', { href: url, rel: 'noopener noreferrer', target: '_blank' }, text]
}

function exceptedView(reason: string | undefined): View[] {
  return reason === undefined ? [] : [['p', { class: 'note' }, `Excepted: ${reason}`]]
}

function verdictView({ rule, outcome, severity, reason, fix, command, excepted }: VerdictReport): View {
  return [
    'li',
    {},
    severityView(outcome === 'unknown' ? 'UNDEFINED' : severity),
    ' ',
    ['code', {}, rule],
    ` ${reason}`,
    ...exceptedView(excepted),
    ...(fix === undefined ? [] : [['p', { class: 'fix' }, `How to fix: ${fix}`] as const]),
    ...(command === undefined ? [] : [['pre', { tabindex: '0' }, command] as const]),
  ]
}

export function verdictsView(verdicts: readonly VerdictReport[]): View[] {
  return verdicts.length === 0 ? [] : [['ul', { class: 'verdicts' }, ...verdicts.map(verdictView)]]
}

function findingView(finding: FindingReport): View {
  const { fixed, installed, days, overdue, excepted } = finding
  const fix = fixed === undefined ? 'No version that fixes it is known.' : `Upgrade ${finding.package} to ${fixed}.`
  return [
    'tr',
    {},
    ['th', { scope: 'row' }, linkView(finding.id, finding.url)],
    ['td', {}, severityView(finding.severity)],
    ['td', {}, ['bdi', {}, installed === undefined ? finding.package : `${finding.package} ${installed}`]],
    [
      'td',
      {},
      overdue ? ['span', { class: 'late' }, `${counted(days, 'day', 'days')}, overdue`] : counted(days, 'day', 'days'),
    ],
    ['td', {}, fix, ...exceptedView(excepted)],
  ]
}

function headsView(heads: readonly string[]): View {
  return ['thead', {}, ['tr', {}, ...heads.map((head) => ['th', { scope: 'col' }, head] as const)]]
}

function findingsView({ findings, omitted }: ImageReport, name: string): View[] {
  const more = `${counted(omitted, 'more finding is', 'more findings are')} left out to keep this file small.`
  const rest: View[] = omitted > 0 ? [['p', { class: 'note' }, more]] : []
  if (findings.length === 0) return rest
  const heads = headsView(['Finding', 'Severity', 'Package', 'Known for', 'How to fix'])
  const table: View = [
    'table',
    {},
    ['caption', {}, `Findings of ${name}`],
    heads,
    ['tbody', {}, ...findings.map(findingView)],
  ]
  return [
    ['div', { class: 'wide', tabindex: '0', role: 'region', 'aria-label': `Findings of ${name}` }, table],
    ...rest,
  ]
}

function countsText(counts: Counts): string {
  const words = Object.entries(counts).filter(([, count]) => count > 0)
  return words.map(([severity, count]) => `${count.toLocaleString('en-US')} ${severity.toLowerCase()}`).join(', ')
}

function imageView(image: ImageReport): View {
  const { digest, tags, scan, users, verdicts } = image
  const name = tags[0] ?? digest.slice(0, 19)
  const others = tags.length > 1 ? ` and ${counted(tags.length - 1, 'more tag', 'more tags')}` : ''
  const state = scan === 'complete' ? countsText(image.counts) || 'no findings' : `scan: ${scan}`
  const open = verdicts.length > 0 ? `, ${counted(verdicts.length, 'rule', 'rules')}` : ''
  return [
    'li',
    {},
    [
      'details',
      {},
      ['summary', {}, ['code', {}, name], `${others}: ${state}${open}`],
      [
        'p',
        { class: 'note' },
        ['code', {}, digest],
        `, pushed ${image.pushedAt.slice(0, 10)}, ${gigabytes(image.sizeBytes)}`,
      ],
      ...(tags.length > 1 ? [['p', { class: 'note' }, `Tags: ${tags.join(', ')}`] as const] : []),
      ...(users.length > 0 ? [['p', { class: 'note' }, `Used by ${users.join(', ')}`] as const] : []),
      ...verdictsView(verdicts),
      ...findingsView(image, name),
    ],
  ]
}

function factsView(row: Row): View[] {
  const { owner, registry, images, bytes, removableBytes, losses, unread } = row
  const removable =
    removableBytes > 0
      ? `; clean-up would take ${gigabytes(removableBytes)}, ${dollars(row.removableDollars)} a month`
      : ''
  const store = `${gigabytes(bytes)} in store, ${dollars(row.dollars)} a month${removable}`
  const others = 100 - row.score - losses.reduce((sum, { points }) => sum + points, 0)
  const why = [...losses, ...(losses.length > 0 && others >= 0.1 ? [{ why: 'other reasons', points: others }] : [])]
    .map(({ why, points }) => `−${Math.abs(points).toLocaleString('en-US', { maximumFractionDigits: 1 })} for ${why}`)
    .join('; ')
  return [
    ...(unread.length > 0
      ? [['p', { class: 'gap' }, `Could not be read, so not judged whole: ${unread.join('; ')}`] as const]
      : []),
    ['p', {}, `Score ${Math.round(row.score)} of 100${why && `: ${why}`}.`],
    ['p', {}, `Owner ${owner}; registry ${registry}; ${counted(images, 'image', 'images')} judged; ${store}.`],
  ]
}

function detailsView(details: NonNullable<Details>): View[] {
  const { verdicts, lints, images, omitted } = details
  const more = `${counted(omitted, 'more image is', 'more images are')} left out to keep this file small.`
  return [
    ...(verdicts.length > 0 ? [['h3', {}, 'Rules on the repository'] as const, ...verdictsView(verdicts)] : []),
    ...(lints.length > 0 ? [['h3', {}, 'Lifecycle policy'] as const] : []),
    ...(lints.length > 0 ? [['ul', {}, ...lints.map((lint) => ['li', {}, lint] as const)] as const] : []),
    ...(images.length > 0
      ? [
          ['h3', {}, 'Images with something open'] as const,
          ['ul', { class: 'images' }, ...images.map(imageView)] as const,
        ]
      : []),
    ...(omitted > 0 ? [['p', { class: 'note' }, more] as const] : []),
  ]
}

function leftOutView({ name }: Row): View[] {
  const isPlain = /^[\w./-]+$/.test(name)
  const command: View[] = isPlain ? [['pre', { tabindex: '0' }, `ecr-steward check --images ${name}`]] : []
  return [['p', { class: 'note' }, 'What is open in it is left out to keep this file small. To see it:'], ...command]
}

/** What unfolds below the name of a repository: what it is, what is open in it, and how to fix that. */
function repositoryView(row: Row, details: Details): View[] {
  return [...factsView(row), ...(details === undefined ? leftOutView(row) : detailsView(details))]
}

function numberView(count: number): View {
  return ['td', { class: count === 0 ? 'number none' : 'number' }, count.toLocaleString('en-US')]
}

/** A row of the table, folded. @param n number of the row; its content is drawn into `.inside` */
function rowView(row: Row, n: number, inside: readonly View[]): View {
  const marks: View[] = row.unread.length > 0 ? [['span', { class: 'late' }, ' read in part']] : []
  const summary: View = ['summary', {}, ['bdi', {}, row.name], ...marks, ['span', { class: 'registry' }, row.registry]]
  return [
    'tr',
    {},
    ['th', { scope: 'row' }, ['details', { 'data-row': String(n) }, summary, ['div', { class: 'inside' }, ...inside]]],
    ['td', {}, ['bdi', {}, row.owner]],
    ['td', { class: 'number' }, String(Math.round(row.score))],
    ...[row.critical, row.high, row.medium, row.overdue, row.fails, row.unknowns].map(numberView),
    ['td', { class: 'number' }, gigabytes(row.bytes)],
    ['td', { class: 'number' }, dollars(row.dollars)],
  ]
}

/** What is drawn of the above, here and in the page. */
export function views() {
  return { repositoryView, rowView }
}

export type Views = ReturnType<typeof views>

/** All of the above as the text of an expression that makes them. */
export const viewsText = (): string =>
  `(() => {\n${[
    ...[
      counted,
      gigabytes,
      dollars,
      severityView,
      linkView,
      exceptedView,
      verdictView,
      verdictsView,
      findingView,
      headsView,
    ],
    ...[findingsView, countsText, imageView, factsView, detailsView, leftOutView, repositoryView, numberView, rowView],
  ].join('\n')}\nreturn (${views})() })()`
