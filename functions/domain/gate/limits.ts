import type { Severity } from '../severity.ts'

/** How many findings of each severity there may be; a severity that is not named has no limit. */
export type Limits = Readonly<Partial<Record<Severity, number>>>

/** Neither critical nor high ones: what the gate and the rule `vulnerabilities` ask unless told otherwise. */
export const DEFAULT_LIMITS: Limits = { CRITICAL: 0, HIGH: 0 }
