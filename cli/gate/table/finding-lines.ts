import type { GateFinding, GateResult, GateUpgrade } from '../../../functions/domain/gate/result.ts'
import { SEVERITY_FORMATS } from '../../severity-format.ts'
import { pad, tableLines } from '../../table.ts'
import { oneLine, widthOf, wrap } from '../../terminal.ts'
import type { Look } from '../format.ts'
import { closesText, packageText, upgradeText, whereText } from '../words.ts'

const GAP = '  '
/** Cells that an id gets: `GHSA-xxxx-xxxx-xxxx` is not cut. */
const LONGEST_ID = 24
/** Cells of a package with its versions and platforms; of an address that is still one to be opened. */
const LONGEST = 400
const LONGEST_URL = 1_000
/** Cells below which a package is not beside its finding, but under it. */
const NARROWEST = 24

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(widthOf))

type Shown = { readonly finding: GateFinding; readonly id: string; readonly text: string; readonly url: string }

function shownOf(finding: GateFinding, result: GateResult): Shown {
  const { id, url = '' } = finding
  const where = whereText(finding, result) && ` (${whereText(finding, result)})`
  return {
    finding,
    id: oneLine(id, LONGEST_ID),
    text: oneLine(packageText(finding) + where, LONGEST),
    url: widthOf(url) > LONGEST_URL ? '' : oneLine(url),
  }
}

/**
 * Findings as lines: severity, id, package from the version that is installed to the one that closes it, platforms where these are not all, address.
 * Addresses are whole: at the end of the lines where all of them have room there, else below.
 */
export function findingLines(
  findings: readonly GateFinding[],
  result: GateResult,
  { paint, width }: Look,
): readonly string[] {
  const shown = findings.map((one) => shownOf(one, result))
  const severities = widest(findings.map(({ severity }) => severity))
  const ids = widest(shown.map(({ id }) => id))
  const beside = severities + ids + 2 * GAP.length
  const indent = ' '.repeat(width - beside < NARROWEST ? severities + GAP.length : beside)
  const texts = widest(shown.map(({ text }) => text))
  const isOneLine = shown.every(({ url }) => beside + texts + (url ? GAP.length + widthOf(url) : 0) <= width)
  return shown.flatMap(({ finding: { severity }, id, text, url }) => {
    const lead = `${paint(SEVERITY_FORMATS[severity], pad(severity, severities))}${GAP}${paint('bold', pad(id, ids))}`
    const address = url && paint('dim', url)
    if (isOneLine) return [`${lead}${GAP}${url ? pad(text, texts) : text}${url && GAP}${address}`]
    const lines = wrap(text, width - indent.length)
    const rest = [...(indent.length < beside ? lines : lines.slice(1)), ...(url ? [address] : [])]
    return [
      (indent.length < beside ? lead : `${lead}${GAP}${lines[0]}`).trimEnd(),
      ...rest.map((line) => indent + line),
    ]
  })
}

/** What to do, the worst it closes, and how much it closes. */
export const upgradeLines = (upgrades: readonly GateUpgrade[], { paint, width }: Look): readonly string[] =>
  tableLines(
    upgrades.map((upgrade) => [
      { text: upgrade.severity, format: SEVERITY_FORMATS[upgrade.severity] },
      { text: `${oneLine(upgradeText(upgrade), LONGEST)}: ${closesText(upgrade)}` },
    ]),
    width,
    paint,
  )
