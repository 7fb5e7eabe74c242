import type { GateResult } from '../../../functions/domain/gate/result.ts'
import { hanging, indented, section } from '../../sections.ts'
import { oneLine, type Paint } from '../../terminal.ts'
import { inert } from '../../workflow-commands.ts'
import type { Format, Look } from '../format.ts'
import { findingLines, upgradeLines } from '../table/finding-lines.ts'
import {
  exceptedLines,
  moreLines,
  narrower,
  otherLines,
  paragraph,
  platformLines,
  rulesLines,
} from '../table/rest-lines.ts'
import {
  adviceText,
  askedTexts,
  type Headline,
  headline,
  imageText,
  listedFindings,
  movedText,
  otherReasons,
  pullCommand,
  unlistedText,
} from '../words.ts'

/** What is shown of a list, so that ten thousand findings are a page. */
const UPGRADES = 5
const FINDINGS = 40
const REASONS = 5

const COLOURS: Readonly<Record<Headline['word'], Parameters<Paint>[0]>> = {
  PASS: ['bold', 'green'],
  FAIL: ['bold', 'red'],
  UNKNOWN: ['bold', 'magenta'],
  SCANNED: 'bold',
}

/** The verdict, then what was judged, and by which limits. */
function headLines(result: GateResult, look: Look): readonly string[] {
  const { paint } = look
  const { word, text } = headline(result)
  const [first = '', ...rest] = paragraph(text, { width: look.width - word.length - 2 })
  const moved = movedText(result)
  const { width } = narrower(look)
  const said = [imageText(result), ...askedTexts(result)].flatMap((one) => paragraph(one, { width }))
  return [
    `${paint(COLOURS[word], word)}  ${paint('bold', first)}`,
    ...rest.map((line) => ' '.repeat(word.length + 2) + paint('bold', line)),
    ...indented([
      oneLine(result.image.digest),
      paint('dim', oneLine(result.image.url)),
      ...said,
      ...(moved === undefined ? [] : paragraph(moved, { width }).map((line) => paint('yellow', line))),
    ]),
  ]
}

function reasonLines(result: GateResult, look: Look): readonly string[] {
  const reasons = otherReasons(result)
  return [
    ...reasons.slice(0, REASONS).flatMap((reason) => hanging('- ', oneLine(reason, 400), look)),
    ...moreLines(reasons.length, REASONS, look),
  ]
}

function fixLines(result: GateResult, look: Look): readonly string[] {
  const { upgrades } = result
  const advice = adviceText(result)
  return [
    ...upgradeLines(upgrades.slice(0, UPGRADES), look),
    ...moreLines(upgrades.length, UPGRADES, look),
    ...(advice === undefined ? [] : paragraph(advice, look)),
  ]
}

function listedLines(result: GateResult, look: Look): readonly string[] {
  const listed = listedFindings(result)
  const unlisted = unlistedText(result)
  return [
    ...findingLines(listed.slice(0, FINDINGS), result, look),
    ...moreLines(listed.length, FINDINGS, look),
    ...(unlisted ? paragraph(unlisted, look) : []),
  ]
}

/** For people, on a terminal and in the log of a job: what failed and what to do, the worst first; the rest is counted. */
export const format: Format = (result, look) => {
  const inner = narrower(look)
  const others = otherLines(result, inner)
  const isShort = listedFindings(result).length > FINDINGS || others.length > 0
  const lines = [
    ...headLines(result, look),
    ...section(result.verdict === 'unknown' ? 'ALSO' : 'WHY', reasonLines(result, inner), look),
    ...section('FIX FIRST', fixLines(result, inner), look),
    ...section(result.kind === 'gate' ? 'OVER THE LIMIT' : 'FINDINGS', listedLines(result, inner), look),
    ...section('OTHER FINDINGS', others, look),
    ...section('RULES', rulesLines(result, inner), look),
    ...section(result.image.index ? 'PLATFORMS' : 'SCAN', platformLines(result, inner), look),
    ...section('EXCEPTIONS', exceptedLines(result, inner), look),
    ...(isShort ? ['', look.paint('dim', 'Every finding: --output json, or --output html=report.html')] : []),
    '',
    oneLine(pullCommand(result)),
  ]
  return `${inert(lines.join('\n'))}\n`
}
