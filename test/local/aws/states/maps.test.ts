import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../../../local/aws/states/json.ts'
import { fail, lambda, machineOf, machines } from './machine.ts'

const task = (name: string, more: object = {}): Json =>
  ({ Type: 'Task', Resource: lambda(name), End: true, ...more }) as Json

const map = (more: object = {}, mode: object = {}): Json =>
  ({
    ...{ Type: 'Map', ItemsPath: '$.items', End: true },
    ItemProcessor: { ProcessorConfig: mode, StartAt: 'F', States: { F: task('f') } },
    ...more,
  }) as Json

const DISTRIBUTED = { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }
const distributed = (more: object = {}): Json => map(more, DISTRIBUTED)

/** Answers twice what it is given, unless that is among `bad`; says how many were under way at once. */
function doubling(...bad: number[]) {
  let now = 0
  const seen: number[] = []
  const most = { atOnce: 0 }
  const f = async (n: number) => {
    seen.push(n)
    now += 1
    most.atOnce = Math.max(most.atOnce, now)
    await setImmediate()
    now -= 1
    return bad.includes(n) ? fail('Bad', String(n)) : 2 * n
  }
  return { functions: { f }, seen, most, bad }
}

describe('an inline map', () => {
  test('keeps the order of its items, and no more under way than it says', async () => {
    const { functions, most } = doubling()
    const { output } = await machines(functions).run(machineOf({ A: map({ MaxConcurrency: 2 }) }), {
      items: [1, 2, 3, 4, 5],
    })
    expect(output).toEqual([2, 4, 6, 8, 10])
    expect(most.atOnce).toBe(2)
  })

  test('gives its processor what the selector makes of item, index and input', async () => {
    const { run } = machines({ f: (payload: Json) => payload })
    const ItemSelector = { 'n.$': '$$.Map.Item.Index', 'of.$': '$$.Map.Item.Value', 'all.$': '$.x' }
    const { output } = await run(machineOf({ A: map({ ItemSelector }) }), { items: ['a'], x: 1 })
    expect(output).toEqual([{ n: 0, of: 'a', all: 1 }])
  })

  test('ends with its first failure, and runs that one and what it had not begun when it is redriven', async () => {
    const { functions, seen, bad } = doubling(2)
    const { run, state, settle } = machines(functions)
    const execution = await run(machineOf({ A: map({ MaxConcurrency: 1 }) }), { items: [1, 2, 3] })
    expect(execution.failure).toMatchObject({ error: 'Bad', reason: '2' })
    expect(seen).toEqual([1, 2])
    bad.pop()
    state.redrive(execution.arn)
    await settle()
    expect([execution.output, seen]).toEqual([
      [2, 4, 6],
      [1, 2, 2, 3],
    ])
  })

  test('that is tried again begins anew', async () => {
    const { functions, seen } = doubling(2)
    const again = { Retry: [{ ErrorEquals: ['Bad'], MaxAttempts: 1 }], MaxConcurrency: 1 }
    await machines(functions).run(machineOf({ A: map(again) }), { items: [1, 2] })
    expect(seen).toEqual([1, 2, 1, 2])
  })

  test('of what is no list fails', async () => {
    const { failure } = await machines().run(machineOf({ A: map() }), { items: {} })
    expect(failure).toMatchObject({ error: 'States.Runtime', reason: 'What the map is given is no list.' })
  })
})

