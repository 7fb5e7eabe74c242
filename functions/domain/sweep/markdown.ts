import { roughBytes } from '../bytes.ts'
import { counted, grouped } from '../counted.ts'
import { inWords } from '../severity.ts'
import type { OwnerReport, RepositoryReport, SweepReport, TopFix } from './report.ts'
import {
  changeTexts,
  closesText,
  coverageText,
  dollarsText,
  gapsText,
  instantText,
  moneyText,
  total,
  VERDICTS,
  verdictText,
} from './sentences.ts'
import { visible } from './visible.ts'

/** Characters of one text from outside. With the number of rows it bounds the whole: GitHub takes 65,536 characters. */
const LONGEST = 240
const ROWS = 20

const MARKS = { pass: '✅', fail: '❌', unknown: '❔' } as const

const short = (text: string): string => visible(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)

/**
 * A text from outside as words alone: no markup, no address that becomes a link, no person and no issue that is mentioned.
 * GitHub looks for mentions in the text as it is shown, so that a backslash does not help there.
 * @see https://github.github.com/gfm/#autolinks-extension-
 */
const words = (text: string): string =>
  short(text)
    .replace(/[\\`*_{}[\]<>()|~!&$]/g, '\\$&')
    .replaceAll('@', '＠')
    .replace(/\bGH-(?=\d)/gi, (mark) => `${mark.slice(0, 2)}‑`)
    .replace(/#(?=\d)/g, '＃')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/www(?=\.)/gi, '$&\\')
    .replace(/^[-+=#]|(?<=^\d+)[.)]/, '\\$&')

/** A name as code; a bar would end the cell of a table even there. */
const code = (text: string): string => `\`${short(text).replaceAll('`', 'ˋ').replaceAll('|', '¦')}\``

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`

const TEXTS = ['owner', 'repository', 'findings']

function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const dashes = heads.map((head) => (TEXTS.includes(head) ? '---' : '---:'))
  return [row(heads), row(dashes), ...rows.map(row)]
}

/** What is left out is said, never dropped. */
const more = (all: number, shown: number, one: string, many?: string): string[] =>
  all > shown ? ['', `… and ${counted(all - shown, `more ${one}`, many && `more ${many}`)}.`] : []

function gaps(report: SweepReport): string[] {
  const { coverage, targets } = report
  if (gapsText(report) === '') return []
  const named = coverage.notJudged.slice(0, ROWS)
  const unnamed = coverage.notJudged.length - named.length + coverage.omitted
  return [
    '',
    `> **${gapsText(report)}**`,
    ...targets
      .filter(({ problem }) => problem !== null)
      .slice(0, ROWS)
      .map(({ account, region, problem }) => `> - ${code(`${account} ${region}`)}: ${words(String(problem))}`),
    ...named.map((one) => `> - ${code(one.repository ?? `${one.account} ${one.region}`)}: ${words(one.why)}`),
    ...(unnamed > 0 ? [`> - … and ${grouped(unnamed)} more`] : []),
  ]
}

/** A command that would not be shown letter by letter would be another one. */
function commandOf({ command }: TopFix): string[] {
  if (command === undefined) return []
  const shown = code(command)
  return [shown === `\`${command}\`` ? `   ${shown}` : '   The command is in report.html.']
}

const fix = (one: TopFix): string[] => [
  `1. **${words(one.title)}** (${one.severity.toLowerCase()}): ${closesText(one)}`,
  ...commandOf(one),
]

const fixes = ({ fixes: all }: SweepReport): string[] =>
  all.length === 0
    ? []
    : ['', '## Top fixes', '', ...all.slice(0, 10).flatMap(fix), ...more(all.length, 10, 'fix', 'fixes')]

const standing = (one: OwnerReport | RepositoryReport): (string | number)[] => [
  Math.round(one.score),
  inWords(one.findings) || 'none',
  total(one.overdue),
  one.fails,
  one.unknowns,
  roughBytes(one.bytes),
  dollarsText(one.dollarsPerMonth),
]

const HEADS = ['score', 'findings', 'overdue', 'fails', 'unknown', 'in store', 'a month']

const owners = ({ owners: all, ownersOmitted }: SweepReport): string[] =>
  all.length === 0
    ? []
    : [
        ...['', '## Owners, lowest score first', ''],
        ...table(
          ['owner', ...HEADS],
          all.slice(0, ROWS).map((one) => [code(one.owner), ...standing(one)]),
        ),
        ...more(all.length + ownersOmitted, ROWS, 'owner'),
      ]

const repositories = ({ repositories: all }: SweepReport): string[] =>
  all.length === 0
    ? []
    : [
        ...['', '## Repositories, lowest score first', ''],
        ...table(
          ['repository', 'owner', ...HEADS],
          all.slice(0, ROWS).map((one) => [code(one.repository), code(one.owner), ...standing(one)]),
        ),
        ...more(all.length, ROWS, 'repository', 'repositories'),
      ]

/**
 * The report for a pull request or a chat, as GitHub Markdown of at most 60,000 characters: verdict, coverage, change, top fixes,
 * owners, worst repositories.
 */
export function reportMarkdown(report: SweepReport): string {
  return `${[
    `# ${MARKS[report.verdict]} ${VERDICTS[report.verdict]}: container images, ${instantText(report.startedAt)}`,
    '',
    `**${verdictText(report)}** ${coverageText(report)} Score ${Math.round(report.score)} of 100.`,
    ...gaps(report),
    '',
    ...changeTexts(report).map((text) => `- ${text}`),
    `- ${moneyText(report.totals)}`,
    ...fixes(report),
    ...owners(report),
    ...repositories(report),
  ].join('\n')}\n`
}
