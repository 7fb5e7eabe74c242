import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Clock, createPace } from '../../functions/adapters/pace.ts'
import type { Pace } from '../../functions/adapters/signed-aws.ts'

/** Time that passes only while everybody sleeps. */
function virtualClock() {
  let time = 0
  const sleepers: { readonly at: number; readonly wake: () => void }[] = []
  const clock: Clock = {
    now: () => time,
    sleep: (ms) => new Promise<void>((wake) => sleepers.push({ at: time + ms, wake })),
  }
  const idle = () => new Promise((resolve) => setImmediate(resolve))
  /** Lets time pass until the work is done. */
  async function run<T>(work: Promise<T>): Promise<T> {
    let isDone = false
    void work.finally(() => {
      isDone = true
    })
    for (await idle(); !isDone; await idle()) {
      sleepers.sort((a, b) => a.at - b.at)
      const next = sleepers.shift()
      if (!next) throw new Error('nobody is awake any more')
      time = Math.max(time, next.at)
      next.wake()
    }
    return work
  }
  return { clock, run, now: () => time }
}

/** Tokens that come back at a rate; a call without one is throttled. */
function bucket(rate: number, burst: number, now: () => number) {
  let [tokens, at] = [burst, 0]
  return (): boolean => {
    tokens = Math.min(burst, tokens + ((now() - at) * rate) / 1_000)
    at = now()
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}

/** Numbers from 0 to 1, the same ones each time. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

type Load = { readonly calls: number; readonly rate: number; readonly burst: number; readonly most?: number }

/** Makes all calls, 50 at a time, each as often as it takes. Seconds, and the most attempts that one of them took. */
async function load({ calls, rate, burst, most }: Load) {
  const { clock, run, now } = virtualClock()
  const pace: Pace = createPace(most, clock)
  const random = randomFrom(7)
  const granted = bucket(rate, burst, now)
  let [left, throttles, worst] = [calls, 0, 0]
  async function call(): Promise<void> {
    for (let tries = 1; ; tries++) {
      worst = Math.max(worst, tries)
      const end = await pace.turn('Describe')
      await clock.sleep(20 + 30 * random())
      const isGranted = granted()
      end(!isGranted)
      if (isGranted) return
      throttles += 1
      await clock.sleep(random() * Math.min(60 * 2 ** tries, 5_000))
    }
  }
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await call()
    }
  }
  await run(Promise.all(Array.from({ length: 50 }, worker)))
  return { seconds: now() / 1_000, throttles, worst }
}

describe('the pace', () => {
  test('does not hold up what AWS does not throttle', async () => {
    const { seconds } = await load({ calls: 1_000, rate: 1e6, burst: 1e6 })
    expect(seconds).toBeLessThan(0.8)
  })

  test('keeps to a rate that is given, and is not throttled then', async () => {
    const { seconds, throttles } = await load({ calls: 1_000, rate: 50, burst: 50, most: 50 })
    expect(throttles).toBe(0)
    expect(seconds).toBeGreaterThan(19)
    expect(seconds).toBeLessThan(20.5)
  })

  test.each([
    { calls: 1_000, rate: 50, burst: 50 },
    { calls: 1_000, rate: 50, burst: 5 },
    { calls: 2_000, rate: 200, burst: 200 },
    { calls: 1_000, rate: 100, burst: 10 },
    { calls: 3_000, rate: 50, burst: 1_000 },
    { calls: 300, rate: 10, burst: 10 },
  ])('finds a rate that nobody told: %j', async (one) => {
    const { seconds, throttles, worst } = await load(one)
    expect(seconds).toBeLessThan((one.calls / one.rate) * 1.15)
    expect(worst).toBeLessThanOrEqual(6)
    expect(throttles).toBeLessThan(300)
  })

  test('goes faster again once nothing is throttled any more', async () => {
    const { clock, run } = virtualClock()
    const pace = createPace(undefined, clock)
    const each = async (isThrottle: boolean) => {
      const end = await pace.turn('Describe')
      await clock.sleep(20)
      end(isThrottle)
    }
    for (let i = 0; i < 50; i++) await run(each(true))
    const [throttledUntil] = [clock.now()]
    for (let i = 0; i < 500; i++) await run(each(false))
    expect((clock.now() - throttledUntil) / 1_000).toBeLessThan(45)
  })

  test('is that of each operation alone', async () => {
    const { clock, run } = virtualClock()
    const pace = createPace(undefined, clock)
    const ends = await Promise.all(Array.from({ length: 50 }, () => pace.turn('List')))
    for (const end of ends) end(true)
    await run(Promise.all(Array.from({ length: 100 }, () => pace.turn('Describe'))))
    expect(clock.now()).toBe(0)
  })

  test('ends with every call answered, whatever rate AWS grants', async () => {
    const rates = fc.record({
      calls: fc.integer({ min: 50, max: 400 }),
      rate: fc.integer({ min: 5, max: 500 }),
      burst: fc.integer({ min: 1, max: 300 }),
    })
    await fc.assert(
      fc.asyncProperty(rates, async (one) => {
        expect((await load(one)).worst).toBeLessThanOrEqual(10)
      }),
      { numRuns: 40 },
    )
  })
})
