/** Time as the local AWS and the local functions see it. Instants are milliseconds since 1970-01-01T00:00:00Z. */
export type Clock = {
  now(): number
  /** Milliseconds that this clock is ahead of the machine. */
  readonly offset: number
  /** Moves forward to the instant; does nothing when the instant has already passed. */
  advanceTo(instantMs: number): void
  /** Moves to the instant, backwards too. */
  set(instantMs: number): void
}

/** A clock that starts at `start` (ms, default: the machine's time) and flows on at real speed. */
export function createClock(start: number = Date.now()): Clock {
  // performance.now() does not jump when the machine's time is corrected.
  let origin = start - performance.now()
  const now = (): number => Math.floor(origin + performance.now())
  const set = (instantMs: number): void => {
    if (!Number.isFinite(instantMs)) throw new TypeError(`A clock needs a number of milliseconds, not ${instantMs}.`)
    origin = instantMs - performance.now()
  }
  return {
    now,
    get offset() {
      return now() - Date.now()
    },
    advanceTo(instantMs) {
      if (instantMs > now()) set(instantMs)
    },
    set,
  }
}
