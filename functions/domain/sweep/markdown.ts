import { roughBytes } from '../bytes.ts'
import { counted, grouped } from '../counted.ts'
import { code, row, words } from '../markdown.ts'
import { inWords } from '../severity.ts'
import type { BaseReport, OwnerReport, RepositoryReport, SweepReport, TopFix } from './report.ts'
import {
  ancestryText,
  baseName,
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

/** Of each list. With the length of each text it bounds the whole: GitHub takes 65,536 characters. */
const ROWS = 20

const MARKS = { pass: '✅', fail: '❌', unknown: '❔' } as const

const TEXTS = ['owner', 'repository', 'findings', 'base', 'rebuild on']

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

const baseCells = (one: BaseReport): (string | number)[] => [
  code(baseName(one)),
  one.images,
  one.repositories,
  inWords(one.findings),
  one.fixable,
  one.rebuild ? code(one.rebuild.on) : '',
  one.rebuild?.fixes ?? '',
]

const BASE_HEADS = ['base', 'images', 'repositories', 'findings', 'with a fix', 'rebuild on', 'fixes']

function bases(report: SweepReport): string[] {
  const { bases: all, omitted } = report.ancestry
  if (all.length === 0) return []
  return [
    ...['', '## Bases, those whose rebuild closes most first', '', ancestryText(report), ''],
    ...table(BASE_HEADS, all.slice(0, ROWS).map(baseCells)),
    ...more(all.length + omitted, ROWS, 'base'),
  ]
}

/**
 * The report for a pull request or a chat, as GitHub Markdown of at most 60,000 characters: verdict, coverage, change, top fixes, bases,
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
    ...bases(report),
    ...owners(report),
    ...repositories(report),
  ].join('\n')}\n`
}
