import { burstsOf } from './bursts.ts'
import type { Input } from './read-inputs.ts'

/** Neighbours that are of one batch, or that are of none. */
function runsOf(inputs: readonly Input[]): Input[][] {
  const runs: Input[][] = []
  for (const input of inputs) {
    const last = runs.at(-1)
    if (last?.[0] && last[0].batch === input.batch) last.push(input)
    else runs.push([input])
  }
  return runs
}

/**
 * Events as they would reach the functions: what was handed over together is again, whenever it happened; all else as
 * the queues would gather it.
 */
export const batchesOf = (inputs: readonly Input[]): readonly (readonly Input[])[] =>
  runsOf(inputs).flatMap((run) => (run[0]?.batch === undefined ? burstsOf(run) : [run]))
