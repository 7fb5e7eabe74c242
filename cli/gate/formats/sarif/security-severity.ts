import type { Severity } from '../../../../functions/domain/severity.ts'

type Band = { readonly least: number; readonly most: number; readonly usual: number }

/**
 * How GitHub reads a score, and what stands for a severity without one. What nobody rated has the score that it has, or else
 * counts as low. A score of 0 would mean that it is none of security.
 * @see https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning#reportingdescriptor-object
 * over 9.0 is critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low
 */
const BANDS: Readonly<Record<Severity, Band>> = {
  CRITICAL: { least: 9.1, most: 10, usual: 9.5 },
  HIGH: { least: 7, most: 8.9, usual: 8 },
  MEDIUM: { least: 4, most: 6.9, usual: 5.5 },
  LOW: { least: 0.1, most: 3.9, usual: 2 },
  INFORMATIONAL: { least: 0.1, most: 3.9, usual: 1 },
  UNDEFINED: { least: 0.1, most: 10, usual: 1 },
}

/**
 * `security-severity` of a rule, from 0.1 to 10. The limits are on ECR's word, which may be another than that of the CVSS
 * score: the score is kept within its band then, so that GitHub calls low what the gate calls low.
 */
export function securitySeverity(severity: Severity, score: number | undefined): number {
  const { least, most, usual } = BANDS[severity]
  return score === undefined ? usual : Math.min(most, Math.max(least, score))
}
