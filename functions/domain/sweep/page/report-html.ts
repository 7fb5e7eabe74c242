import { createHash } from 'node:crypto'
import type { SweepReport } from '../report.ts'
import { VERDICTS } from '../sentences.ts'
import { basesOf } from './bases.ts'
import { fixesOf } from './fixes.ts'
import { type Html, html, json, ours } from './html.ts'
import { ownersOf, storageOf } from './owners.ts'
import { dataOf, repositoriesOf } from './repositories.ts'
import { SCRIPT } from './script.ts'
import { STYLE } from './style.ts'
import { cardsOf, headOf } from './summary.ts'
import { agesOf, exceptionsOf, registriesOf, rulesOf, trendOf } from './tables.ts'

/** Bytes that the page may have: it is opened on phones, and goes by mail. */
const LIMIT = 4_500_000

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/**
 * Nothing is loaded from anywhere, and nothing runs but what was written here.
 * @see https://www.w3.org/TR/CSP3/#strict-csp
 */
const POLICY = `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; base-uri 'none'; form-action 'none'`

const SECTIONS = [
  ['owners', 'Owners'],
  ['fixes', 'Top fixes'],
  ['bases', 'Bases'],
  ['ages', 'Age'],
  ['trend', 'Trend'],
  ['storage', 'Storage'],
  ['rules', 'Rules'],
  ['exceptions', 'Exceptions'],
  ['registries', 'Registries'],
  ['repositories', 'Repositories'],
] as const

const head = ({ verdict, score, id }: SweepReport): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${VERDICTS[verdict]}, score ${Math.round(score)}: container images, ${id}</title>
<style>${ours(STYLE)}</style>
</head>
`

function bodyOf(report: SweepReport): Html {
  const parts: Record<(typeof SECTIONS)[number][0], Html | false> = {
    owners: ownersOf(report),
    fixes: fixesOf(report),
    bases: basesOf(report),
    ages: agesOf(report),
    trend: trendOf(report),
    storage: storageOf(report),
    rules: rulesOf(report),
    exceptions: exceptionsOf(report),
    registries: registriesOf(report),
    repositories: repositoriesOf(report),
  }
  const present = SECTIONS.filter(([id]) => parts[id] !== false)
  return html`<body>
<a class="skip" href="#main">Skip to the report</a>
${headOf(report)}<main id="main" tabindex="-1">
${cardsOf(report)}${parts.owners}<nav aria-label="Sections"><ul>${present.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
${present.slice(1).map(([id]) => parts[id])}</main>
<footer><p>Made by ecr-steward from the sweep ${report.id}. The same is in report.json, report.csv and report.md beside it.</p></footer>
`
}

/**
 * The report as one page of at most 4.5 MB that needs nothing else: UTF-8, no resource from elsewhere. Everything from outside is
 * escaped. Without scripts it is whole but for the rows after the 200th and what unfolds in some of them.
 */
export function reportHtml(report: SweepReport): string {
  const page = `${head(report).text}${bodyOf(report).text}`
  const data = dataOf(report.repositories, LIMIT - Buffer.byteLength(page) - SCRIPT.length - 2_000)
  const end = html`<script type="application/json" id="data">${json(data)}</script>
<script>${ours(SCRIPT)}</script>
</body>
</html>
`
  return `${page}${report.repositories.length > 0 ? end.text : '</body>\n</html>\n'}`
}
