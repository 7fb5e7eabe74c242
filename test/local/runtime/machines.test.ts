import { describe, expect, test } from 'vitest'
import { sweepMachine } from '../aws/states/sweep-machine.ts'
import { allow } from './assembly.ts'
import { deployed } from './deployed.ts'
import { RIGHTS, resourcesOf, type SweepRun, statesOf, sweeping } from './sweeping.ts'

const NAMES = ['a', 'b', 'c', 'd', 'e']
const AT = '2030-01-01T00:00:00Z'

async function night({ cloud, call }: SweepRun) {
  cloud.schedule('sweep/Schedule').fire()
  await cloud.settle()
  const [machine] = (await call('ListStateMachines')).stateMachines
  const { executions } = await call('ListExecutions', { stateMachineArn: machine.stateMachineArn })
  const [{ executionArn }] = executions
  return { machine, executions, executionArn, execution: await call('DescribeExecution', { executionArn }) }
}

const judged = ({ aws, bucket }: SweepRun): string[] => aws.s3.keys(bucket, 'judged/')
const stepsOf = ({ invocations }: SweepRun): string[] =>
  invocations.map(({ records }) => (records[0] as { step: string }).step)

function resultsOf({ aws, bucket }: SweepRun) {
  const read = (name: string) => JSON.parse(Buffer.from(aws.s3.read(bucket, name) ?? '').toString())
  const [key = ''] = aws.s3.keys(bucket, 'sweep/').filter((one) => one.endsWith('/manifest.json'))
  return { key, manifest: read(key), read }
}

const unjudged = (name: string) => (input: Readonly<Record<string, unknown>>) =>
  String(input.Payload).includes('"judge"') && String(input.Payload).includes(`"${name}"`)

describe('the machine of a sweep', () => {
  test('runs at its hour: lists, judges in batches with the rights of its role, reports, and tells how it went', async () => {
    const run = await sweeping({ home: NAMES, other: ['x'], none: [] })
    run.aws.s3.write(run.bucket, 'names/none', '[]')
    const { execution, machine, executions } = await night(run)
    expect(executions).toHaveLength(1)
    expect(execution).toMatchObject({
      ...{ status: 'SUCCEEDED', redriveStatus: 'NOT_REDRIVABLE', output: JSON.stringify({ report: AT }) },
      input: JSON.stringify({ scheduledTime: AT }),
    })
    expect(machine.name).toMatch(/^Test-Machine-/)
    expect(judged(run)).toEqual(['judged/home/0', 'judged/home/2', 'judged/home/4', 'judged/other/0'])
    expect(stepsOf(run).sort()).toEqual(['begin', 'judge', 'judge', 'judge', 'judge', 'list', 'list', 'list', 'report'])
    const { manifest, key, read } = resultsOf(run)
    expect(key).toMatch(new RegExp(`^sweep/${AT}/map/[0-9a-f-]{36}/manifest.json$`))
    expect(manifest).toMatchObject({ DestinationBucket: run.bucket, ResultFiles: { FAILED: [], PENDING: [] } })
    const [{ Key, Size }] = manifest.ResultFiles.SUCCEEDED
    expect(Size).toBe(run.aws.s3.read(run.bucket, Key)?.length)
    expect(read(Key)[0]).toMatchObject({ Status: 'SUCCEEDED', RedriveCount: 0, OutputDetails: { Included: true } })
  })

  test('tries again what Lambda throttles, and the hours of that take no time here', async () => {
    const run = await sweeping({ home: NAMES })
    const throttled = { code: 'TooManyRequestsException', status: 429 }
    run.aws.faults.inject({ service: 'lambda', operation: 'Invoke', times: 5, error: throttled })
    const before = run.aws.clock.now()
    expect((await night(run)).execution.status).toBe('SUCCEEDED')
    // 2, 4, 8, 16 and 32 seconds.
    expect(run.aws.clock.now() - before).toBeGreaterThanOrEqual(62_000)
    expect(stepsOf(run)).toHaveLength(6)
  })

  test('reports although a batch always fails, tells which, and cannot be redriven, as it succeeded', async () => {
    const run = await sweeping({ home: ['a', 'b', 'bad', 'd', 'e'] })
    const { execution, executionArn } = await night(run)
    expect(execution.status).toBe('SUCCEEDED')
    expect(judged(run)).toEqual(['judged/home/0', 'judged/home/4'])
    // Once, and twice more.
    expect(stepsOf(run).filter((step) => step === 'judge')).toHaveLength(2 + 3)
    const { manifest, read } = resultsOf(run)
    const [failed] = read(manifest.ResultFiles.FAILED[0].Key)
    expect(failed).toMatchObject({ Status: 'FAILED', Error: 'Unjudged' })
    expect(JSON.parse(failed.Cause)).toMatchObject({ errorMessage: 'bad cannot be judged', errorType: 'Unjudged' })
    expect(JSON.parse(failed.Input)).toEqual({
      BatchInput: { id: AT, target: 'home' },
      Items: [
        { n: 2, repository: 'bad' },
        { n: 3, repository: 'd' },
      ],
    })
    const { mapRuns } = await run.call('ListMapRuns', { executionArn })
    const counts = { succeeded: 3, failed: 2, total: 5, pending: 0, running: 0, aborted: 0, timedOut: 0 }
    expect(await run.call('DescribeMapRun', { mapRunArn: mapRuns[0].mapRunArn })).toMatchObject({
      ...{ status: 'SUCCEEDED', maxConcurrency: 3, toleratedFailurePercentage: 100, executionArn },
      ...{ itemCounts: counts, executionCounts: { succeeded: 2, failed: 1, total: 3 } },
    })
    await expect(run.call('RedriveExecution', { executionArn })).rejects.toThrow('ExecutionNotRedrivable')
  })

  test('goes on without a target that cannot be listed', async () => {
    const run = await sweeping({ home: NAMES, dead: [] })
    const { execution, executionArn } = await night(run)
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: JSON.stringify({ report: AT }) })
    const { events } = await run.call('GetExecutionHistory', { executionArn })
    const failed = events.find(({ type }: { type: string }) => type === 'TaskFailed')
    expect(failed.taskFailedEventDetails).toMatchObject({ error: 'StoreError', resource: 'invoke' })
  })

  test('is refused fewer rights than it needs: at the deployment, or by what it calls', async () => {
    const [invoke, store, start] = RIGHTS as [object, object, object]
    const failing = async (...rights: object[]) => {
      const run = await sweeping({ home: NAMES }, { rights })
      return (await night(run)).execution
    }
    await expect(failing(invoke, store)).rejects.toThrow(/does not allow states:StartExecution on arn:aws:states:/)
    const denied = await failing(store, start)
    expect(denied).toMatchObject({ status: 'FAILED', error: 'Lambda.AWSLambdaException' })
    expect(denied.cause).toMatch(/not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:/)
    expect(await failing(invoke, allow('s3:PutObject', '*'), start)).toMatchObject({
      ...{ status: 'FAILED', error: 'States.ItemReaderFailed', cause: expect.stringContaining('s3:GetObject') },
    })
    expect(await failing(invoke, allow('s3:GetObject', '*'), start)).toMatchObject({
      ...{ status: 'FAILED', error: 'States.ResultWriterFailed', cause: expect.stringContaining('s3:PutObject') },
    })
  })
})

