import { type Denial, statementsFor } from '../aws/permission.ts'
import type { Io } from '../io.ts'
import { oneLine, painter } from '../terminal.ts'
import type { Part } from './parts.ts'
import type { Missing } from './subjects.ts'
import { isNothingAsked, type Summary, totalsInWords } from './tally.ts'

const uniqueActions = (denials: readonly Denial[]): readonly string[] => [
  ...new Set(denials.map(({ action }) => action)),
]

/**
 * Which permission is missing, on what, and the statement that gives it: ready to be pasted.
 * @param caller whose policy it is to be added to
 */
export function permissionLines(
  { denials, registry }: Pick<Part['session'], 'denials' | 'registry'>,
  caller = 'the caller',
): readonly string[] {
  const missing = denials.filter(({ isForbidden }) => !isForbidden)
  const forbidden = denials.filter(({ isForbidden }) => isForbidden)
  return [
    ...(missing.length > 0
      ? [
          `not allowed: ${uniqueActions(missing).join(', ')}. Statement to add to the policy of ${caller}:`,
          ...statementsFor(missing, registry).map((statement) => `  ${JSON.stringify(statement)}`),
        ]
      : []),
    ...(forbidden.length > 0
      ? [
          `forbidden outright: ${uniqueActions(forbidden).join(', ')}. A deny of a policy of the organisation or of ${caller} has to go.`,
        ]
      : []),
  ]
}

/** What could not be judged, and the permissions that would help, on stderr. */
export function tellUnjudged(missing: readonly Missing[], parts: readonly Part[], { stderr }: Io): void {
  const label = painter(stderr)('red', 'not judged:')
  for (const { name, problem } of missing) stderr.write(`${label} ${oneLine(name)}: ${oneLine(problem)}\n`)
  for (const line of parts.flatMap(({ session }) => permissionLines(session))) stderr.write(`${oneLine(line)}\n`)
}

/** What is not part of the result, on stderr; in a pipe also the closing line. */
export function tellRest(summary: Summary, parts: readonly Part[], io: Io): void {
  const { stdout, stderr } = io
  tellUnjudged(summary.missing, parts, io)
  if (isNothingAsked(summary.totals)) {
    const label = painter(stderr)('red', 'error:')
    stderr.write(`${label} No rule is in force for it: ecr-steward config show REPOSITORY says what is.\n`)
  }
  if (!stdout.isTTY) stderr.write(`${totalsInWords(summary)}\n`)
}
