import { expect, test } from 'vitest'
import { freshProtection } from '../../../functions/clean-up/fresh.ts'

const REGISTRY = { account: '123456789012', region: 'eu-central-1' }
const START = Date.parse('2026-11-28T03:00:00Z')
const SECOND = 1_000
const MINUTE = 60_000

/** What is in use by a clock of its own; each reading takes so long. */
function reading(duration: number) {
  const clock = { at: START }
  const begun: number[] = []
  const protection = freshProtection({
    ...{ registry: REGISTRY, now: () => new Date(clock.at) },
    ...{ inUse: { pins: [], accounts: [], ignoreAccounts: [] }, registryPolicy: async () => undefined },
    async readInventory() {
      const { at } = clock
      begun.push(at - START)
      clock.at += duration
      return { at, reports: [] }
    },
  })
  return { protection, clock, begun }
}

test('what is in use is read again when the last reading began more than 40 s ago', async () => {
  const { protection, clock, begun } = reading(SECOND)
  await protection()
  clock.at = START + 40 * SECOND
  expect((await protection()).at).toBe(START)
  clock.at += 1
  expect((await protection()).at).toBe(START + 40 * SECOND + 1)
  expect(begun).toEqual([0, 40 * SECOND + 1])
})

test('a reading that takes up to five minutes is taken, and is read anew for each batch', async () => {
  const { protection, begun } = reading(5 * MINUTE)
  expect((await protection()).at).toBe(START)
  expect((await protection()).at).toBe(START + 5 * MINUTE)
  expect(begun).toEqual([0, 5 * MINUTE])
})

test('by a reading that takes longer nothing is removed', async () => {
  const { protection } = reading(5 * MINUTE + 1)
  await expect(protection()).rejects.toThrow('Reading what is in use took longer than 5 minutes')
})
