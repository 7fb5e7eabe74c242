import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Unreadable } from '../../functions/faults.ts'
import { watchBatch } from '../../functions/watch/watch.ts'
import { settings } from '../domain/rules/facts.ts'
import { entryOf, NOW, setting } from '../push-check/fakes.ts'
import { deliver } from '../queue.ts'
import { call, world } from './fakes.ts'

type Fault = 'none' | 'throttled' | 'denied' | 'unexpected'
type Mutability = 'MUTABLE' | 'IMMUTABLE'

/** What somebody sets the mutability to, one after the other. */
const changes = fc.array(fc.constantFrom<Mutability>('MUTABLE', 'IMMUTABLE'), { minLength: 1, maxLength: 8 })
const faults = fc.array(fc.constantFrom<Fault>('none', 'none', 'throttled', 'denied', 'unexpected'), { maxLength: 30 })

function rig(mode: 'report' | 'enforce' = 'report') {
  const { state, deps } = world({
    repository: { settings: settings() },
    config: { policy: [entryOf(setting('tag-immutability', mode))] },
  })
  let events = 0
  const set = (tagMutability: Mutability) => {
    state.repository.values.settings = settings({ tagMutability })
    return call('PutImageTagMutability', { id: `event-${++events}`, at: state.now })
  }
  const heard = (...all: readonly object[]) => deliver(all, (records) => watchBatch(records, deps), { batches: 2 })
  const told = (kind: string) => state.published.filter((alert) => alert.kind === kind)
  const fail = (all: readonly Fault[]) => {
    const left = [...all]
    state.repository.onRead = () => {
      const fault = left.shift()
      if (fault === 'throttled') throw new Unreadable('ECR answered ThrottlingException', false, undefined)
      if (fault === 'denied') throw new Unreadable('ECR answered AccessDeniedException', true, undefined)
      if (fault === 'unexpected') throw new TypeError('socket hang up')
    }
    return () => left.splice(0)
  }
  return { state, set, heard, told, fail }
}

describe('whatever somebody changes', () => {
  beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue(undefined))
  afterEach(() => void vi.restoreAllMocks())

  test('is told each time that a rule begins to fail, and at no other time', async () => {
    await fc.assert(
      fc.asyncProperty(changes, fc.nat(3), async (all, duplicates) => {
        const { set, heard, told } = rig()
        let before: Mutability = 'IMMUTABLE'
        let fails = 0
        for (const next of all) {
          const event = set(next)
          expect(await heard(...Array(duplicates + 1).fill(event))).toBe(0)
          if (before === 'IMMUTABLE' && next === 'MUTABLE') fails += 1
          before = next
          expect(told('policy')).toHaveLength(fails)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('and is heard of late and out of order is told as it is now', async () => {
    const history = changes.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all.map((_, at) => at))))
    await fc.assert(
      fc.asyncProperty(history, async ([all, order]) => {
        const { set, heard, told } = rig()
        const events = all.map(set)
        for (const at of order) await heard(events[at] as object)
        expect(told('policy')).toHaveLength(order.length > 0 && all.at(-1) === 'MUTABLE' ? 1 : 0)
      }),
      { numRuns: 200 },
    )
  })

  test('is told although AWS fails now and then, and never passes because of it', async () => {
    await fc.assert(
      fc.asyncProperty(faults, async (all) => {
        const { set, heard, told, fail, state } = rig()
        const end = fail(all)
        expect(await heard(set('MUTABLE'))).toBe(0)
        expect(told('policy')).toHaveLength(1)
        end()
        await heard(set('MUTABLE'))
        expect(told('policy').filter(({ items }) => items[0]?.severity === 'MEDIUM')).toHaveLength(1)
        expect([...state.memory.held]).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  test('is put right or left alone, never fought over: at most twice in any hour', async () => {
    const minutes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 25 })
    await fc.assert(
      fc.asyncProperty(minutes, async (gaps) => {
        const { state, set, heard, told } = rig('enforce')
        const writes: number[] = []
        for (const gap of gaps) {
          state.now += gap * 60_000
          const before = state.repository.writes.length
          await heard(set('MUTABLE'))
          if (state.repository.writes.length > before) writes.push((state.now - NOW) / 60_000)
          const isRight = state.repository.values.settings.tagMutability === 'IMMUTABLE'
          const isStopped = told('enforcement').some(({ title }) => title.startsWith('Stopped'))
          expect(isRight || isStopped).toBe(true)
        }
        for (const at of writes)
          expect(writes.filter((one) => one >= at && one <= at + 60).length).toBeLessThanOrEqual(2)
        expect(state.repository.closed).toHaveLength(writes.length)
      }),
      { numRuns: 300 },
    )
  })

  test('is put right once although AWS fails now and then, with an outcome in the journal for each write', async () => {
    await fc.assert(
      fc.asyncProperty(faults, async (all) => {
        const { state, set, heard, told, fail } = rig('enforce')
        const end = fail(all)
        expect(await heard(set('MUTABLE'))).toBe(0)
        end()
        state.now += 2 * 3_600_000
        await heard(set(state.repository.values.settings.tagMutability as Mutability))
        expect(state.repository.values.settings.tagMutability).toBe('IMMUTABLE')
        expect(state.repository.writes.length).toBe(1)
        const done = told('enforcement').filter(({ title }) => title.startsWith('Put right'))
        const unsure = told('enforcement').filter(({ items }) => items.some(({ text }) => text.includes('read back')))
        expect(done.length + unsure.length).toBeGreaterThan(0)
        expect([...state.memory.held]).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})
