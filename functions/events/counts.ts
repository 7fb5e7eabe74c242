import * as v from 'valibot'
import { type Severity, type SeverityCounts, toSeverity } from '../domain/severity.ts'

const EXPECTED = 'a count'
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

/**
 * Findings by severity. `TOTAL` is left out; a severity that nobody documented is counted as `UNDEFINED`, so that no
 * finding is lost. Not a `record`: that one drops keys such as `constructor` in silence.
 */
export const counts = v.pipe(
  v.custom<object>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'counts by severity',
  ),
  v.rawTransform(({ dataset, addIssue, NEVER }): SeverityCounts => {
    const sums: Partial<Record<Severity, number>> = {}
    const input = dataset.value
    for (const [key, value] of Object.entries(input)) {
      const severity = toSeverity(key)
      if (!isCount(value))
        addIssue({
          message: EXPECTED,
          input: value,
          path: [{ type: 'object', origin: 'value', input: { ...input }, key, value }],
        })
      else if (key.toUpperCase() !== 'TOTAL') sums[severity] = (sums[severity] ?? 0) + value
    }
    return dataset.issues ? NEVER : sums
  }),
)
