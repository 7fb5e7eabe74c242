import { type Exception, onFinding, type Place } from './exception.ts'
import { type Finding, findingKey } from './finding.ts'

/** A finding that somebody has agreed to live with. */
export type ExceptedFinding = { readonly finding: Finding; readonly exception: Exception }

/** Findings by whether they count. */
export type AgreedFindings = {
  /** Those that count. */
  readonly findings: readonly Finding[]
  readonly excepted: readonly ExceptedFinding[]
  /** Of those that count, the exceptions that ended, by key of the finding. */
  readonly lapsed: ReadonlyMap<string, Exception>
}

/** What is agreed on the findings of an image. */
export function agree(
  findings: readonly Finding[],
  exceptions: readonly Exception[],
  place: Place,
  now: Date,
): AgreedFindings {
  const counting: Finding[] = []
  const excepted: ExceptedFinding[] = []
  const lapsed = new Map<string, Exception>()
  for (const finding of findings) {
    const agreed = onFinding(exceptions, finding, place, now)
    if (agreed?.state === 'excepted') excepted.push({ finding, exception: agreed.exception })
    else counting.push(finding)
    if (agreed?.state === 'expired') lapsed.set(findingKey(finding), agreed.exception)
  }
  return { findings: counting, excepted, lapsed }
}
