import { describe, expect, it } from 'vitest'
import type { SweepPolicy } from '../../functions/domain/sweep/policy.ts'
import { BATCH, CONCURRENCY, METRICS } from '../../functions/sweep/contract.ts'
import { arnOf, config, list, refTo, type Statement, type Synthesised, statementsOf, synthesise } from './synth.ts'

const sweep: SweepPolicy = {
  ...{ schedule: 'rate(7 days)', slack: ['security'], ownerTag: 'Owner', sla: { CRITICAL: 7 }, securityHub: true },
  ...{ regions: ['eu-north-1'], accounts: ['222222222222', '333333333333'] },
}
const policy = [
  {
    repositories: ['prod/**'],
    rules: [{ rule: 'tag-immutability', mode: 'report' as const, parameters: {}, line: 1 }],
  },
]

const stack = synthesise({ ...config, policy, sweep })
/** What else a stack has where Inspector is asked for SBOMs. */
const exporting = synthesise({
  ...{ ...config, policy, sweep: { ...sweep, packages: 'attached-else-inspector' as const } },
  members: { externalId: 'steward-1', enforce: [] },
})
const plain = synthesise({
  ...config,
  sweep: { ...sweep, schedule: 'cron(0 21 * * ? *)', regions: [], accounts: [], securityHub: false },
})

const text = (value: unknown): string => JSON.stringify(value)

const statements = ({ ofType }: Synthesised, prefix: string): readonly Statement[] =>
  ofType('AWS::IAM::Policy')
    .filter(([id]) => id.startsWith(prefix))
    .flatMap(([, one]) => statementsOf(one))

const granted = (of: Synthesised, prefix: string, action: string): readonly string[] =>
  statements(of, prefix)
    .filter(({ Action }) => list(Action).includes(action))
    .flatMap(({ Resource }) => list(Resource).map(text))

const FUNCTION = 'SweepFunctionRole'

const environment = ({ at }: Synthesised): object =>
  (at('Sweep/Function').Properties.Environment as { Variables: object }).Variables

type State = Readonly<Record<string, unknown>> & { readonly States?: Readonly<Record<string, State>> }

