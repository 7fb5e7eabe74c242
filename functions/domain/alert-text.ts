import type { Alert, AlertItem } from './alert.ts'
import { inWords } from './severity.ts'
import { UNSEEN } from './unseen.ts'

/** Findings that an e-mail lists. */
const LISTED = 30

const MARKS = { new: 'new', known: 'known', gone: 'fixed' }

const plain = (text: string): string => text.replace(UNSEEN, ' ')

const lineOf = ({ severity, change, id, subject, text, notes, url }: AlertItem): string =>
  `  ${severity.padEnd(13)} ${MARKS[change].padEnd(6)} ${plain([`${id}  ${subject}  ${text}`, ...notes].join(', '))}${url ? `\n    ${plain(url)}` : ''}`

const more = (alert: Alert): string[] => {
  const rest = Math.max(0, alert.items.length - LISTED) + alert.omitted
  return rest > 0 ? [`  … and ${rest} more`] : []
}

const section = (title: string, lines: readonly string[]): string[] => (lines.length > 0 ? ['', title, ...lines] : [])

/** The alert as a person reads it in an e-mail: plain text, the conclusion first. */
export function toText(alert: Alert): string {
  const { account, region, repository, digest, tags } = alert.subject
  const about = [
    { name: 'Repository', value: `${repository} (${account}, ${region})` },
    { name: 'Tags', value: tags.join(', ') || 'none' },
    ...(digest ? [{ name: 'Digest', value: digest }] : []),
    ...alert.facts,
    ...(alert.counts ? [{ name: 'All findings', value: inWords(alert.counts) || 'none' }] : []),
  ]
  return [
    plain(alert.title),
    plain(alert.summary),
    ...section('What to do', [`  ${plain(alert.todo)}`, ...(alert.command ? [`  ${alert.command}`] : [])]),
    ...section('Findings', [...alert.items.slice(0, LISTED).map(lineOf), ...more(alert)]),
    ...section(
      'Image',
      about.map(({ name, value }) => `  ${name.padEnd(13)} ${plain(value)}`),
    ),
    ...section(
      'Please note',
      alert.notices.map((notice) => `  ${plain(notice)}`),
    ),
    ...section(
      'Links',
      alert.links.map(({ text, url }) => `  ${text}: ${url}`),
    ),
    '',
    `ecr-steward, alert ${alert.id}`,
  ].join('\n')
}
