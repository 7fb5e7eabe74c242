import { describe, expect, test } from 'vitest'
import { Unreadable } from '../../functions/faults.ts'
import { type BeginDeps, beginSweep } from '../../functions/sweep/begin.ts'
import { KEYS } from '../../functions/sweep/contract.ts'
import { memoryStore } from '../functions/clean-up/memory-store.ts'
import { HOME, ID, NOW } from './records.ts'

const AT = new Date('2026-11-28T21:00:00Z')
const HOUR = 3_600_000

function world() {
  const { store, set } = memoryStore()
  let now = NOW
  const deps: BeginDeps = {
    ...{ store, home: HOME, now: () => now },
    sweep: { accounts: ['222222222222', HOME.account], regions: ['us-east-1'] },
  }
  return {
    ...{ store, set },
    at: (later: Date) => {
      now = later
    },
    begin: (execution = 'one', at = AT) => beginSweep({ at, execution }, deps),
  }
}

describe('a sweep begins', () => {
  test('with every account in every region, each once', async () => {
    const { begin, store } = world()
    const targets = [
      HOME,
      { ...HOME, region: 'us-east-1' },
      { account: '222222222222', region: 'ap-northeast-1' },
      { account: '222222222222', region: 'us-east-1' },
    ]
    expect(await begin()).toEqual({ begun: true, id: ID, targets })
    expect(JSON.parse((await store.read(KEYS.begun(ID)))?.text ?? '')).toEqual({
      ...{ execution: 'one', at: NOW.toISOString(), targets, untold: targets },
    })
  })

  test('once in an hour, and again for the execution that began it, with the targets of then', async () => {
    const { begin } = world()
    const first = await begin()
    expect(await begin('two', new Date('2026-11-28T21:59:59Z'))).toEqual({
      ...{ begun: false, id: ID, targets: [] },
      why: `the sweep of this hour, ${ID}, was begun by one at ${NOW.toISOString()}`,
    })
    expect(await begin('one')).toEqual(first)
  })

  test('once where two begin at the same moment', async () => {
    const { begin } = world()
    const begun = await Promise.all([begin('one'), begin('two'), begin('three')])
    expect(begun.filter((one) => one.begun)).toHaveLength(1)
  })

  test('not while an earlier one still runs, and leaves no trace then', async () => {
    const { begin, store, set, at } = world()
    await begin('one')
    const next = new Date(AT.getTime() + 3 * HOUR)
    at(new Date(NOW.getTime() + 3 * HOUR))
    expect(await begin('two', next)).toMatchObject({ begun: false, why: `the sweep ${ID} still runs`, targets: [] })
    expect(await store.read(KEYS.begun('2026-11-29t00'))).toBeUndefined()

    set(KEYS.ended(ID), '{}')
    expect(await begin('two', next)).toMatchObject({ begun: true, id: '2026-11-29t00' })
  })

  test('where an earlier one did not end within twelve hours', async () => {
    const { begin, at } = world()
    await begin('one')
    at(new Date(NOW.getTime() + 12 * HOUR))
    expect(await begin('two', new Date(AT.getTime() + 12 * HOUR))).toMatchObject({ begun: true, id: '2026-11-29t09' })
  })
})

describe('what a sweep has to tell by its digest', () => {
  const untold = async ({ store }: ReturnType<typeof world>) =>
    JSON.parse((await store.read(KEYS.begun(ID)))?.text ?? '{}').untold as unknown
  const others = [
    { ...HOME, region: 'us-east-1' },
    { account: '222222222222', region: 'ap-northeast-1' },
    { account: '222222222222', region: 'us-east-1' },
  ]

  test('is every registry that no digest has told of, and of others what was left', async () => {
    const one = world()
    one.set(KEYS.told(HOME), '{"id":"2026-11-27t21","left":[]}')
    one.set(KEYS.told({ ...HOME, region: 'us-east-1' }), '{"id":"2026-11-27t21","left":["prod/api"]}')
    await one.begin()
    expect(await untold(one)).toEqual([{ ...others[0], left: ['prod/api'] }, others[1], others[2]])
  })

  test.each(['', '{', 'null', '{"id":"2026-11-27t21"}', '{"left":[1]}'])(
    'is nothing of a registry of which %j is known',
    async (text) => {
      const one = world()
      one.set(KEYS.told(HOME), text)
      await one.begin()
      expect(await untold(one)).toEqual(others)
    },
  )

  test('is as it was when it began, however often that is repeated', async () => {
    const one = world()
    await one.begin()
    one.set(KEYS.told(HOME), '{"id":"2026-11-28t21","left":[]}')
    await one.begin()
    expect(await untold(one)).toEqual([HOME, ...others])
  })

  test('is not known where the store cannot be read: nothing begins, and all of it is tried again', async () => {
    const one = world()
    const { store } = one
    const broken = new Unreadable('S3 answered SlowDown to GetObject', false, undefined)
    const read = (key: string) => (key.startsWith('told/') ? Promise.reject(broken) : store.read(key))
    const deps = { store: { ...store, read }, home: HOME, sweep: { accounts: [], regions: [] }, now: () => NOW }
    await expect(beginSweep({ at: AT, execution: 'one' }, deps)).rejects.toBe(broken)
    expect(await store.read(KEYS.begun(ID))).toBeUndefined()
  })
})