describe('a redrive', () => {
  const strict = JSON.stringify(sweepMachine({ function: '<function>', bucket: '<bucket>', tolerated: 10 }))

  test('runs what failed again and nothing else, then what comes after it', async () => {
    const run = await sweeping({ home: NAMES, other: ['x', 'y'] }, { definition: strict })
    const error = { code: 'ServiceException', status: 500 }
    run.aws.faults.inject({ service: 'lambda', times: Number.POSITIVE_INFINITY, error, when: unjudged('c') })
    const { execution, executionArn } = await night(run)
    expect(execution).toMatchObject({
      ...{ status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold', redriveStatus: 'REDRIVABLE' },
    })
    const before = stepsOf(run)
    expect(before).not.toContain('report')
    run.aws.faults.clear()
    await run.call('RedriveExecution', { executionArn })
    await run.cloud.settle()
    const after = await run.call('DescribeExecution', { executionArn })
    expect(after).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1, output: JSON.stringify({ report: AT }) })
    expect(after.error).toBeUndefined()
    const again = stepsOf(run).slice(before.length)
    expect(again.filter((step) => step !== 'judge')).toEqual(['report'])
    expect(judged(run)).toEqual(['judged/home/0', 'judged/home/2', 'judged/home/4', 'judged/other/0'])
    const { mapRuns } = await run.call('ListMapRuns', { executionArn })
    expect(mapRuns).toHaveLength(2)
    const home = await run.call('DescribeMapRun', { mapRunArn: mapRuns[0].mapRunArn })
    expect(home).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1, itemCounts: { succeeded: 5, total: 5 } })
    const { events } = await run.call('GetExecutionHistory', { executionArn, reverseOrder: true, maxResults: 3 })
    expect(events.map(({ type }: { type: string }) => type)).toEqual([
      ...['ExecutionSucceeded', 'TaskStateExited', 'TaskStateEntered'],
    ])
  })
})

