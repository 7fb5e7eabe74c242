import type { SweepReport } from '../../functions/domain/sweep/report.ts'
import type { Paint } from '../terminal.ts'

/** A verdict is always a word too: colour alone says nothing to some. */
export const VERDICT_FORMATS: Readonly<Record<SweepReport['verdict'], Parameters<Paint>[0]>> = {
  pass: 'green',
  fail: 'red',
  unknown: 'magenta',
}
