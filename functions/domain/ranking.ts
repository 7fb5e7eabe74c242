import type { Finding } from './finding.ts'
import { bySeverity } from './severity.ts'

const number = (value: number | boolean | undefined): number => Number(value ?? 0)

/** Order of urgency: severity, then a known exploit, then in use, then the likelihood of one, then the score, then whether it can be fixed. */
export const byUrgency = (a: Finding, b: Finding): number =>
  bySeverity(a.severity, b.severity) ||
  number(b.exploit) - number(a.exploit) ||
  number(b.inUse) - number(a.inUse) ||
  number(b.epss) - number(a.epss) ||
  number(b.score) - number(a.score) ||
  number(b.fixed !== undefined) - number(a.fixed !== undefined) ||
  (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/**
 * The same findings with what only the events know of them: EPSS, exploits, use.
 * ECR's API leaves these out of what it returns.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_EnhancedImageScanFinding.html
 */
export function enrich(read: readonly Finding[], hints: ReadonlyMap<string, Finding>, key: (f: Finding) => string) {
  return read.map((finding): Finding => {
    const hint = hints.get(key(finding))
    if (!hint) return finding
    return {
      ...finding,
      epss: finding.epss ?? hint.epss,
      exploit: finding.exploit ?? hint.exploit,
      inUse: finding.inUse ?? hint.inUse,
      score: finding.score ?? hint.score,
      fixed: finding.fixed ?? hint.fixed,
    }
  })
}
