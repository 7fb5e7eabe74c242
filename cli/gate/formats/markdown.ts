import { counted, grouped } from '../../../functions/domain/counted.ts'
import type { GateFinding, GateResult, GateRule } from '../../../functions/domain/gate/result.ts'
import { code, link, row, words } from '../../../functions/domain/markdown.ts'
import { inert } from '../../workflow-commands.ts'
import type { Format } from '../format.ts'
import {
  adviceText,
  askedTexts,
  closesText,
  countsText,
  exceptedIn,
  expiredText,
  type Headline,
  headline,
  imageText,
  listedFindings,
  movedText,
  openRules,
  otherFindings,
  otherReasons,
  platformName,
  platformRemedy,
  platformText,
  pullCommand,
  quietRulesText,
  unlistedText,
  upgradeText,
  whereText,
} from '../words.ts'

/**
 * Bytes. GitHub takes comments of 65,536 characters and job summaries of 1,024 KiB: one bound for both, so that the same
 * file goes into either.
 */
const LIMIT = 65_000

/** Rows of each list, the first with which the whole has room. */
const ROWS = [100, 30, 10, 3, 0]

const MARKS: Readonly<Record<Headline['word'], string>> = { PASS: '✅', FAIL: '❌', UNKNOWN: '❔', SCANNED: '🔎' }

const OTHERS = {
  counts: 'Within the limits',
  'not-fixable': 'Not counted, since no version fixes them',
  known: 'Not counted, since the image compared with has them too',
} as const

/** What is left out is said. */
const more = (all: number, rows: number): string[] => (all > rows ? ['', `… and ${grouped(all - rows)} more.`] : [])

/** A part with its title and its lines; nothing where it is empty. */
const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', `### ${title}`, '', ...lines]

/** @param summary nothing from outside: what stands in HTML is not escaped as Markdown is */
const folded = (summary: string, lines: readonly string[]): string[] => [
  ...['', `<details><summary>${summary}</summary>`, ''],
  ...[...lines, '', '</details>'],
]

/** Without the columns in which nothing is. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const kept = <T>(cells: readonly T[]): T[] => cells.filter((_, n) => rows.some((one) => one[n] !== ''))
  return rows.length === 0
    ? []
    : [row(kept(heads)), row(kept(heads).map(() => '---')), ...rows.map((one) => row(kept(one)))]
}

function findingRow(one: GateFinding, result: GateResult): string[] {
  const { severity, id, url, exploit } = one
  return [
    exploit ? `**${severity}**, exploit known` : `**${severity}**`,
    link(words(id), url),
    code(one.package),
    one.installed === undefined ? '' : code(one.installed),
    one.fixed === undefined ? '' : code(one.fixed),
    words(whereText(one, result)),
  ]
}

const findingTable = (findings: readonly GateFinding[], result: GateResult, rows: number): string[] => [
  ...table(
    ['severity', 'finding', 'package', 'installed', 'fixed in', 'platforms'],
    findings.slice(0, rows).map((one) => findingRow(one, result)),
  ),
  ...more(findings.length, rows),
]

/** A command that would not be shown letter by letter would be another one. */
function commandText(command: string): string {
  const shown = code(command)
  return shown === `\`${command}\`` ? shown : 'The command is in the output of `--output json`.'
}

function ruleItem({ rule, outcome, severity, reason, fix }: GateRule): string {
  const mend = fix === undefined ? '' : ` → ${words(fix.text)}`
  const command = fix?.command === undefined ? '' : ` ${commandText(fix.command)}`
  return `- **${outcome === 'fail' ? severity : 'UNKNOWN'}** ${code(rule)}: ${words(reason)}${mend}${command}`
}

function rulesOf(result: GateResult, rows: number): string[] {
  const [open, quiet] = [openRules(result), quietRulesText(result)]
  const shown = open.slice(0, rows).map(ruleItem)
  return [...shown, ...more(open.length, rows), ...(quiet === '' ? [] : ['', `${quiet}.`])]
}

