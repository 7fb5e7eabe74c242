const DAY = 86_400_000

/** Furthest instant that a date can be. */
const LATEST = 8.64e15

/** When the days are over that a rule gives from an instant on. Milliseconds since 1970. */
export const dueAfter = (since: number, days: number): number => since + days * DAY

/** ISO 8601; null where it lies beyond what can be written, as after a hundred million days. */
export const instant = (at: number): string | null => (Math.abs(at) <= LATEST ? new Date(at).toISOString() : null)
