import { type Memory, underClaim } from '../memory.ts'

/** Causes that were told, each with the ISO 8601 instant at which it was last seen. */
export type IncidentState = Readonly<Record<string, string>>

/** A cause that has not been seen for so long is over: when it comes back, it is told. Milliseconds. */
const OVER_AFTER = 24 * 3_600_000
/** Causes that are kept of one subject. */
const CAUSES = 20

const isKnown = (state: IncidentState, cause: string, now: Date): boolean =>
  now.getTime() - Date.parse(state[cause] ?? '') < OVER_AFTER

/** The cause as one that was seen just now, and what was seen last of the others. */
function seen(state: IncidentState, cause: string, now: Date): IncidentState {
  const { [cause]: _, ...others } = state
  const last = Object.entries(others).toSorted(([, a], [, b]) => a.localeCompare(b))
  return Object.fromEntries([...last.slice(1 - CAUSES), [cause, now.toISOString()]])
}

/**
 * Tells of a cause once as long as it goes on. What could not be told is not remembered.
 * @returns undefined where it was told before
 * @throws {Later} while another invocation is at it
 */
export const once = <T>(
  incidents: Memory<IncidentState>,
  { subject, cause, now }: { readonly subject: string; readonly cause: string; readonly now: Date },
  tell: () => Promise<T>,
): Promise<T | undefined> =>
  underClaim(incidents, subject, Promise.resolve(), async (claim) => {
    const state = claim.told ?? {}
    const told = isKnown(state, cause, now) ? undefined : await tell()
    await claim.mark(seen(state, cause, now))
    return told
  })
