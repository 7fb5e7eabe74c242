import { expect, test } from 'vitest'
import { Unreadable } from '../../functions/faults.ts'
import type { Store } from '../../functions/planning/store.ts'
import { KEYS } from '../../functions/sweep/contract.ts'
import { openFirstSeen } from '../../functions/sweep/first-seen.ts'
import { finding } from '../builders.ts'
import { memoryStore } from '../functions/clean-up/memory-store.ts'

const REF = { account: '123456789012', region: 'eu-central-1', repository: 'prod/api' }
const day = (number: number): Date => new Date(Date.parse('2026-11-01T21:00:00.000Z') + number * 86_400_000)
const [OLD, NEW] = [finding({ id: 'CVE-1' }), finding({ id: 'CVE-2', package: 'a|b' })]

/** A sweep that finds these. @returns when it says that each was first seen */
async function see(store: Store, at: Date, ...findings: readonly (typeof OLD)[]): Promise<readonly string[]> {
  const seen = await openFirstSeen(store, REF, at)
  const instants = findings.map((one) => seen.of(one))
  await seen.save()
  return instants
}

test('what was seen before keeps its instant, and what is new has that of the sweep', async () => {
  const { store } = memoryStore()
  expect(await see(store, day(0), OLD)).toEqual([day(0).toISOString()])
  expect(await see(store, day(5), OLD, NEW)).toEqual([day(0).toISOString(), day(5).toISOString()])
})

test('what comes back within thirty days is as old as before, later it is new', async () => {
  const { store } = memoryStore()
  await see(store, day(0), OLD)
  await see(store, day(20))
  expect(await see(store, day(29), OLD)).toEqual([day(0).toISOString()])
  await see(store, day(59))
  expect(await see(store, day(60), OLD)).toEqual([day(60).toISOString()])
})

test('nothing is written of a repository that never had a finding', async () => {
  const { store, files } = memoryStore()
  await see(store, day(0))
  expect(files.size).toBe(0)
})

test.each(['{', '[]', '{"findings":{"CVE-1|openssl":{"seen":"yesterday","last":""}}}'])(
  'what is kept and cannot be understood, such as %s, is written over',
  async (text) => {
    const { store, set } = memoryStore()
    set(KEYS.firstSeen(REF), text)
    expect(await see(store, day(1), OLD)).toEqual([day(1).toISOString()])
    expect(await see(store, day(2), OLD)).toEqual([day(1).toISOString()])
  },
)

test('a store that cannot be read makes everything new and is not written over', async () => {
  const { store, files } = memoryStore()
  await see(store, day(0), OLD)
  const before = files.get(KEYS.firstSeen(REF))
  const refuse = async () => {
    throw new Unreadable('denied', true, undefined)
  }
  expect(await see({ ...store, read: refuse }, day(1), OLD)).toEqual([day(1).toISOString()])
  expect(files.get(KEYS.firstSeen(REF))).toBe(before)
})

test('one that cannot be written, and a lost race, stop nothing', async () => {
  const { store } = memoryStore()
  const refuse = async () => {
    throw new Unreadable('denied', true, undefined)
  }
  await see({ ...store, create: refuse }, day(0), OLD)
  await see({ ...store, create: async () => false }, day(0), OLD)
  expect(await see(store, day(1), OLD)).toEqual([day(1).toISOString()])
})

test('a fault that is none of the store comes through', async () => {
  const { store } = memoryStore()
  const broken = { ...store, read: () => Promise.reject(new TypeError('broken')) }
  await expect(see(broken, day(0))).rejects.toThrow('broken')
})

test('what is remembered of a repository has a bound', async () => {
  const { store, files } = memoryStore()
  const many = Array.from({ length: 50_001 }, (_, index) => finding({ id: `CVE-${index}` }))
  await see(store, day(0), ...many)
  const text = files.get(KEYS.firstSeen(REF))?.text ?? ''
  expect(Object.keys(JSON.parse(text).findings)).toHaveLength(50_000)
})
