import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const MODULE = join(import.meta.dirname, '../../../cli/sweep/garbage.ts')

/** Bytes of the space for new objects at most, while every collection finds that much is still held. */
const mostYoung = (begin: string): number => {
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8'
    import { setTimeout } from 'node:timers/promises'
    import { boundGarbage } from ${JSON.stringify(MODULE)}
    ${begin}
    let [held, most] = [[], 0]
    for (let n = 0; n < 40; n++) {
      held = Array.from({ length: 50_000 }, (_, i) => ({ i, name: n + '-' + i }))
      await setTimeout(1)
      most = Math.max(most, getHeapSpaceStatistics().find((one) => one.space_name === 'new_space').space_size)
    }
    console.log(most)`
  // As on a machine with much memory.
  const flags = ['--max-semi-space-size=64', '--input-type=module']
  return Number(execFileSync(process.execPath, [...flags, '-e', script], { encoding: 'utf8' }))
}

test('the space for new objects grows far by itself, and with a bound to some megabytes', () => {
  expect(mostYoung('')).toBeGreaterThan(40_000_000)
  expect(mostYoung('boundGarbage()')).toBeLessThan(40_000_000)
})

test('the space for new objects grows no more once that is said', () => {
  expect(mostYoung('boundGarbage()()')).toBeLessThan(20_000_000)
})
