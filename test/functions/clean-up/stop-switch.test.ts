import { expect, test } from 'vitest'
import { clearStopSwitch, readStopSwitch, setStopSwitch } from '../../../functions/clean-up/stop-switch.ts'
import type { Store } from '../../../functions/planning/store.ts'
import { memoryStore } from './memory-store.ts'

const stop = { reason: 'incident 42', by: 'alice', at: '2026-11-28T03:00:00.000Z' }

test('it is off, on with its reason, and off again', async () => {
  const { store } = memoryStore()
  expect(await readStopSwitch(store)).toBeUndefined()
  expect(await clearStopSwitch(store)).toBeUndefined()
  expect(await setStopSwitch(store, stop)).toEqual(stop)
  expect(await readStopSwitch(store)).toEqual(stop)
  expect(await clearStopSwitch(store)).toEqual(stop)
  expect(await readStopSwitch(store)).toBeUndefined()
})

test('who stops what is stopped hears by whom', async () => {
  const { store } = memoryStore()
  await setStopSwitch(store, stop)
  expect(await setStopSwitch(store, { ...stop, by: 'bob' })).toEqual(stop)
})

test('whatever is there stops, also what was put there by hand', async () => {
  const { store, set } = memoryStore()
  const by = { by: 'somebody', at: 'an unknown time' }
  set('stop.json', 'hands off\n')
  expect(await readStopSwitch(store)).toEqual({ reason: 'hands off', ...by })
  set('stop.json', '')
  expect(await readStopSwitch(store)).toEqual({ reason: 'no reason is given', ...by })
  set('stop.json', '{"reason":1}')
  expect(await readStopSwitch(store)).toEqual({ reason: '{"reason":1}', ...by })
})

test('one that is taken away, or set anew, in the midst is seen', async () => {
  const { store, set, files } = memoryStore()
  let isFirst = true
  const racing: Store = {
    ...store,
    create: async (key, text) => {
      const created = await store.create(key, text)
      if (isFirst) files.clear()
      isFirst = false
      return created
    },
    remove: async (key, version) => {
      if (isFirst) set(key, JSON.stringify({ ...stop, by: 'bob' }))
      isFirst = false
      return store.remove(key, version)
    },
  }
  expect(await setStopSwitch(racing, stop)).toEqual(stop)
  isFirst = true
  expect(await clearStopSwitch(racing)).toEqual({ ...stop, by: 'bob' })
})