function platformsOf({ platforms, image }: GateResult, rows: number): string[] {
  const unknown = platforms.filter(({ problem }) => problem !== undefined)
  if (!image.index && unknown.length === 0) return []
  const all = [...unknown, ...platforms.filter(({ problem }) => problem === undefined)]
  const item = (one: (typeof all)[number]): string => {
    const remedy = platformRemedy(one)
    return `- ${code(platformName(one))}: ${words(platformText(one))}${remedy === undefined ? '' : ` → ${words(remedy)}`}`
  }
  return [...all.slice(0, rows).map(item), ...more(all.length, rows)]
}

function exceptedOf(result: GateResult, rows: number): string[] {
  const excepted = exceptedIn(result, 'excepted')
  if (excepted.length === 0) return []
  const cells = excepted
    .slice(0, rows)
    .map(({ what, severity, exception: { expires, owner, reason, line } }) => [
      ...[`**${severity}**`, words(what), expires, words(owner), words(reason), String(line)],
    ])
  return folded(`Excepted: ${counted(excepted.length, 'finding or rule', 'findings and rules')}`, [
    ...table(['severity', 'what', 'until', 'agreed by', 'reason', 'line of steward.yaml'], cells),
    ...more(excepted.length, rows),
  ])
}

function fixesOf(result: GateResult, rows: number): string[] {
  const { upgrades } = result
  const most = Math.min(rows, 10)
  const advice = adviceText(result)
  return [
    ...upgrades
      .slice(0, most)
      .map((one) => `1. **${words(upgradeText(one))}** (${one.severity.toLowerCase()}): ${closesText(one)}`),
    ...more(upgrades.length, most),
    ...(advice === undefined ? [] : [...(upgrades.length > 0 ? [''] : []), words(advice)]),
  ]
}

function headOf(result: GateResult): string[] {
  const { word, text } = headline(result)
  const { image } = result
  const moved = movedText(result)
  return [
    `## ${MARKS[word]} ${word}: ${words(text)}`,
    '',
    `${code(image.digest)} ${link('in the console', image.url)}`,
    '',
    [imageText(result), ...askedTexts(result)].map(words).join(' '),
    ...(moved === undefined ? [] : ['', `> **${words(moved)}**`]),
  ]
}

function markdown(result: GateResult, rows: number): string {
  const [listed, reasons] = [listedFindings(result), otherReasons(result)]
  const [unlisted, expired] = [unlistedText(result), exceptedIn(result, 'expired')]
  const others = otherFindings(result)
  const lines = [
    ...headOf(result),
    ...section('Why', [...reasons.slice(0, rows).map((one) => `- ${words(one)}`), ...more(reasons.length, rows)]),
    ...section('Fix first', fixesOf(result, rows)),
    ...section(result.kind === 'gate' ? 'Over the limit' : 'Findings', [
      ...findingTable(listed, result, rows),
      ...(unlisted ? ['', words(unlisted)] : []),
    ]),
    ...section('Rules', rulesOf(result, rows)),
    ...section('Platforms', platformsOf(result, rows)),
    ...section('Exceptions that have ended', [
      ...expired.slice(0, rows).map((one) => `- ${words(expiredText(one))}`),
      ...more(expired.length, rows),
    ]),
    ...exceptedOf(result, rows),
    ...others.flatMap(({ state, counts, findings }) =>
      folded(`${OTHERS[state]}: ${countsText(counts)}`, findingTable(findings, result, rows)),
    ),
    ...['', 'Every finding: `--output json`, or `--output html=report.html`.', '', code(pullCommand(result))],
  ]
  return `${inert(lines.join('\n'))}\n`
}

/** As much as has room in so many bytes, at least the verdict; nothing where not even that has. */
export function markdownWithin(result: GateResult, bytes: number): string {
  const { word, text } = headline(result)
  const fits = (one: string): boolean => Buffer.byteLength(one) <= bytes
  for (const rows of ROWS) {
    const whole = markdown(result, rows)
    if (fits(whole)) return whole
  }
  return [`## ${MARKS[word]} ${word}: ${words(text)}\n`, ''].find(fits) ?? ''
}

/**
 * For job summaries and comments on pull requests, as GitHub Markdown of at most 65,000 bytes: verdict, fixes, what failed, and
 * folded what was let be. What has no room is counted.
 */
export const format: Format = (result) => markdownWithin(result, LIMIT)