describe('a distributed map', () => {
  test('runs an execution for each item of its input, and tells what each gave', async () => {
    const { functions } = doubling()
    const execution = await machines(functions).run(machineOf({ A: distributed() }), { items: [1, 2] })
    expect(execution.output).toEqual([2, 4])
    const [mapRun] = execution.mapRuns
    expect(mapRun?.arn).toMatch(/^arn:aws:states:eu-west-1:123456789012:mapRun:m0\/A:[0-9a-f-]{36}$/)
    expect(mapRun?.children[0]?.arn).toMatch(/:execution:m0\/A:[0-9a-f-]{36}$/)
  })

  const read = (type: string, more: object = {}) => ({
    Resource: 'arn:aws:states:::s3:getObject',
    ReaderConfig: { InputType: type, ...more },
    Parameters: { Bucket: 'b', 'Key.$': '$.key' },
  })

  test.each<[string, object, string, unknown]>([
    ['a list', read('JSON'), '[1,2,3]', [2, 4, 6]],
    ['lines', read('JSONL'), '1\n\n2\n', [2, 4]],
    ['no more than it says', read('JSON', { MaxItems: 1 }), '[1,2,3]', [2]],
    ['no list', read('JSON'), '{}', 'States.ItemReaderFailed'],
    ['no JSON', read('JSONL'), '1\nx', 'States.ItemReaderFailed'],
  ])('reads %s', async (_, ItemReader, text, expected) => {
    const { run } = machines(doubling().functions, { 'b/k': text })
    const { output, failure } = await run(machineOf({ A: distributed({ ItemReader }) }), { key: 'k' })
    expect(output ?? failure?.error).toEqual(expected)
  })

  test('gives batches, with what they share', async () => {
    const { run } = machines({ f: (payload: Json) => payload })
    const more = {
      ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { 'id.$': '$.id' } },
      ItemSelector: { 'v.$': '$$.Map.Item.Value' },
    }
    const { output } = await run(machineOf({ A: distributed(more) }), { items: [1, 2, 3], id: 'x' })
    expect(output).toEqual([
      { BatchInput: { id: 'x' }, Items: [{ v: 1 }, { v: 2 }] },
      { BatchInput: { id: 'x' }, Items: [{ v: 3 }] },
    ])
  })

  test.each<[object, string]>([
    [{}, 'FAILED'],
    [{ ToleratedFailureCount: 1 }, 'FAILED'],
    [{ ToleratedFailureCount: 2 }, 'SUCCEEDED'],
    [{ ToleratedFailurePercentage: 49 }, 'FAILED'],
    [{ ToleratedFailurePercentage: 50 }, 'SUCCEEDED'],
    [{ ToleratedFailurePercentage: 50, ToleratedFailureCount: 1 }, 'FAILED'],
    [{ ToleratedFailureCount: 1, ItemBatcher: { MaxItemsPerBatch: 4 } }, 'FAILED'],
  ])('of which two of four fail, with %j, is %s', async (more, expected) => {
    const { functions } = doubling(1, 2)
    const batch = { f: (given: Json) => (typeof given === 'number' ? functions.f(given) : fail('Bad')) }
    const { status, output, mapRuns } = await machines(batch).run(machineOf({ A: distributed(more) }), {
      items: [1, 2, 3, 4],
    })
    expect([status, mapRuns[0]?.status]).toEqual([expected, expected])
    if (output) expect(output).toMatchObject([{ Status: 'FAILED', Error: 'Bad' }, { Status: 'FAILED' }, 6, 8])
  })

  test('that fails leaves the rest pending, writes that, and runs it when it is redriven', async () => {
    const { functions, seen, bad } = doubling(2)
    const { run, state, settle, written } = machines(functions)
    const ResultWriter = { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: 'out', Prefix: 'p/' } }
    const execution = await run(machineOf({ A: distributed({ MaxConcurrency: 1, ResultWriter }) }), {
      items: [1, 2, 3],
    })
    const [mapRun] = execution.mapRuns
    expect(mapRun?.children.map(({ status }) => status)).toEqual(['SUCCEEDED', 'FAILED', 'PENDING'])
    const key = (name: string): string => `out/p/${mapRun?.id}/${name}`
    expect([...written.keys()].sort()).toEqual(
      ['FAILED_0.json', 'PENDING_0.json', 'SUCCEEDED_0.json', 'manifest.json'].map(key),
    )
    bad.pop()
    state.redrive(execution.arn)
    await settle()
    expect(execution.output).toEqual({
      MapRunArn: mapRun?.arn,
      ResultWriterDetails: { Bucket: 'out', Key: `p/${mapRun?.id}/manifest.json` },
    })
    expect(seen).toEqual([1, 2, 2, 3])
    const children = JSON.parse(written.get(key('SUCCEEDED_0.json')) ?? '')
    expect(children.map(({ RedriveCount }: { RedriveCount: number }) => RedriveCount)).toEqual([0, 1, 0])
  })

  test('whose items cannot be read begins when it is redriven', async () => {
    const objects: Record<string, string> = {}
    const { run, state, settle } = machines(doubling().functions, objects)
    const execution = await run(machineOf({ A: distributed({ ItemReader: read('JSON') }) }), { key: 'k' })
    expect([execution.status, execution.mapRuns]).toEqual(['FAILED', []])
    objects['b/k'] = '[4]'
    state.redrive(execution.arn)
    await settle()
    expect([execution.status, execution.output]).toEqual(['SUCCEEDED', [8]])
  })

  test('that is stopped is aborted, with what was under way', async () => {
    const { begin } = machines({ f: () => new Promise<Json>(() => {}) })
    const execution = begin(machineOf({ A: distributed({ MaxConcurrency: 1 }) }), { items: [1, 2] })
    await setImmediate()
    execution.stop({ error: '', reason: '' })
    execution.stop({ error: 'again', reason: '' })
    await setImmediate()
    const [mapRun] = execution.mapRuns
    expect([execution.status, execution.failure?.error, mapRun?.status]).toEqual(['ABORTED', '', 'ABORTED'])
    expect(mapRun?.children.map(({ status }) => status)).toEqual(['ABORTED', 'PENDING'])
  })
})
