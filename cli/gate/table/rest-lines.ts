import { grouped } from '../../../functions/domain/counted.ts'
import type { GateResult, GateRule } from '../../../functions/domain/gate/result.ts'
import type { Evidence } from '../../../functions/domain/rule/judgement.ts'
import { evidenceLines, fixLines } from '../../check/verdict-lines.ts'
import { hanging, INDENT, indented } from '../../sections.ts'
import { SEVERITY_FORMATS } from '../../severity-format.ts'
import { tableLines } from '../../table.ts'
import { oneLine, wrap } from '../../terminal.ts'
import type { Look } from '../format.ts'
import {
  agreedText,
  countsText,
  exceptedIn,
  expiredText,
  isHeadline,
  openRules,
  otherFindings,
  platformName,
  platformRemedy,
  platformText,
  quietRulesText,
} from '../words.ts'

const MOST = 10
/** Cells of one text from outside. */
const LONGEST = 400

/** The same with two cells less, for what is indented. */
export const narrower = (look: Look): Look => ({ ...look, width: look.width - INDENT.length })

/** A text on lines; of one that never ends, its beginning. */
export const paragraph = (text: string, { width }: Pick<Look, 'width'>): readonly string[] =>
  wrap(oneLine(text, LONGEST), width)

/** What is left out is said. */
export const moreLines = (all: number, shown: number, { paint }: Look): readonly string[] =>
  all > shown ? [paint('dim', `… and ${grouped(all - shown)} more`)] : []

const short = ({ name, value }: Evidence): Evidence => ({ name, value: oneLine(value, LONGEST) })

function ruleLines({ rule, outcome, severity, reason, evidence, fix }: GateRule, look: Look): readonly string[] {
  const word = outcome === 'fail' ? severity : 'UNKNOWN'
  const inner = narrower(look)
  return [
    `${look.paint(SEVERITY_FORMATS[severity], word)}  ${look.paint('bold', oneLine(rule, inner.width - word.length))}`,
    ...indented(paragraph(reason, inner)),
    ...indented(evidenceLines(evidence.map(short), inner)),
    ...(fix === undefined ? [] : indented(fixLines(fix, [], inner))),
  ]
}

/** Rules that fail or are unknown, with what mends them; the others are counted. */
export function rulesLines(result: GateResult, look: Look): readonly string[] {
  const open = openRules(result)
  const quiet = quietRulesText(result)
  return [
    ...open.slice(0, MOST).flatMap((one) => ruleLines(one, look)),
    ...moreLines(open.length, MOST, look),
    ...(quiet === '' ? [] : [`${quiet}.`]),
  ]
}

/** How each scan ended, where there are several, and what to do where one did not end well; nothing that the first line says already. */
export function platformLines(result: GateResult, look: Look): readonly string[] {
  const { platforms, image } = result
  const unknown = platforms.filter(({ problem }) => problem !== undefined)
  const known = platforms.filter(({ problem }) => problem === undefined)
  if (!image.index && unknown.length === 0) return []
  const shown = [...unknown, ...known].slice(0, MOST)
  const lines = shown.flatMap((one) => {
    const remedy = platformRemedy(one)
    const name = oneLine(platformName(one), Math.floor(look.width / 3))
    const said = isHeadline(one, result) ? [] : hanging('', oneLine(`${name}: ${platformText(one)}`, LONGEST), look)
    return [
      ...(one.problem === undefined ? said : said.map((line) => look.paint('magenta', line))),
      ...(remedy === undefined ? [] : indented(hanging('→ ', remedy, narrower(look)))),
    ]
  })
  return [...lines, ...moreLines(platforms.length, MOST, look)]
}

/** What somebody agreed to live with: who, why, until when, and on which line of steward.yaml. */
export function exceptedLines(result: GateResult, look: Look): readonly string[] {
  const excepted = exceptedIn(result, 'excepted')
  const expired = exceptedIn(result, 'expired')
  const rows = excepted
    .slice(0, MOST)
    .map(({ what, severity, exception }) => [
      { text: severity, format: SEVERITY_FORMATS[severity] },
      { text: oneLine(what, Math.floor(look.width / 3)) },
      { text: oneLine(agreedText(exception), LONGEST) },
    ])
  return [
    ...tableLines(rows, look.width, look.paint),
    ...moreLines(excepted.length, MOST, look),
    ...expired
      .slice(0, MOST)
      .flatMap((one) => paragraph(expiredText(one), look).map((line) => look.paint('yellow', line))),
    ...moreLines(expired.length, MOST, look),
  ]
}

/** Findings that did not fail the gate and are not excepted, by why. */
export const otherLines = (result: GateResult, look: Look): readonly string[] =>
  otherFindings(result).flatMap(({ why, counts }) => paragraph(`${why}: ${countsText(counts)}.`, look))
