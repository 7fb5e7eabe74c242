import { counted } from '../../../functions/domain/counted.ts'
import type { GateResult } from '../../../functions/domain/gate/result.ts'
import { SEVERITIES, type Severity } from '../../../functions/domain/severity.ts'

type Unlisted = {
  readonly severity: Severity
  /** Whether there are more of the severity than there may be. */
  readonly over: boolean
  /** A sentence. */
  readonly text: string
}

/** Whether more findings of a severity count than there may be. */
export function isOver({ limits, counts }: GateResult, severity: Severity): boolean {
  const limit = limits[severity]
  return limit !== undefined && (counts[severity] ?? 0) > limit
}

/** What ECR counts and does not list, by severity, the worst first: it has no line of its own anywhere, and may decide. */
export const unlistedOf = (result: GateResult): readonly Unlisted[] =>
  SEVERITIES.flatMap((severity) => {
    const count = result.unlisted[severity] ?? 0
    if (count === 0) return []
    const text = `ECR counts ${counted(count, `${severity.toLowerCase()} finding`)} that it does not list.`
    return [{ severity, over: isOver(result, severity), text }]
  })
