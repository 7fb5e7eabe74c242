import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Call, readThrough, subjectOf } from '../../../cli/replay/calls.ts'
import { documentsIn } from '../../../cli/replay/documents.ts'
import { replayMemory } from '../../../cli/replay/memory.ts'
import { compilePattern } from '../../../cli/replay/pattern/matcher.ts'
import { unmetBy } from '../../../cli/replay/pattern/unmet.ts'
import { Later } from '../../../functions/faults.ts'

const registry = { account: '123456789012', region: 'eu-west-1' }
const repository = { ...registry, repository: 'prod/api' }

describe('the documents of a text', () => {
  test('are those that were printed one after the other, however', () => {
    const value = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()))
    const way = fc.constantFrom(
      (all: unknown[]) => all.map((one) => JSON.stringify(one)).join('\n'),
      (all: unknown[]) => all.map((one) => JSON.stringify(one)).join(''),
      (all: unknown[]) => all.map((one) => JSON.stringify(one, null, 2)).join('\r\n\n'),
    )
    fc.assert(
      fc.property(fc.array(value), way, (all, print) => {
        const clean = JSON.parse(JSON.stringify(all))
        expect([...documentsIn(print(all))]).toEqual(clean)
      }),
    )
  })

  test('of which one is cut off are no JSON, in its last line', () => {
    const text = JSON.stringify({ id: 'x', detail: { list: [1, 'two', null, true] } }, null, 1)
    for (let end = 1; end < text.length; end++) {
      const part = text.slice(0, end)
      expect(() => [...documentsIn(part)], part).toThrow(
        expect.objectContaining({ name: 'NoJson', line: part.trimEnd().split('\n').length }),
      )
    }
  })
})

describe('what an event misses of a pattern', () => {
  const event = {
    source: 'aws.ecr',
    detail: {
      status: 'FAILED',
      count: 0,
      list: [
        { a: 1, b: 2 },
        { a: 3, b: 4 },
      ],
    },
  }
  test.each<[object, string[]]>([
    [{ source: ['aws.ecr'] }, []],
    [{ detail: { status: ['COMPLETE', 'ACTIVE'] } }, ['detail.status: expected COMPLETE or ACTIVE, found "FAILED"']],
    [
      { detail: { status: [{ 'anything-but': ['FAILED', 'LOST'] }] } },
      ['detail.status: expected anything but FAILED and LOST, found "FAILED"'],
    ],
    [
      { detail: { status: [{ prefix: 'OK' }, { wildcard: '*DONE' }] } },
      ['detail.status: expected what begins with OK or what is like *DONE, found "FAILED"'],
    ],
    [
      { detail: { status: [{ exists: false }], none: [{ exists: true }] } },
      ['detail.status: expected nothing, found "FAILED"', 'detail.none: expected something, found nothing'],
    ],
    [{ detail: { count: [{ numeric: ['>', 0] }] } }, ['detail.count: expected > 0, found number 0']],
    [{ detail: { status: [{ suffix: 'X' }] } }, ['detail.status: expected {"suffix":"X"}, found "FAILED"']],
    [{ detail: { $or: [{ count: [1] }, { status: ['OK'] }] } }, ['none of these: detail.count 1, detail.status OK']],
    [
      { detail: { status: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] } },
      ['detail.status: expected a, b, c, d, e, f or 2 more, found "FAILED"'],
    ],
    [{ detail: { list: { a: [9] } } }, ['detail.list.a: expected 9, found number 1, number 3']],
    [{ detail: { list: { a: [1], b: [4] } } }, ['no element of its list meets all that is asked for']],
  ])('%j', (pattern, expected) => {
    expect(unmetBy(event, pattern as never)).toEqual(expected)
    expect(compilePattern(pattern)(event)).toBe(expected.length === 0)
  })
})

describe('the subject of a call', () => {
  const digest = `sha256:${'ab'.repeat(32)}`
  test.each<[object, string]>([
    [{ repositoryName: 'a/b' }, 'a/b'],
    [{ repositoryNames: ['a/b'] }, 'a/b'],
    [{ resourceArn: 'arn:aws:ecr:eu-west-1:123456789012:repository/a/b' }, 'a/b'],
    [{ repositoryName: 'a/b', imageId: { imageDigest: digest } }, 'a/b@sha256:abababababab'],
    [{ repositoryName: 'a/b', imageIds: [{ imageTag: '1' }, { imageTag: '2' }] }, 'a/b:1 and 1 more'],
    [{ registryId: '111122223333' }, 'the registry 111122223333'],
    [{}, 'the registry 123456789012'],
  ])('%j', (input, subject) => expect(subjectOf(input as never, registry)).toBe(subject))
})

test('calls that are let through read: whatever else is asked is noted, and never made', async () => {
  const [made, noted]: [string[], Call[]] = [[], []]
  const aws = readThrough(
    (call) => noted.push(call),
    registry,
    async (_, operation) => {
      made.push(operation)
      return {}
    },
  )
  await aws('ecr', 'DescribeImages', {})
  for (const operation of ['PutImageTagMutability', 'BatchDeleteImage', 'DeleteRepository', 'Getaway'])
    await expect(aws('ecr', operation, { repositoryName: 'a' })).rejects.toThrow('no account is asked')
  expect(made).toEqual(['DescribeImages'])
  expect(noted.map((call) => call.made)).toEqual([true, false, false, false, false])
})

describe('what is remembered in a replay', () => {
  const quiet = () => replayMemory(() => {})

  test('is claimed by one at a time, and known to the next', async () => {
    const memory = quiet().of<string>()
    const claim = await memory.claim('a')
    await expect(memory.claim('a')).rejects.toThrow(Later)
    await claim.keep('begun')
    await claim.release()
    const next = await memory.claim('a')
    expect(next.told).toBe('begun')
    await next.mark('told')
    expect((await memory.claim('a')).told).toBe('told')
    expect((await memory.claim('b')).told).toBeUndefined()
  })

  test('can be taken back, subject by subject', async () => {
    const memory = quiet()
    for (const subject of ['a', 'b']) await (await memory.of().claim(subject)).mark(subject)
    memory.forget((subject) => subject === 'a')
    expect([(await memory.of().claim('a')).told, (await memory.of().claim('b')).told]).toEqual([undefined, 'b'])
  })

  test('of a tag is where it was: a push of another digest moves it, one that comes late or again does not', async () => {
    const { tags } = quiet()
    const push = (digest: string, event: string, minute: number) =>
      tags.pushed(repository, { tag: '1', digest, event, time: `2026-11-20T09:0${minute}:00Z` })
    expect(await push('x', 'e1', 1)).toBeUndefined()
    expect(await push('x', 'e2', 2)).toBeUndefined()
    expect(await push('y', 'e3', 3)).toEqual({ tag: '1', from: 'x', event: 'e3' })
    expect(await push('y', 'e3', 3)).toEqual({ tag: '1', from: 'x', event: 'e3' })
    expect(await push('x', 'e0', 0)).toBeUndefined()
    expect(await push('y', 'e4', 4)).toBeUndefined()
  })
})
