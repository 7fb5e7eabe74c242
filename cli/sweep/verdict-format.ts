import type { SweepReport } from '../../functions/domain/sweep/report.ts'

/** A verdict is always a word too: colour alone says nothing to some. */
export const VERDICT_FORMATS = { pass: 'green', fail: 'red', unknown: 'magenta' } as const satisfies Readonly<
  Record<SweepReport['verdict'], string>
>
