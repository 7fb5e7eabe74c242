import type { OnWait } from '../../functions/gate/ports.ts'
import type { Io } from '../io.ts'
import { showProgress } from '../progress.ts'
import { oneLine, painter } from '../terminal.ts'

/** In a log, what is still waited for is said again after so many milliseconds. */
const AGAIN = 30_000

const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`

/**
 * Says what is being waited for, and for how long: on a terminal in a line that goes away, in a log in a line for each news.
 */
export function showWaiting(io: Io): { readonly onWait: OnWait; readonly end: () => void } {
  const { stderr, now } = io
  const started = now().getTime()
  const elapsed = (): number => now().getTime() - started
  let said = { what: '', at: Number.NEGATIVE_INFINITY }
  const end = showProgress(stderr, () => `${said.what || 'reading'}, ${seconds(elapsed())}`)
  const onWait: OnWait = (what) => {
    const isNews = what !== said.what || elapsed() - said.at >= AGAIN
    if (!isNews) return
    said = { what, at: elapsed() }
    if (!stderr.isTTY) stderr.write(`${painter(stderr)('dim', 'waiting:')} ${oneLine(what)} (${seconds(elapsed())})\n`)
  }
  return { onWait, end }
}