/** The definition with words in place of what CloudFormation fills in. */
function definition({ at }: Synthesised): State {
  const { 'Fn::Join': joined } = at('Sweep/Machine').Properties.DefinitionString as { 'Fn::Join': [string, unknown[]] }
  const word = (part: unknown) =>
    typeof part === 'string' ? part : (/"(?:Ref|Fn::GetAtt)":\[?"([A-Za-z0-9:]+)/.exec(text(part))?.[1] ?? '')
  return JSON.parse(joined[1].map(word).join(''))
}

const machine = definition(stack)
const states = machine.States ?? {}
const ofRegistry = (states.Targets?.ItemProcessor as State | undefined)?.States ?? {}
const judge = ofRegistry.Judge ?? {}

describe('the machine', () => {
  it('is a standard one, whose steps outlive any sweep', () => {
    expect(stack.at('Sweep/Machine').Properties).toMatchObject({
      StateMachineType: 'STANDARD',
      RoleArn: arnOf(stack.idOf('Sweep/MachineRole')),
    })
    expect(machine.TimeoutSeconds).toBe(12 * 3_600)
  })

  it('begins for the time that it was scheduled for, or else for now', () => {
    expect(machine.StartAt).toBe('IsScheduled')
    expect(states.IsScheduled).toEqual({
      Type: 'Choice',
      Choices: [{ Variable: '$.scheduledTime', IsPresent: true, Next: 'Begin' }],
      Default: 'Now',
    })
    expect(states.Now).toEqual({
      Type: 'Pass',
      Parameters: { 'scheduledTime.$': '$$.Execution.StartTime' },
      Next: 'Begin',
    })
    expect(states.Begin?.Parameters).toMatchObject({
      Payload: { step: 'begin', 'scheduledTime.$': '$.scheduledTime', 'execution.$': '$$.Execution.Id' },
    })
  })

  it('does nothing where the sweep was not begun', () => {
    expect(states.HasBegun).toMatchObject({
      Choices: [{ Variable: '$.begun', BooleanEquals: true, Next: 'Targets' }],
      Default: 'NotBegun',
    })
    expect(states.NotBegun).toEqual({ Type: 'Succeed' })
  })

  it('goes through a few registries at a time, and keeps what it needs for the report', () => {
    expect(states.Targets).toMatchObject({
      ItemsPath: '$.targets',
      ItemSelector: { 'id.$': '$.id', 'target.$': '$$.Map.Item.Value' },
      MaxConcurrency: 5,
      ResultPath: null,
      Next: 'Report',
    })
    expect(states.Report).toMatchObject({ Parameters: { Payload: { step: 'report', 'id.$': '$.id' } }, End: true })
  })

  it('lets a registry that cannot be listed, or has nothing, stop no other', () => {
    expect(ofRegistry.List).toMatchObject({
      Parameters: { Payload: { step: 'list', 'id.$': '$.id', 'target.$': '$.target' } },
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'NotListed' }],
      Next: 'HasRepositories',
    })
    expect(ofRegistry.HasRepositories).toMatchObject({
      Choices: [{ Variable: '$.listed', NumericGreaterThan: 0, Next: 'Judge' }],
      Default: 'NothingListed',
    })
    expect(judge.Catch).toEqual([{ ErrorEquals: ['States.ALL'], Next: 'NotJudged' }])
    for (const name of ['NotListed', 'NothingListed', 'NotJudged'])
      expect(ofRegistry[name]).toEqual({ Type: 'Pass', End: true })
  })

  it('reads the lines of a list in batches, some at a time, and tolerates every one that fails', () => {
    expect(judge).toMatchObject({
      ItemReader: {
        Resource: expect.stringMatching(/:states:::s3:getObject$/),
        ReaderConfig: { InputType: 'JSONL' },
        Parameters: { Bucket: stack.idOf('Sweep/Store'), 'Key.$': '$.key' },
      },
      ItemBatcher: { MaxItemsPerBatch: BATCH, BatchInput: { 'id.$': '$.id', 'target.$': '$.target' } },
      MaxConcurrency: CONCURRENCY,
      ToleratedFailurePercentage: 100,
      ResultWriter: {
        Resource: expect.stringMatching(/:states:::s3:putObject$/),
        Parameters: {
          Bucket: stack.idOf('Sweep/Store'),
          'Prefix.$': "States.Format('sweep/{}/map/{}/{}', $.id, $.target.account, $.target.region)",
        },
      },
      End: true,
    })
  })

  it('judges a batch in an execution of its own', () => {
    const { ProcessorConfig, StartAt, States } = judge.ItemProcessor as State
    expect(ProcessorConfig).toEqual({ Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' })
    expect(StartAt).toBe('JudgeBatch')
    expect(States?.JudgeBatch).toMatchObject({
      Parameters: { FunctionName: stack.idOf('Sweep/Function'), Payload: { step: 'judge', 'batch.$': '$' } },
      OutputPath: '$.Payload',
      End: true,
    })
  })

  it('tries every step again, with pauses that grow', () => {
    const steps = [states.Begin, ofRegistry.List, (judge.ItemProcessor as State).States?.JudgeBatch, states.Report]
    for (const step of steps)
      expect(step).toMatchObject({
        Type: 'Task',
        Resource: expect.stringMatching(/:states:::lambda:invoke$/),
        Retry: [
          { ErrorEquals: expect.arrayContaining(['Lambda.TooManyRequestsException']), MaxAttempts: 6, BackoffRate: 2 },
          { ErrorEquals: ['States.ALL'], MaxAttempts: 3, BackoffRate: 3 },
        ],
      })
  })
})

describe('the role of the machine', () => {
  it('starts the function and batches of its own, and looks after these alone', () => {
    const id = stack.idOf('Sweep/Machine')
    const own = `${text({ Ref: 'AWS::AccountId' })},":execution:",${text({ 'Fn::GetAtt': [id, 'Name'] })},"`
    expect(granted(stack, 'SweepMachineRole', 'lambda:InvokeFunction')).toEqual([
      text(arnOf(stack.idOf('Sweep/Function'))),
    ])
    expect(granted(stack, 'SweepBatches', 'states:StartExecution')).toEqual([text(refTo(id))])
    expect(granted(stack, 'SweepBatches', 'states:RedriveExecution')).toEqual([
      expect.stringContaining(`${own}/Judge:*"`),
    ])
    for (const action of ['states:DescribeExecution', 'states:StopExecution'])
      expect(granted(stack, 'SweepBatches', action).toSorted()).toEqual([
        expect.stringContaining(`${own}/Judge:*"`),
        expect.stringContaining(`${own}:*"`),
      ])
  })

  it('reads lists, and writes what became of batches, nowhere else', () => {
    const below = (action: string) =>
      granted(stack, 'SweepMachineRole', action).map((resource) => /\/sweep\/[^"]*/.exec(resource)?.[0])
    expect(below('s3:GetObject')).toEqual(['/sweep/*/map/*', '/sweep/*/repositories/*'])
    expect(below('s3:PutObject')).toEqual(['/sweep/*/map/*'])
  })

  it('is for machines of the account alone', () => {
    expect(stack.at('Sweep/MachineRole').Properties.AssumeRolePolicyDocument).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'states.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    })
  })
})

describe('the function', () => {
  it('reads the registries of its own account in all regions that are swept', () => {
    for (const action of ['ecr:DescribeImages', 'ecr:DescribeImageScanFindings', 'ecr:ListTagsForResource'])
      expect(granted(stack, FUNCTION, action).map((arn) => /:ecr:([a-z0-9-]*)/.exec(arn)?.[1])).toEqual([
        '',
        'eu-north-1',
      ])
  })

  it('changes nothing but its own part of its bucket, and removes nothing there', () => {
    const actions = statements(stack, FUNCTION).flatMap(({ Action }) => list(Action))
    expect(actions.filter((action) => /:(?!Batch(?:Get|Check)|Describe|Get|List)/.test(action)).toSorted()).toEqual([
      ...['logs:CreateLogStream', 'logs:PutLogEvents', 's3:PutObject', 'securityhub:BatchImportFindings'],
      ...['sns:Publish', 'sqs:SendMessage', 'sts:AssumeRole'],
    ])
    expect(granted(stack, FUNCTION, 's3:PutObject')).toEqual([expect.stringContaining('"/sweep/*"')])
  })

  it('takes the role of each account that is named, once', () => {
    expect(granted(stack, FUNCTION, 'sts:AssumeRole').map((arn) => /:iam::[^"]*/.exec(arn)?.[0])).toEqual(
      ['222222222222', '333333333333'].map((account) => `:iam::${account}:role/ecr-steward-read`),
    )
    expect(granted(plain, FUNCTION, 'sts:AssumeRole')).toEqual([])
  })

  it('sends findings to Security Hub only where that is asked for', () => {
    expect(granted(stack, FUNCTION, 'securityhub:BatchImportFindings')).toEqual([
      expect.stringMatching(/:securityhub:.*:product\/.*\/default"/),
    ])
    expect(granted(plain, FUNCTION, 'securityhub:BatchImportFindings')).toEqual([])
  })

  it('reads what runs only where something is to be cleaned up', () => {
    const cleanUp = {
      ...{ mode: 'dry-run' as const, schedule: 'rate(1 day)', slack: [], entries: [] },
      atMost: { images: 500, shareOfRepository: 0.2, shareOfRegistry: 0.1 },
      inUse: {
        ...{ taskDefinitions: 5, regions: [], pins: [], ignoreAccounts: [], ignoreSources: ['batch' as const] },
        accounts: ['222222222222', '444444444444'],
      },
    }
    const cleaning = synthesise({ ...config, sweep, cleanUp })
    expect(granted(stack, FUNCTION, 'ecs:ListTasks')).toEqual([])
    expect(granted(cleaning, FUNCTION, 'ecs:ListTasks')).toEqual(['"*"'])
    expect(granted(cleaning, FUNCTION, 'batch:DescribeJobDefinitions')).toEqual([])
    expect(granted(cleaning, FUNCTION, 'sts:AssumeRole')).toHaveLength(3)
  })

  it('tells through the topic and the queues of the use cases that are there', () => {
    expect(environment(stack)).toEqual({
      STEWARD_BUCKET: refTo(stack.idOf('Sweep/Store')),
      STEWARD_TOPIC: refTo(stack.idOf('Alerts')),
      STEWARD_SCAN_QUEUE: refTo(stack.idOf('ScanAlert/Worker/Queue')),
      STEWARD_PUSH_QUEUE: refTo(stack.idOf('PushCheck/Worker/Queue')),
      STEWARD_CHANGE_QUEUE: refTo(stack.idOf('Watch/Worker/Queue')),
    })
    expect(environment(plain)).toMatchObject({ STEWARD_PUSH_QUEUE: '' })
    expect(environment(exporting)).toMatchObject({ STEWARD_EXTERNAL_ID: 'steward-1' })
    expect(granted(stack, FUNCTION, 'sqs:SendMessage').toSorted()).toEqual(
      ['PushCheck', 'ScanAlert', 'Watch'].map((name) => text(arnOf(stack.idOf(`${name}/Worker/Queue`)))),
    )
  })
})

describe('the bucket', () => {
  const { Properties, DeletionPolicy } = stack.at('Sweep/Store')

  it("stays when the stack goes, is encrypted and nobody's but ours", () => {
    expect(DeletionPolicy).toBe('Retain')
    expect(text(Properties.BucketEncryption)).toContain('AES256')
    expect(Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' })
    expect(Object.values(Properties.PublicAccessBlockConfiguration as object)).toEqual([true, true, true, true])
    expect(statementsOf(stack.at('Sweep/Store/Policy'))).toEqual([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ])
  })

  it('forgets sweeps after 90 days, and never the history and when findings were first seen', () => {
    const { Rules } = Properties.LifecycleConfiguration as {
      Rules: readonly { readonly Prefix?: string; readonly ExpirationInDays?: number }[]
    }
    const forgotten = (key: string) =>
      Rules.filter(({ Prefix = '' }) => `sweep/${key}`.startsWith(Prefix)).flatMap(
        ({ ExpirationInDays }) => ExpirationInDays ?? [],
      )
    expect(forgotten('2026-11-24t21/report.json')).toEqual([90])
    for (const key of [
      'history.json',
      'first-seen/123456789012/eu-central-1/api.json',
      'sent/1/a/api.json',
      'told/1/a.json',
    ])
      expect(forgotten(key)).toEqual([])
  })
})

describe('exports of SBOMs, where Inspector is asked for them', () => {
  const key = arnOf(exporting.idOf('Sweep/SbomExports/Key'))

  it('are asked for by the function, which knows their key', () => {
    for (const action of ['inspector2:CreateSbomExport', 'inspector2:GetSbomExport'])
      expect(granted(exporting, FUNCTION, action)).toEqual(['"*"'])
    expect(environment(exporting)).toMatchObject({ STEWARD_SBOM_KEY: key })
  })

  it('are decrypted by it as S3 hands them over, and nothing else of KMS is its own', () => {
    const ofKms = statements(exporting, FUNCTION).filter(({ Action }) => text(Action).includes('kms:'))
    expect(ofKms).toEqual([
      {
        ...{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: key },
        Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', expect.any(Array)] } } },
      },
    ])
    expect(text(ofKms)).toContain('["s3.",{"Ref":"AWS::Region"},".",{"Ref":"AWS::URLSuffix"}]')
  })

  it('are all that a stack has more: without them it has no key, and its bucket is as it was', () => {
    const [before, after] = [stack.resources, exporting.resources]
    const others = Object.keys({ ...before, ...after }).filter((id) => text(before[id]) !== text(after[id]))
    const ofSweep = ['Function', 'FunctionRole/DefaultPolicy', 'SbomExports/Key', 'Store', 'Store/Policy']
    // These are told the external id.
    const isOfAnother = (id: string): boolean => /^(?:ScanAlert|PushCheck|Watch)/.test(id)
    expect(others.filter((id) => !isOfAnother(id)).toSorted()).toEqual(
      ofSweep.map((name) => exporting.idOf(`Sweep/${name}`)).toSorted(),
    )
    expect(text(before)).not.toMatch(/AWS::KMS::Key|SbomExport|packages\/exports/)
  })
})

describe('the schedule', () => {
  it('starts the machine with the time that it is for, for an hour, and leaves what it cannot start to be looked at', () => {
    const [[, schedule] = []] = stack.ofType('AWS::Scheduler::Schedule')
    expect(schedule?.Properties).toMatchObject({
      ...{ ScheduleExpression: 'rate(7 days)', ScheduleExpressionTimezone: 'Etc/UTC', State: 'ENABLED' },
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: refTo(stack.idOf('Sweep/Machine')),
        Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
        DeadLetterConfig: { Arn: arnOf(stack.idOf('Sweep/DeadLetters')) },
        RetryPolicy: { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 10 },
        RoleArn: arnOf(stack.idOf('Sweep/Starter')),
      },
    })
  })

  it('may start the machine alone', () => {
    expect(granted(stack, 'SweepStarter', 'states:StartExecution')).toEqual([text(refTo(stack.idOf('Sweep/Machine')))])
  })
})

describe('alarms', () => {
  const alarm = ({ ofType }: Synthesised, name: string) =>
    ofType('AWS::CloudWatch::Alarm').find(([, { Properties }]) => Properties.AlarmName === `ecr-steward-${name}`)?.[1]
      .Properties

  it('ring for a sweep that fails, takes too long or is stopped', () => {
    const metrics = text(alarm(stack, 'sweep-failed')?.Metrics)
    for (const metric of ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'])
      expect(metrics).toContain(`"MetricName":"${metric}"`)
    expect(metrics).toContain('FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)')
  })

  it('ring for gaps until there are none', () => {
    expect(alarm(stack, 'sweep-coverage')).toMatchObject({
      ...{ Namespace: 'EcrSteward', MetricName: 'SweepCoverage', Statistic: 'Minimum' },
      ...{ Threshold: 100, ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'ignore' },
    })
  })

  it('ring where no sweep has ended for a day and more, if one comes every day', () => {
    expect(alarm(stack, 'sweep-missed')).toBeUndefined()
    expect(alarm(plain, 'sweep-missed')).toMatchObject({
      ...{ MetricName: 'SweepCoverage', Statistic: 'SampleCount', Period: 3_600, EvaluationPeriods: 26 },
      TreatMissingData: 'breaching',
    })
  })
})

it('the dashboard shows alerts, every metric of the sweep, and how long work waits', () => {
  const [[, dashboard] = []] = stack.ofType('AWS::CloudWatch::Dashboard')
  const body = text(dashboard?.Properties.DashboardBody)
  const { skipped: _, ...shown } = METRICS
  for (const metric of [...Object.values(shown), 'NumberOfMessagesPublished', 'ApproximateAgeOfOldestMessage'])
    expect(body).toContain(metric)
})

it('without a section there is nothing of it', () => {
  const none = synthesise(config)
  expect(text([none.resources, none.outputs])).not.toMatch(/sweep/i)
})
