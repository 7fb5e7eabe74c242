import { type Denial, statementsFor } from '../aws/permission.ts'
import type { Io } from '../io.ts'
import { oneLine, painter } from '../terminal.ts'
import type { Part } from './parts.ts'
import { isNothingAsked, type Summary, totalsInWords } from './tally.ts'

const uniqueActions = (denials: readonly Denial[]): readonly string[] => [
  ...new Set(denials.map(({ action }) => action)),
]

/** Which permission is missing, on what, and the statement that gives it: ready to be pasted. */
function permissionLines({ session: { denials, registry } }: Part): readonly string[] {
  const missing = denials.filter(({ isForbidden }) => !isForbidden)
  const forbidden = denials.filter(({ isForbidden }) => isForbidden)
  return [
    ...(missing.length > 0
      ? [
          `not allowed: ${uniqueActions(missing).join(', ')}. Statement to add to the policy of the caller:`,
          ...statementsFor(missing, registry).map((statement) => `  ${JSON.stringify(statement)}`),
        ]
      : []),
    ...(forbidden.length > 0
      ? [
          `forbidden outright: ${uniqueActions(forbidden).join(', ')}. A deny of a policy of the organisation or of the caller has to go.`,
        ]
      : []),
  ]
}

/** What is not part of the result, on stderr: what could not be judged, what is not allowed, and in a pipe the closing line. */
export function tellRest(summary: Summary, parts: readonly Part[], { stdout, stderr }: Io): void {
  const paint = painter(stderr)
  for (const { name, problem } of summary.missing)
    stderr.write(`${paint('red', 'not judged:')} ${oneLine(name)}: ${oneLine(problem)}\n`)
  if (isNothingAsked(summary.totals))
    stderr.write(
      `${paint('red', 'error:')} No rule is in force for it: ecr-steward config show REPOSITORY says what is.\n`,
    )
  for (const line of parts.flatMap(permissionLines)) stderr.write(`${oneLine(line)}\n`)
  if (!stdout.isTTY) stderr.write(`${totalsInWords(summary)}\n`)
}
