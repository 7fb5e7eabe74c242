import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inOrder } from '../../functions/judging/in-order.ts'

async function* from<T>(items: readonly T[], onTake: () => void = () => {}): AsyncGenerator<T> {
  for (const item of items) {
    onTake()
    yield item
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await Promise.resolve()
}

describe('work in order', () => {
  test('gives results as the items came, whichever was done first, and no more side by side than it may', async () => {
    const runs = fc.tuple(fc.array(fc.nat(20), { maxLength: 60 }), fc.integer({ min: 1, max: 8 }))
    await fc.assert(
      fc.asyncProperty(runs, async ([items, atOnce]) => {
        let [running, most] = [0, 0]
        const work = async (wait: number): Promise<number> => {
          running += 1
          most = Math.max(most, running)
          await turns(wait)
          running -= 1
          return wait
        }
        expect(await collect(inOrder(from(items), atOnce, work))).toEqual(items)
        expect(most).toBeLessThanOrEqual(atOnce)
      }),
    )
  })

  test('takes no more items than a few times as many as are worked on', async () => {
    let taken = 0
    const items = Array.from({ length: 1_000 }, (_, index) => index)
    const results = inOrder(
      from(items, () => {
        taken += 1
      }),
      5,
      async (item) => item,
    )
    await results.next()
    expect(taken).toBeLessThanOrEqual(20)
  })

  test('fails where the work fails, also on an item that is not awaited yet', async () => {
    const results = inOrder(from([5, 0]), 2, async (wait) => {
      await turns(wait)
      if (wait === 0) throw new Error('no')
      return wait
    })
    await expect(collect(results)).rejects.toThrow('no')
  })
})
