import { counted } from '../../../functions/domain/counted.ts'
import type { GateResult, GateRule } from '../../../functions/domain/gate/result.ts'
import { type Html, html, type Part } from '../../../functions/domain/sweep/page/html.ts'
import { section, severityMark, table } from '../../../functions/domain/sweep/page/section.ts'
import { instantText } from '../../../functions/domain/sweep/sentences.ts'
import {
  askedTexts,
  type Excepted,
  exceptedIn,
  headline,
  imageText,
  movedText,
  openRules,
  otherReasons,
  platformName,
  platformRemedy,
  platformText,
  pullCommand,
  quietRulesText,
} from '../words.ts'
import { linked, notShown } from './findings.ts'

/** Rows of a list. */
const MOST = 200

const SHAPES = { PASS: '✓', FAIL: '✕', UNKNOWN: '?', SCANNED: '◎' } as const

function reasonsOf(result: GateResult): Part {
  const reasons = otherReasons(result)
  if (reasons.length === 0) return false
  const items = reasons.slice(0, MOST).map((reason) => html`<li>${reason}</li>`)
  return html`<ul>${items}</ul>${notShown(reasons.length - MOST)}`
}

/** The verdict, and what was judged by which limits. */
export function headOf(result: GateResult): Html {
  const { word, text } = headline(result)
  const { image, judgedAt, verdict } = result
  const moved = movedText(result)
  return html`<header class="${word === 'SCANNED' ? 'scan' : verdict}">
<p class="when">Container image, judged <time datetime="${judgedAt}">${instantText(judgedAt)}</time></p>
<h1><span class="mark"><span aria-hidden="true">${SHAPES[word]}</span> ${word}</span> <span class="meaning">${text}</span></h1>
<p class="digest"><code>${image.digest}</code> ${linked('in the console', image.url)}</p>
<p class="note">${[imageText(result), ...askedTexts(result)].join(' ')}</p>
${reasonsOf(result)}${moved !== undefined && html`<div class="gaps"><p class="gap">${moved}</p></div>`}
</header>
`
}

const ruleItem = ({ rule, outcome, severity, reason, evidence, fix }: GateRule): Html =>
  html`<li>${severityMark(outcome === 'fail' ? severity : 'UNDEFINED')} <code>${rule}</code> ${reason}
${evidence.map(({ name, value }) => html`<p class="note">${name}: ${value}</p>`)}${
  fix !== undefined && html`<p>How to fix: ${fix.text}</p>`
}${fix?.command !== undefined && html`<pre tabindex="0">${fix.command}</pre>`}${
  fix?.cdk !== undefined && html`<pre tabindex="0">${fix.cdk}</pre>`
}</li>
`

/** Rules that have to be seen to; the others are counted. */
export function rulesOf(result: GateResult): Html | false {
  const [open, quiet] = [openRules(result), quietRulesText(result)]
  if (open.length === 0 && quiet === '') return false
  return section(
    'rules',
    'Rules',
    open.length > 0 && html`<ul class="rules">${open.slice(0, MOST).map(ruleItem)}</ul>`,
    notShown(open.length - MOST),
    quiet !== '' && html`<p class="note">${quiet}.</p>`,
  )
}

/** How the scan of each platform ended, and what to do where that is not known. */
export function platformsOf({ platforms }: GateResult): Html {
  const rows = platforms
    .slice(0, MOST)
    .map((one) => [
      html`<code>${platformName(one)}</code>`,
      one.problem === undefined
        ? platformText(one)
        : html`<span class="gap">${platformText(one)}</span> ${platformRemedy(one)}`,
    ])
  return section(
    'platforms',
    'Platforms',
    table(counted(platforms.length, 'scan'), [{ name: 'Platform' }, { name: 'Scan' }], rows),
    notShown(platforms.length - MOST),
  )
}

const exceptionRow = ({ what, severity, exception }: Excepted): readonly Part[] => {
  const { state, expires, owner, reason, line } = exception
  const until = html`<time>${expires}</time>`
  return [
    ...[html`<code>${what}</code>`, severityMark(severity)],
    state === 'expired' ? html`<strong>ended on ${until}: it counts again</strong>` : html`until ${until}`,
    ...[owner, reason, line],
  ]
}

/** What somebody agreed to live with: what has ended first. */
export function exceptionsOf(result: GateResult): Html | false {
  const all = [...exceptedIn(result, 'expired'), ...exceptedIn(result, 'excepted')]
  if (all.length === 0) return false
  const heads = [
    ...[{ name: 'For' }, { name: 'Severity' }, { name: 'State' }, { name: 'Agreed by' }, { name: 'Reason' }],
    { name: 'Line', isNumber: true },
  ]
  return section(
    'exceptions',
    'Exceptions',
    table('Exceptions of steward.yaml on this image', heads, all.slice(0, MOST).map(exceptionRow)),
    notShown(all.length - MOST),
  )
}

/** How to have exactly what was judged. */
export const pullOf = (result: GateResult): Html =>
  section('pull', 'What was judged', html`<pre tabindex="0">${pullCommand(result)}</pre>`)
