import { expect, test } from 'vitest'
import { s3Store } from '../../../functions/adapters/s3-store.ts'
import { LEASE, LeaseTaken, SKEW, takeLease } from '../../../functions/clean-up/lease.ts'
import { Unreadable } from '../../../functions/faults.ts'
import type { Store } from '../../../functions/planning/store.ts'
import { createBucket } from './bucket.ts'
import { memoryStore } from './memory-store.ts'

function world() {
  const memory = memoryStore()
  const clock = { at: Date.parse('2026-11-28T03:00:00Z') }
  const take = (run: string, store: Store = memory.store, ahead = 0) =>
    takeLease({ store, run, by: `role/${run}`, plan: 'plan-0001', now: () => new Date(clock.at + ahead) })
  return { ...memory, clock, take }
}

test('two runs do not hold it at once; the second hears who does, and until when', async () => {
  const { take, clock } = world()
  await take('a')
  await expect(take('b')).rejects.toThrow(
    'role/a is at it with plan plan-0001. If that run is dead, the way is free from 2026-11-28T03:10:00.000Z on.',
  )
  clock.at += LEASE + SKEW
  await expect(take('b')).rejects.toThrow(LeaseTaken)
  clock.at += 1
  await take('b')
})

test('given back, it is free at once', async () => {
  const { take, files } = world()
  const lease = await take('a')
  await lease.release()
  expect(files.size).toBe(0)
  await take('b')
})

test('renewed, it lasts', async () => {
  const { take, clock } = world()
  const lease = await take('a')
  for (let round = 0; round < 5; round++) {
    clock.at += LEASE - 1
    expect(lease.isGood()).toBe(false)
    await lease.renew()
    expect(lease.isGood()).toBe(true)
  }
  await expect(take('b')).rejects.toThrow(LeaseTaken)
})

test('who slept until it ran out does not get it back, and does not take it from the next', async () => {
  const { take, clock, files } = world()
  const lease = await take('a')
  clock.at += LEASE + SKEW + 1
  const next = await take('b')
  expect(lease.isGood()).toBe(false)
  await expect(lease.renew()).rejects.toThrow('role/b is at it')
  await lease.release()
  expect(files.get('lease.json')?.text).toContain('role/b')
  await next.renew()
})

test('a clock that is ahead by less than the slack does not take over what is held', async () => {
  const { take, clock } = world()
  const lease = await take('a')
  clock.at += LEASE - 1
  await expect(take('b', undefined, SKEW)).rejects.toThrow(LeaseTaken)
  expect(lease.isGood()).toBe(false)
})

test('a lease that is gone from the store is lost', async () => {
  const { take, files } = world()
  const lease = await take('a')
  files.clear()
  await expect(lease.renew()).rejects.toThrow('lease.json is gone from memory.')
  await lease.release()
})

test('of two who take it over at the same moment one wins', async () => {
  for (const before of [false, true]) {
    const { take, clock } = world()
    if (before) await take('dead')
    clock.at += LEASE + SKEW + 1
    const ends = await Promise.allSettled([take('a'), take('b'), take('c')])
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  }
})

test('one that somebody takes between reading and renewing is lost', async () => {
  const { take, store, set } = world()
  const racing: Store = {
    ...store,
    replace: async (key, text, version) => {
      set(key, JSON.stringify({ run: 'b', renewal: 1, by: 'role/b', plan: 'p', until: '2026-11-28T04:00:00.000Z' }))
      return store.replace(key, text, version)
    },
  }
  const lease = await take('a', racing)
  await expect(lease.renew()).rejects.toThrow('Another run took the lease.')
})

test('what is no lease stops everybody, and says what to do', async () => {
  const { take, set } = world()
  set('lease.json', '{')
  await expect(take('a')).rejects.toThrow(Unreadable)
  await expect(take('a')).rejects.toThrow(
    'lease.json in memory cannot be read as a lease. Remove it when no clean-up runs.',
  )
})

test('a run that is started twice under one name holds it once, also in the same instant', async () => {
  const { take, clock, store } = world()
  const shared = s3Store(createBucket().send, 'bucket', '')
  const race = await Promise.allSettled([take('a', shared), take('a', shared)])
  expect(race.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  const first = await take('a', store)
  clock.at += LEASE + SKEW + 1
  const second = await take('a', store)
  await expect(first.renew()).rejects.toThrow(LeaseTaken)
  await first.release()
  await second.renew()
})
