import * as v from 'valibot'
import { SEVERITIES } from '../severity.ts'

export const count = v.pipe(v.number(), v.integer(), v.minValue(0))
/** ISO 8601, UTC. */
export const instant = v.pipe(v.string(), v.isoTimestamp())
export const severity = v.picklist(SEVERITIES)
export const counts = v.partial(
  v.object(
    Object.fromEntries(SEVERITIES.map((name) => [name, count])) as Record<(typeof SEVERITIES)[number], typeof count>,
  ),
)
