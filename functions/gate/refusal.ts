import { LONGEST_REASON, sentence } from '../cloudformation.ts'
import { severitiesOver } from '../domain/gate/limits.ts'
import type { GateResult } from '../domain/gate/result.ts'

/** `3 CRITICAL where 0 may be`, for each limit that is exceeded. */
const exceeded = ({ counts, limits }: GateResult): readonly string[] =>
  severitiesOver(counts, limits).map((severity) => `${counts[severity]} ${severity} where ${limits[severity]} may be`)

/**
 * Why an image is not deployed, in one sentence of at most 1,000 characters: what was judged, how much was found and how much there
 * may be, and where to look. For the events of a stack, which name the resource themselves.
 */
export function refusalOf(result: GateResult): string {
  const { image, limitsFrom, reasons } = result
  const over = exceeded(result)
  const why =
    result.verdict === 'fail' && over.length > 0
      ? `of its findings count ${over.join(', ')} (limits: ${limitsFrom})`
      : `it could not be judged: ${reasons.map((reason) => reason.replace(/\.$/, '')).join('; ')}`
  const name = `${image.repository}${image.tag === undefined ? '' : `:${image.tag}`}`
  const where = sentence(`; see ${image.url}`)
  return `${sentence(`${name} (${image.digest}) is not deployed: ${why}`, LONGEST_REASON - where.length)}${where}`
}
