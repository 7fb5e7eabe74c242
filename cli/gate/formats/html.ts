import { createHash } from 'node:crypto'
import type { GateResult } from '../../../functions/domain/gate/result.ts'
import { type Html, html, ours } from '../../../functions/domain/sweep/page/html.ts'
import { inert } from '../../workflow-commands.ts'
import type { Format } from '../format.ts'
import { fixesOf, listedOf, othersOf } from '../page/findings.ts'
import { exceptionsOf, headOf, platformsOf, pullOf, rulesOf } from '../page/parts.ts'
import { STYLE } from '../page/style.ts'
import { headline, imageName } from '../words.ts'

/** Nothing is loaded, and nothing runs. @see https://www.w3.org/TR/CSP3/ */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`

const SECTIONS: readonly { readonly id: string; readonly name: string; of(result: GateResult): Html | false }[] = [
  { id: 'fixes', name: 'Fix first', of: fixesOf },
  { id: 'findings', name: 'Findings', of: listedOf },
  { id: 'others', name: 'Other findings', of: othersOf },
  { id: 'rules', name: 'Rules', of: rulesOf },
  { id: 'platforms', name: 'Platforms', of: platformsOf },
  { id: 'exceptions', name: 'Exceptions', of: exceptionsOf },
  { id: 'pull', name: 'What was judged', of: pullOf },
]

/** One page that needs nothing else, without scripts: the verdict, what to fix, every finding, rules, platforms, exceptions. */
export const format: Format = (result) => {
  const parts = SECTIONS.map((one) => ({ ...one, part: one.of(result) })).filter(({ part }) => part !== false)
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${headline(result).word}: ${imageName(result)}</title>
<style>${ours(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the result</a>
${headOf(result)}<nav aria-label="Sections"><ul>${parts.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
<main id="main" tabindex="-1">
${parts.map(({ part }) => part)}</main>
<footer><p>Made by ecr-steward. The same for programs: <code>--output json</code>.</p></footer>
</body>
</html>
`
  // Also a page goes to the log of a job, where nobody says to which file.
  return inert(page.text)
}
