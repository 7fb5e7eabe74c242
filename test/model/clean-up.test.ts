import { expect, test } from 'vitest'
import { runMany } from './clean-up/main.ts'

const RUNS = Number(process.env.MODEL_RUNS ?? 1_000)

test(`in ${RUNS} runs with crashes, races, lost answers and lost state nothing is deleted that must not be`, async () => {
  const { failed, sums } = await runMany(RUNS, 1)
  expect(failed).toBeUndefined()
  // It is tried: without it nothing would be shown.
  expect(sums.deletions).toBeGreaterThan(RUNS / 2)
  expect(sums.crashes).toBeGreaterThan(RUNS / 10)
}, 600_000)
