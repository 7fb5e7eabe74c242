import { counted } from '../../../functions/domain/counted.ts'
import type { GateResult } from '../../../functions/domain/gate/result.ts'
import { SEVERITIES, type Severity } from '../../../functions/domain/severity.ts'
import { overLimit } from '../words.ts'

type Unlisted = {
  readonly severity: Severity
  /** Whether there are more of the severity than there may be. */
  readonly over: boolean
  /** A sentence. */
  readonly text: string
}

/** What ECR counts and does not list, by severity, the worst first: it has no line of its own anywhere, and may decide. */
export const unlistedOf = (result: GateResult): readonly Unlisted[] => {
  const over = overLimit(result)
  return SEVERITIES.flatMap((severity) => {
    const count = result.unlisted[severity] ?? 0
    if (count === 0) return []
    const text = `ECR counts ${counted(count, `${severity.toLowerCase()} finding`)} that it does not list.`
    return [{ severity, over: over.includes(severity), text }]
  })
}
