import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { InvalidDefinition } from '../../../../local/aws/states/errors.ts'
import type { Json } from '../../../../local/aws/states/json.ts'
import { fail, lambda, machineOf, machines, outcomeOf, START } from './machine.ts'

const task = (name: string, more: object = {}): Json => ({ Type: 'Task', Resource: lambda(name), ...more }) as Json
const echo = { echo: (payload: Json) => payload }

describe('the data of a state', () => {
  const input = { a: { b: [10, { c: 'x' }] }, "it's": 1 }
  test.each<[string, object, unknown]>([
    ['InputPath', { InputPath: '$.a.b[1]' }, { c: 'x' }],
    ['InputPath of nothing', { InputPath: null }, {}],
    ['OutputPath', { OutputPath: '$.a.b' }, [10, { c: 'x' }]],
    ['a name in quotes', { OutputPath: "$['it\\'s']" }, 1],
    ['Result and ResultPath', { Result: 7, ResultPath: '$.a.n' }, { ...input, a: { ...input.a, n: 7 } }],
    ['ResultPath to a place that is not there', { Result: 7, ResultPath: '$.x.y' }, { ...input, x: { y: 7 } }],
    ['ResultPath of nothing', { Result: 7, ResultPath: null }, input],
    [
      'Parameters with lists, the context and constants',
      { Parameters: { 'of.$': '$$.State.Name', list: [{ 'n.$': '$.a.b[0]' }, 'x'], 'all.$': '$' } },
      { of: 'A', list: [{ n: 10 }, 'x'], all: input },
    ],
    ['a path to nothing', { OutputPath: '$.x' }, expect.stringMatching(/^States.Runtime: Invalid path '\$\.x'/)],
    [
      'a parameter of nothing',
      { Parameters: { 'x.$': '$.x' } },
      'States.ParameterPathFailure: The path $.x leads to nothing.',
    ],
    [
      'a result where no object is',
      { Result: 7, ResultPath: '$.a.b.c' },
      'States.ResultPathMatchFailure: The result cannot be put at $.a.b.c.',
    ],
  ])('%s', async (_, state, expected) => {
    expect(await outcomeOf({ Type: 'Pass', ...state }, input)).toEqual(expected)
  })

  test('ResultSelector picks of what a function answers', async () => {
    const state = task('echo', { Parameters: { x: 1, y: 2 }, ResultSelector: { 'only.$': '$.y' }, ResultPath: '$.got' })
    expect(await outcomeOf(state as object, { a: 1 }, echo)).toEqual({ a: 1, got: { only: 2 } })
  })

  test('more than 256 KiB is no output', async () => {
    const big = { big: () => 'x'.repeat(262_143) }
    expect(
      await outcomeOf(task('big', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'A' }] }) as object, {}, big),
    ).toMatch(/^States.DataLimitExceeded/)
    const { state, begin } = machines()
    begin(machineOf({ A: { Type: 'Succeed' } }))
    const [arn = ''] = state.machines.keys()
    expect(() => state.start(arn, 'x'.repeat(262_143))).toThrow('more than 262144 bytes')
  })

  test.each<[string, unknown]>([
    ["States.Format('sweep/{}/{}', $.id, $.n)", 'sweep/x/2'],
    ["States.Format('it\\'s {}', States.JsonToString($.list))", "it's [1,2]"],
    ['States.Array($.id, 1, true, null)', ['x', 1, true, null]],
    ['States.ArrayLength($.list)', 2],
    ['States.StringToJson(\'{"a":1}\')', { a: 1 }],
    ["States.Format('{}')", 'States.IntrinsicFailure: States.Format has not as many values as {}.'],
    ['States.StringToJson($.id)', 'States.IntrinsicFailure: States.StringToJson was given what is no JSON.'],
    ['States.ArrayLength($.id)', 'States.IntrinsicFailure: States.ArrayLength was given what is no list.'],
  ])('%s', async (call, expected) => {
    const state = { Type: 'Pass', Parameters: { 'v.$': call }, OutputPath: '$.v' }
    expect(await outcomeOf(state, { id: 'x', n: 2, list: [1, 2] })).toEqual(expected)
  })
})

