import type { Alert, AlertItem } from './alert.ts'
import { subjectIs } from './registry.ts'
import { inWords } from './severity.ts'
import { itemsAre } from './standing.ts'
import { UNSEEN } from './unseen.ts'

/** Items that an e-mail lists. */
const LISTED = 30

const MARKS = { new: 'new', known: 'known', gone: 'fixed', excepted: 'excepted' }

const plain = (text: string): string => text.replace(UNSEEN, ' ')

/** A command is shown as it is, or not at all: another one must not be pasted into a shell. */
const commandLine = (command: string | undefined, indent: string): string[] =>
  command === undefined || command !== plain(command) ? [] : [`${indent}${command}`]

const findingLine = ({ severity, change, id, subject, text, notes, url }: AlertItem): string[] => [
  `  ${severity.padEnd(13)} ${MARKS[change].padEnd(6)} ${plain([[id, ...(subject === id ? [] : [subject]), text].join('  '), ...notes].join(', '))}`,
  ...(url ? [`    ${plain(url)}`] : []),
]

/** What has no severity was not judged. */
const ruleLines = ({ severity, change, id, text, notes, fix, command, cdk }: AlertItem): string[] => [
  `  ${(severity === 'UNDEFINED' ? 'UNKNOWN' : severity).padEnd(13)} ${MARKS[change].padEnd(8)} ${plain(`${id}  ${text}`)}`,
  ...notes.map((note) => `    ${plain(note)}`),
  ...(fix === undefined ? [] : [`    → ${plain(fix)}`]),
  ...commandLine(command, '      '),
  ...(cdk === undefined ? [] : [`      In the CDK: ${plain(cdk)}`]),
]

const pointLines = (alert: Alert): string[] =>
  [...Map.groupBy(alert.items.slice(0, LISTED), ({ subject }) => subject)].flatMap(([heading, those]) => [
    `  ${plain(heading)}`,
    ...those.flatMap(({ id, text, notes, command }) => [
      `    ${plain([`${id}  ${text}`, ...notes].join(', '))}`,
      ...commandLine(command, '      '),
    ]),
  ])

const isAboutRules = ({ kind }: Alert): boolean => itemsAre(kind) === 'rules'

const more = (alert: Alert): string[] => {
  const rest = Math.max(0, alert.items.length - LISTED) + alert.omitted
  return rest > 0 ? [`  … and ${rest} more`] : []
}

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1)

const section = (title: string, lines: readonly string[]): string[] => (lines.length > 0 ? ['', title, ...lines] : [])

function about({ kind, subject, facts, counts }: Alert): string[] {
  const { account, region, repository, digest, tags } = subject
  const what = kind === 'vulnerabilities' ? 'Image' : subjectIs(subject)
  const lines = [
    ...(repository === undefined
      ? [{ name: 'Registry', value: `${account}, ${region}` }]
      : [{ name: 'Repository', value: `${repository} (${account}, ${region})` }]),
    ...(what === 'Image' ? [{ name: 'Tags', value: tags.join(', ') || 'none' }] : []),
    ...(digest ? [{ name: 'Digest', value: digest }] : []),
    ...facts,
    ...(counts ? [{ name: 'All findings', value: inWords(counts) || 'none' }] : []),
  ]
  return section(
    what,
    lines.map(({ name, value }) => `  ${name.padEnd(13)} ${plain(value)}`),
  )
}

/** The alert as a person reads it in an e-mail: plain text, the conclusion first. */
export function toText(alert: Alert): string {
  const { kind, title, summary, todo, command, items, notices, links } = alert
  const lines =
    kind === 'digest'
      ? pointLines(alert)
      : items.slice(0, LISTED).flatMap(isAboutRules(alert) ? ruleLines : findingLine)
  const notes = section(
    'Please note',
    notices.map((notice) => `  ${plain(notice)}`),
  )
  const isNoteFirst = kind === 'digest'
  return [
    plain(title),
    plain(summary),
    ...(isNoteFirst ? notes : []),
    ...section('What to do', [`  ${plain(todo)}`, ...commandLine(command, '  ')]),
    ...section(capital(itemsAre(kind)), [...lines, ...more(alert)]),
    ...about(alert),
    ...(isNoteFirst ? [] : notes),
    ...section(
      'Links',
      links.map(({ text, url }) => `  ${text}: ${url}`),
    ),
    '',
    `ecr-steward, alert ${alert.id}`,
  ].join('\n')
}
