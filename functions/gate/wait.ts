import type { GatePorts, OnWait } from './ports.ts'

/** Pause before something is read again, and how it grows. Milliseconds. */
const FIRST_PAUSE = 1_000
const GROWTH = 1.5
const LONGEST_PAUSE = 10_000

type Waiting<T> = {
  /** Milliseconds that it may take in all. */
  readonly timeout: number
  readonly ports: Pick<GatePorts, 'pause' | 'now'>
  /** What is waited for; undefined where there is nothing left to wait for. */
  readonly awaited: (value: T) => string | undefined
  readonly onWait: OnWait
}

/**
 * Reads until there is nothing left to wait for, or the time is over: ever more rarely.
 * @param read is given what was read before
 * @returns what was read last, and how long it was waited for: milliseconds, 0 where it was there at once
 */
export async function readUntil<T>(read: (before: T | undefined) => Promise<T>, waiting: Waiting<T>) {
  const { timeout, ports, awaited, onWait } = waiting
  let value = await read(undefined)
  const started = ports.now().getTime()
  let waited = 0
  for (let pause = FIRST_PAUSE; ; pause = Math.min(Math.round(pause * GROWTH), LONGEST_PAUSE)) {
    const what = awaited(value)
    if (what === undefined || waited >= timeout) return { value, waited }
    onWait(what)
    await ports.pause(Math.min(pause, timeout - waited))
    value = await read(value)
    waited = ports.now().getTime() - started
  }
}
