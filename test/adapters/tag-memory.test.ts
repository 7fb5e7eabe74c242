import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import { dynamoTags } from '../../functions/adapters/tag-memory.ts'
import type { TagPush } from '../../functions/push-check/ports.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { repository } from '../domain/rules/facts.ts'
import { createStateTable } from '../state-table.ts'
import { envOf } from './env.ts'

const TABLE = 'steward-state'

let aws: LocalAws
let names = 0

beforeAll(async () => {
  aws = await startLocalAws()
  await createStateTable(aws, TABLE)
})
beforeEach(() => aws.faults.clear())
afterAll(() => aws.close())

/** A tag that nobody has heard of. */
function tag() {
  const name = `tag-${++names}`
  const tags = dynamoTags(signedAws(envOf(aws)), TABLE)
  const second = (at: number) => new Date(Date.parse('2026-11-20T09:00:00Z') + at * 1_000).toISOString()
  return (digest: string, event: string, at: number, change: Partial<TagPush> = {}) =>
    tags.pushed(repository, { tag: name, digest, event, time: second(at), ...change })
}

describe('a tag', () => {
  test('that is pushed for the first time, or again with the same digest, has not moved', async () => {
    const pushed = tag()
    expect(await pushed('a', 'event-1', 0)).toBeUndefined()
    expect(await pushed('a', 'event-2', 1)).toBeUndefined()
  })

  test('that is pushed with another digest has moved, and the same event always says so', async () => {
    const pushed = tag()
    await pushed('a', 'event-1', 0)
    const move = { tag: `tag-${names}`, from: 'a', event: 'event-2' }
    expect(await pushed('b', 'event-2', 1)).toEqual(move)
    expect(await pushed('b', 'event-2', 1)).toEqual(move)
    expect(await pushed('b', 'event-3', 2)).toBeUndefined()
    expect(await pushed('b', 'event-2', 1)).toEqual(move)
    expect(await pushed('a', 'event-1', 0)).toBeUndefined()
  })

  test('that moves back and forth has moved each time', async () => {
    const pushed = tag()
    await pushed('a', 'event-1', 0)
    expect(await pushed('b', 'event-2', 1)).toMatchObject({ from: 'a' })
    expect(await pushed('a', 'event-3', 2)).toMatchObject({ from: 'b' })
    expect(await pushed('b', 'event-4', 3)).toMatchObject({ from: 'a' })
  })

  test('is not moved back by an event that comes late', async () => {
    const pushed = tag()
    await pushed('b', 'event-2', 1)
    expect(await pushed('a', 'event-1', 0)).toBeUndefined()
    expect(await pushed('c', 'event-3', 2)).toMatchObject({ from: 'b' })
  })

  test('keeps to its last push even where the last push named the same digest', async () => {
    const pushed = tag()
    await pushed('b', 'event-1', 0)
    await pushed('b', 'event-3', 3)
    expect(await pushed('a', 'event-2', 2)).toBeUndefined()
    expect(await pushed('c', 'event-4', 4)).toMatchObject({ from: 'b' })
  })

  test('is read when the answer does not bring the item along, and when it does', async () => {
    const pushed = tag()
    await pushed('a', 'event-1', 0)
    await pushed('b', 'event-2', 1)
    const refusal = { code: 'ConditionalCheckFailedException', status: 400 }
    aws.faults.inject({ service: 'dynamodb', operation: 'UpdateItem', times: 1, error: refusal })
    expect(await pushed('b', 'event-2', 1)).toMatchObject({ from: 'a' })
  })

  test('has one answer for an event of which DynamoDB took the write and lost the answer', async () => {
    const pushed = tag()
    await pushed('a', 'event-1', 0)
    const moves = await Promise.all([pushed('b', 'event-2', 1), pushed('b', 'event-2', 1)])
    expect(moves).toMatchObject([{ from: 'a' }, { from: 'a' }])
  })

  test('that cannot be remembered is a fault', async () => {
    aws.faults.inject({ service: 'dynamodb', times: 1, error: { code: 'AccessDeniedException', status: 400 } })
    await expect(tag()('a', 'event-1', 0)).rejects.toThrow('AccessDeniedException')
  })
})

describe('whatever the order in which events come', () => {
  const history = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 6 })

  test('the next push knows where the tag was', async () => {
    await fc.assert(
      fc.asyncProperty(
        history.chain((digests) => {
          const all = digests.map((digest, at) => ({ digest, at }))
          return fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 }))
        }),
        async ([all, delivered]) => {
          const pushed = tag()
          for (const { digest, at } of delivered) await pushed(digest, `event-${at}`, at)
          expect(await pushed('next', 'event-next', all.length)).toMatchObject({ from: all.at(-1)?.digest })
        },
      ),
      { numRuns: 50 },
    )
  })

  test('in their order, each says truly whether it moved the tag', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (digests) => {
        const pushed = tag()
        for (const [at, digest] of digests.entries()) {
          const before = digests[at - 1]
          const move = await pushed(digest, `event-${at}`, at)
          expect(move?.from).toBe(before === digest ? undefined : before)
        }
      }),
      { numRuns: 50 },
    )
  })
})