describe('a choice', () => {
  const input = { s: 'b', n: 5, t: true, at: '2030-01-01T00:00:00Z', nil: null, other: 'b', m: 6 }
  test.each<[object, boolean]>([
    [{ Variable: '$.s', StringEquals: 'b' }, true],
    [{ Variable: '$.s', StringEqualsPath: '$.other' }, true],
    [{ Variable: '$.s', StringLessThan: 'b' }, false],
    [{ Variable: '$.s', StringGreaterThanEquals: 'a' }, true],
    [{ Variable: '$.s', StringMatches: '*b*' }, true],
    [{ Variable: '$.s', StringMatches: 'b\\*' }, false],
    [{ Variable: '$.n', StringEquals: '5' }, false],
    [{ Variable: '$.n', NumericGreaterThan: 4 }, true],
    [{ Variable: '$.n', NumericLessThanEqualsPath: '$.m' }, true],
    [{ Variable: '$.t', BooleanEquals: true }, true],
    [{ Variable: '$.at', TimestampLessThan: '2030-01-01T01:00:00+02:00' }, false],
    [{ Variable: '$.at', TimestampEquals: '2030-01-01T01:00:00+01:00' }, true],
    [{ Variable: '$.x', IsPresent: false }, true],
    [{ Variable: '$.nil', IsNull: true }, true],
    [{ Variable: '$.s', IsString: true }, true],
    [{ Variable: '$.s', IsNumeric: true }, false],
    [{ Variable: '$.t', IsBoolean: true }, true],
    [{ Variable: '$.s', IsTimestamp: true }, false],
    [{ Not: { Variable: '$.n', NumericEquals: 5 } }, false],
    [
      {
        And: [
          { Variable: '$.t', BooleanEquals: true },
          { Variable: '$.n', NumericEquals: 4 },
        ],
      },
      false,
    ],
    [
      {
        Or: [
          { Variable: '$.t', BooleanEquals: true },
          { Variable: '$.n', NumericEquals: 4 },
        ],
      },
      true,
    ],
  ])('%j', async (rule, expected) => {
    const choice = { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' } as Json
    const pass = (Result: boolean): Json => ({ Type: 'Pass', Result, End: true })
    const { output } = await machines().run(machineOf({ A: choice, Yes: pass(true), No: pass(false) }), input)
    expect(output).toBe(expected)
  })

  test('without a rule that holds, or without what it compares, fails', async () => {
    const choice = (rule: object): Json => ({ Type: 'Choice', Choices: [{ ...rule, Next: 'B' }] }) as Json
    const end = async (rule: object) =>
      (await machines().run(machineOf({ A: choice(rule), B: { Type: 'Succeed' } }), { n: 1 })).failure
    expect(await end({ Variable: '$.n', NumericEquals: 2 })).toMatchObject({ error: 'States.NoChoiceMatched' })
    expect(await end({ Variable: '$.x', NumericEquals: 2 })).toMatchObject({ error: 'States.Runtime' })
  })
})

describe('time', () => {
  test.each<[object, number]>([
    [{ Seconds: 90 }, 90],
    [{ SecondsPath: '$.s' }, 30],
    [{ Timestamp: '2030-01-01T01:00:00Z' }, 3_600],
    [{ TimestampPath: '$.at' }, 60],
    [{ Timestamp: '2029-01-01T01:00:00Z' }, 0],
  ])('a wait of %j ends then, at once here', async (wait, seconds) => {
    const { run, clock } = machines()
    const { stopDate } = await run(machineOf({ A: { Type: 'Wait', ...wait, End: true } as Json }), {
      ...{ s: 30, at: '2030-01-01T00:01:00Z' },
    })
    const took = (stopDate?.getTime() ?? 0) - START
    expect(took).toBeGreaterThanOrEqual(seconds * 1_000)
    expect(took).toBeLessThan(seconds * 1_000 + 5_000)
    expect(clock.now()).toBeGreaterThanOrEqual(START + took)
  })

  test('a wait for what is no time fails', async () => {
    expect(await outcomeOf({ Type: 'Wait', SecondsPath: '$.x' }, { x: 'y' })).toMatch(/^States.Runtime/)
    expect(await outcomeOf({ Type: 'Wait', TimestampPath: '$.x' }, { x: 'y' })).toMatch(/^States.Runtime/)
  })

  const forEver = { slow: () => new Promise<Json>(() => {}) }

  test('a task that takes too long fails, and States.TaskFailed is not about it', async () => {
    const late = { TimeoutSeconds: 900, Retry: [{ ErrorEquals: ['States.TaskFailed'] }], End: true }
    const { begin, clock, state } = machines(forEver)
    const execution = begin(machineOf({ A: task('slow', late) }))
    clock.advanceTo(START + 890_000)
    state.quiet.start()
    await setImmediate()
    expect(execution.status).toBe('RUNNING')
    clock.advanceTo(START + 910_000)
    state.quiet.start()
    await setImmediate()
    expect(execution.failure).toMatchObject({ error: 'States.Timeout', reason: 'The task took longer than 900 s.' })
  })

  test('a task that ends in time leaves nothing to wait for', async () => {
    const { run, state } = machines(echo)
    const { status } = await run(machineOf({ A: task('echo', { TimeoutSeconds: 900, End: true }) }))
    expect([status, state.quiet.nextAt()]).toEqual(['SUCCEEDED', undefined])
  })

  test('a machine that takes too long is timed out', async () => {
    const { run } = machines()
    const wait = { A: { Type: 'Wait', Seconds: 100, End: true } as Json }
    const { status, stopDate } = await run(machineOf(wait, { TimeoutSeconds: 60 }))
    expect(status).toBe('TIMED_OUT')
    expect((stopDate?.getTime() ?? 0) - START).toBeLessThan(90_000)
  })
})

describe('an error', () => {
  const failing = (times: number, error = 'Mine') => {
    let left = times
    return { f: () => (left-- > 0 ? fail(error) : 'done') }
  }
  const retry = (more: object): object => ({ Retry: [{ ErrorEquals: ['States.ALL'], ...more }] })
  const seconds = async (times: number, more: object): Promise<number | string> => {
    const { run } = machines(failing(times))
    const { status, stopDate } = await run(machineOf({ A: task('f', { ...retry(more), End: true }) }))
    return status === 'SUCCEEDED' ? Math.floor(((stopDate?.getTime() ?? 0) - START) / 1_000) : status
  }

  test.each<[number, object, number | string]>([
    [2, {}, 3],
    [4, {}, 'FAILED'],
    [4, { IntervalSeconds: 10, BackoffRate: 3, MaxAttempts: 4 }, 10 + 30 + 90 + 270],
    [4, { IntervalSeconds: 10, BackoffRate: 3, MaxAttempts: 4, MaxDelaySeconds: 20 }, 10 + 20 + 20 + 20],
    [1, { MaxAttempts: 0 }, 'FAILED'],
  ])('that comes %i times, with %j, takes %s', async (times, more, expected) => {
    expect(await seconds(times, more)).toBe(expected)
  })

  test('waits with jitter no longer than without', async () => {
    expect(await seconds(3, { IntervalSeconds: 100, BackoffRate: 1, JitterStrategy: 'FULL' })).toBeLessThan(300)
  })

  test.each<[string, readonly string[], boolean]>([
    ['Mine', ['Mine'], true],
    ['Mine', ['Other', 'States.TaskFailed'], true],
    ['Mine', ['Other'], false],
    ['States.Timeout', ['States.TaskFailed'], false],
    ['States.Timeout', ['States.ALL'], true],
    ['States.Runtime', ['States.ALL'], false],
    ['States.Runtime', ['States.Runtime'], true],
  ])('%s is caught by %j: %s', async (error, names, isCaught) => {
    const caught = { Catch: [{ ErrorEquals: names, ResultPath: '$.error', Next: 'B' }], Next: 'B' }
    const { run } = machines(failing(1, error))
    const { output } = await run(machineOf({ A: task('f', caught), B: { Type: 'Succeed' } }), { a: 1 })
    expect(output).toEqual(isCaught ? { a: 1, error: { Error: error, Cause: 'no' } } : undefined)
  })

  test('of Fail is told in its words', async () => {
    const { failure, status } = await machines().run(machineOf({ A: { Type: 'Fail', Error: 'E', Cause: 'why' } }))
    expect([status, failure]).toMatchObject(['FAILED', { error: 'E', reason: 'why' }])
  })
})

describe('a definition is refused', () => {
  const pass = { Type: 'Pass', End: true }
  const reader = { Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: { InputType: 'JSON' }, Parameters: {} }
  const map = (more: object = {}, config: object = { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }) => ({
    ...{ Type: 'Map', End: true, ItemProcessor: { ProcessorConfig: config, StartAt: 'B', States: { B: pass } } },
    ...more,
  })
  const batcher = { MaxItemsPerBatch: 2 }
  const named = (name: string): object => ({ Type: 'Choice', Choices: [{ Variable: '$.a', [name]: 1, Next: 'A' }] })
  test.each<[string, object, RegExp]>([
    ['for a type that is not here', { Type: 'Parallel', Branches: [] }, /not honour states of type Parallel/],
    ['for no type', {}, /of type undefined/],
    ['for JSONata', { ...pass, QueryLanguage: 'JSONata' }, /JSONata is not honoured/],
    ['for variables', { ...pass, Assign: {} }, /not honour Assign/],
    ['for no way on', { Type: 'Pass' }, /exactly one of Next, End/],
    ['for two ways on', { ...pass, Next: 'A' }, /exactly one of Next, End/],
    ['for a state that is not there', { Type: 'Pass', Next: 'X' }, /there is no state X/],
    ['for a heartbeat', { ...(task('f') as object), End: true, HeartbeatSeconds: 1 }, /not honour HeartbeatSeconds/],
    [
      'for another integration',
      { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', End: true },
      /not arn:aws:states/,
    ],
    [
      'for a parameter of lambda:invoke',
      { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true, Parameters: { Qualifier: '1' } },
      /not honour Qualifier/,
    ],
    ['for more than a reference path', { ...pass, InputPath: '$.a[*]' }, /reference paths .* not \$\.a\[\*\]/],
    ['for a path that is none', { ...pass, InputPath: 'a' }, /begins with \$/],
    ['for a result in the context', { ...pass, ResultPath: '$$.a' }, /context object/],
    ['for a parameter that is no path', { ...pass, Parameters: { 'a.$': 1 } }, /a path or a call/],
    [
      'for an unknown intrinsic function',
      { ...pass, Parameters: { 'a.$': 'States.UUID()' } },
      /States.UUID is not honoured/,
    ],
    ['for a call that does not end', { ...pass, Parameters: { 'a.$': "States.Array('a'" } }, /no call/],
    ['for a call with more behind it', { ...pass, Parameters: { 'a.$': 'States.Array(1) + 1' } }, /no call/],
    ['for a comparison of another kind', named('StringMatchesPath'), /StringMatchesPath is not honoured/],
    ['for a comparison with another type', named('StringEquals'), /cannot be compared with 1/],
    ['for booleans in an order', named('BooleanLessThan'), /BooleanLessThan is not honoured/],
    ['for a choice without rules', { Type: 'Choice', Choices: [] }, /needs rules/],
    ['for a rule without a way', { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true }] }, /needs Next/],
    [
      'for a rule without a comparison',
      { Type: 'Choice', Choices: [{ Variable: '$.a', Next: 'A' }] },
      /one comparison/,
    ],
    ['for a wait without time', { Type: 'Wait', End: true }, /exactly one of Seconds/],
    ['for a wait for no timestamp', { Type: 'Wait', Timestamp: 'noon', End: true }, /a timestamp as/],
    [
      'for a retry of nothing',
      { ...(task('f') as object), End: true, Retry: [{ ErrorEquals: [] }] },
      /names of errors/,
    ],
    [
      'for States.ALL among others',
      { ...(task('f') as object), End: true, Retry: [{ ErrorEquals: ['States.ALL', 'a'] }] },
      /stands alone/,
    ],
    [
      'for a jitter of its own',
      { ...(task('f') as object), End: true, Retry: [{ ErrorEquals: ['a'], JitterStrategy: 'SOME' }] },
      /FULL or NONE/,
    ],
    ['for an express map', map({}, { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' }), /ExecutionType STANDARD/],
    [
      'for a reader of an inline map',
      map({ ItemReader: reader }, { Mode: 'INLINE' }),
      /ItemReader: a distributed map alone/,
    ],
    ['for a concurrency of a path', map({ MaxConcurrencyPath: '$.n' }), /not honour MaxConcurrencyPath/],
    ['for CSV', map({ ItemReader: { ...reader, ReaderConfig: { InputType: 'CSV' } } }), /JSON and JSONL are honoured/],
    [
      'for a list of objects',
      map({ ItemReader: { ...reader, Resource: 'arn:aws:states:::s3:listObjectsV2' } }),
      /s3:getObject/,
    ],
    [
      'for a reader of versions',
      map({ ItemReader: { ...reader, Parameters: { VersionId: 'a' } } }),
      /not honour VersionId/,
    ],
    [
      'for batches by bytes',
      map({ ItemBatcher: { ...batcher, MaxInputBytesPerBatch: 1 } }),
      /not honour MaxInputBytes/,
    ],
    ['for batches of any size', map({ ItemBatcher: {} }), /MaxItemsPerBatch: a number/],
    ['for results of another form', map({ ResultWriter: { WriterConfig: {} } }), /not honour WriterConfig/],
    ['for results nowhere', map({ ResultWriter: { Resource: 'arn:aws:states:::s3:putObject' } }), /an object belongs/],
    ['for more than all', map({ ToleratedFailurePercentage: 101 }), /0 to 100/],
    ['for two selectors', map({ ItemSelector: {}, Parameters: {} }), /takes the place of Parameters/],
  ])('%s', (_, state, message) => {
    const { begin } = machines()
    const definition = machineOf({ A: state as Json })
    expect(() => begin(definition)).toThrow(InvalidDefinition)
    expect(() => begin(definition)).toThrow(message)
  })

  test.each<[string, Json, RegExp]>([
    ['for no states', { StartAt: 'A' }, /States: an object belongs here/],
    ['for no beginning', { States: {} }, /StartAt: text belongs here/],
    ['for a state that nothing leads to', machineOf({ A: pass, B: pass }), /States\.B: no state leads to it/],
    ['for another version', machineOf({ A: pass }, { Version: '2.0' }), /1\.0 alone/],
    ['for a field of no machine', machineOf({ A: pass }, { Processor: 1 }), /not honour Processor/],
    ['for a list', [], /at its top: an object belongs here/],
  ])('%s', (_, definition, message) => {
    expect(() => machines().begin(definition)).toThrow(message)
  })
})