describe('the API', () => {
  test('starts an execution of a name once, and another one under the same name never', async () => {
    const run = await sweeping({ home: ['a'] })
    const [{ stateMachineArn }] = (await run.call('ListStateMachines')).stateMachines
    const start = (scheduledTime: string) =>
      run.call('StartExecution', { stateMachineArn, name: 'by-hand', input: JSON.stringify({ scheduledTime }) })
    const first = await start(AT)
    expect(first.executionArn).toMatch(/:execution:Test-Machine-[^:]+:by-hand$/)
    expect((await start(AT)).executionArn).toBe(first.executionArn)
    await expect(start('2031-01-01T00:00:00Z')).rejects.toThrow('ExecutionAlreadyExists')
    await run.cloud.settle()
    await expect(start(AT)).rejects.toThrow('ExecutionAlreadyExists')
    const listed = async (statusFilter: string) =>
      (await run.call('ListExecutions', { stateMachineArn, statusFilter })).executions.length
    expect([await listed('SUCCEEDED'), await listed('RUNNING')]).toEqual([1, 0])
    expect(await run.call('DescribeStateMachine', { stateMachineArn })).toMatchObject({
      ...{ type: 'STANDARD', status: 'ACTIVE', definition: expect.stringContaining('JSONL') },
      roleArn: expect.stringContaining(':role/'),
    })
  })

  test('stops an execution, which can then be redriven', async () => {
    const run = await sweeping({ home: ['a'] })
    const [{ stateMachineArn }] = (await run.call('ListStateMachines')).stateMachines
    const input = JSON.stringify({ scheduledTime: AT })
    const { executionArn } = await run.call('StartExecution', { stateMachineArn, input })
    await run.call('StopExecution', { executionArn, error: 'Me', cause: 'too early' })
    await run.cloud.settle()
    const stopped = await run.call('DescribeExecution', { executionArn })
    expect(stopped).toMatchObject({ status: 'ABORTED', error: 'Me', cause: 'too early', redriveStatus: 'REDRIVABLE' })
    await run.call('RedriveExecution', { executionArn })
    await run.cloud.settle()
    expect(await run.call('DescribeExecution', { executionArn })).toMatchObject({ status: 'SUCCEEDED' })
  })

  test('asks whoever calls for permission, and knows what there is', async () => {
    const run = await sweeping({ home: ['a'] })
    const nowhere = 'arn:aws:states:ap-northeast-1:123456789012'
    const wrong: [string, object, string][] = [
      ['StartExecution', { stateMachineArn: `${nowhere}:stateMachine:x` }, 'StateMachineDoesNotExist'],
      ['DescribeExecution', { executionArn: `${nowhere}:execution:x:y` }, 'ExecutionDoesNotExist'],
      ['DescribeMapRun', { mapRunArn: `${nowhere}:mapRun:x/y:z` }, 'ResourceNotFound'],
      ['StartExecution', { stateMachineArn: 'x', input: '{' }, 'InvalidExecutionInput'],
      ['StartExecution', { stateMachineArn: 'x', traceHeader: 'x' }, 'ValidationException'],
      ['StartExecution', {}, 'ValidationException'],
    ]
    for (const [operation, input, code] of wrong) await expect(run.call(operation, input)).rejects.toThrow(code)
    run.aws.authorize = ({ accessKeyId }) => ({ allowed: accessKeyId !== 'EVE', reason: '' })
    await expect(statesOf(run.aws, 'EVE')('ListStateMachines')).rejects.toThrow('AccessDeniedException')
  })
})

describe('a deployment refuses', () => {
  const machine = (properties: object) => {
    const { Machine, ...rest } = resourcesOf()
    return {
      ...rest,
      Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { ...Machine?.Properties, ...properties } },
    }
  }
  const text = (definition: object) => ({ DefinitionString: JSON.stringify(definition) })
  test.each<[string, object, RegExp]>([
    ['an express machine', { StateMachineType: 'EXPRESS' }, /STANDARD machines only/],
    ['a definition elsewhere', { DefinitionS3Location: {} }, /DefinitionS3Location: the local run does not honour it/],
    [
      'a field of a state that it does not know',
      text({ StartAt: 'A', States: { A: { Type: 'Pass', Assign: {}, End: true } } }),
      /DefinitionString: state machine, at \.States\.A\.Assign: the local AWS does not honour Assign here/,
    ],
    ['a role from elsewhere', { RoleArn: 'arn:aws:iam::1:role/x' }, /RoleArn: the role is not in the template/],
  ])('%s', async (_, properties, message) => {
    await expect(deployed({ resources: machine(properties), code: { Sweep: '' } })).rejects.toThrow(message)
  })

  test('a schedule that may not start the machine', async () => {
    const { StarterPolicy: _, ...rest } = resourcesOf()
    await expect(deployed({ resources: rest, code: { Sweep: '' } })).rejects.toThrow(
      /does not allow states:StartExecution on arn:aws:states:/,
    )
  })
})
