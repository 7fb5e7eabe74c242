import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { IN_USE_ACTIONS } from '../../functions/in-use/contract.ts'
import { list, type Resource, refTo, shippedConfig, statementsOf, synthesise } from './synth.ts'

const stack = synthesise(shippedConfig())
const functions = stack.ofType('AWS::Lambda::Function')
const queues = stack.ofType('AWS::SQS::Queue')
const policies = stack.ofType('AWS::IAM::Policy')
const alarms = stack.ofType('AWS::CloudWatch::Alarm')

const text = (value: unknown): string => JSON.stringify(value)

const mappingOf = (functionId: string): Resource | undefined =>
  stack
    .ofType('AWS::Lambda::EventSourceMapping')
    .find(([, { Properties }]) => text(Properties.FunctionName) === text(refTo(functionId)))?.[1]

const queueOf = (functionId: string): Resource => {
  const arn = text(mappingOf(functionId)?.Properties.EventSourceArn)
  const found = queues.find(([id]) => arn.includes(`"${id}"`))
  if (!found) throw new Error(`no queue feeds ${functionId}`)
  return found[1]
}

const alarmsOn = (metric: string, id: string): number =>
  alarms.filter(
    ([, { Properties }]) => Properties.MetricName === metric && text(Properties.Dimensions).includes(`"${id}"`),
  ).length

/** Why a resource may stand for more than one thing. */
const WIDE: Readonly<Record<string, string>> = {
  ':repository/*': 'every repository of the registry is read',
  '/*': 'plans, batches of the journal, records and reports have names that are made on the way',
  ':*': 'CDK grants every version of a function that is started, and Step Functions names the executions of batches',
  '-??????': 'Secrets Manager adds six characters to the name of a secret',
}

/** Reads of the registry and of what runs images, for which IAM knows no resource or no names are known. */
const OF_REGISTRY: readonly string[] = [
  'ecr:DescribeRepositories',
  ...new Set(Object.values(IN_USE_ACTIONS).flat()),
  'ecr:DescribePullThroughCacheRules',
  'ecr:DescribeRegistry',
  'ecr:GetRegistryPolicy',
  'ecr:GetRegistryScanningConfiguration',
  // As which ECR reads findings of enhanced scanning.
  'inspector2:ListFindings',
]

/** What changes something in ECR. */
const isWrite = (action: string): boolean => /^ecr:(?!Batch(Check|Get)|Describe|Get|List)/.test(action)

/** Of what a queue does not feed: it reads whole registries. */
const BATCH_MEMORY = { [stack.idOf('CleanUp/Function')]: 512, [stack.idOf('Sweep/Function')]: 1_024 }

describe.each(functions)('the function %s', (id, { Properties, Metadata }) => {
  it('runs on Node 24 and arm64', () => {
    expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] })
    expect(Properties.MemorySize).toBe(mappingOf(id) ? 256 : (BATCH_MEMORY[id] ?? 0))
  })

  it('writes JSON logs to a log group of its own that forgets after a month', () => {
    const { LogFormat, LogGroup } = Properties.LoggingConfig as { LogFormat: string; LogGroup: { Ref: string } }
    expect(LogFormat).toBe('JSON')
    expect(stack.resources[LogGroup.Ref]).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { RetentionInDays: 30 },
    })
  })

  it('says what it does', () => {
    expect(Properties.Description).toMatch(/^[a-z-]+: [a-z].+/)
  })

  it('is where `sam local invoke` looks for it', () => {
    expect(readFileSync(join(stack.outdir, String(Metadata['aws:asset:path']), 'index.js'), 'utf8')).toContain(
      'handler',
    )
  })

  it('rings when it fails as a whole', () => {
    expect(alarmsOn('Errors', id)).toBe(1)
  })
})

describe.each(functions.filter(([id]) => mappingOf(id)))('the worker %s', (id, { Properties }) => {
  it('is fed by a queue whose failed records come back alone, with a limit on how many run at once', () => {
    expect(mappingOf(id)?.Properties).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: expect.any(Number) },
    })
  })

  it('has six timeouts and the batching window before a record comes again', () => {
    const window = Number(mappingOf(id)?.Properties.MaximumBatchingWindowInSeconds ?? 0)
    expect(queueOf(id).Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Number(Properties.Timeout) + window)
  })

  it('leaves what fails for good in a dead-letter queue that rings, after five receives or more', () => {
    const { maxReceiveCount, deadLetterTargetArn } = queueOf(id).Properties.RedrivePolicy as {
      maxReceiveCount: number
      deadLetterTargetArn: { 'Fn::GetAtt': [string, string] }
    }
    expect(maxReceiveCount).toBeGreaterThanOrEqual(5)
    expect(alarmsOn('ApproximateNumberOfMessagesVisible', deadLetterTargetArn['Fn::GetAtt'][0])).toBe(1)
  })

  it('rings when its queue grows old', () => {
    const [queueId] = queues.find(([, queue]) => queue === queueOf(id)) ?? ['']
    expect(alarmsOn('ApproximateAgeOfOldestMessage', queueId)).toBe(1)
  })
})

describe.each(queues)('the queue %s', (id, { Properties }) => {
  it('is encrypted and keeps messages as long as SQS can', () => {
    expect(Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 24 * 3_600 })
  })

  it('refuses what is not sent over TLS', () => {
    const own = stack
      .ofType('AWS::SQS::QueuePolicy')
      .filter(([, policy]) => text(policy.Properties.Queues) === text([refTo(id)]))
    expect(own.flatMap(([, policy]) => statementsOf(policy))).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 'sqs:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    )
  })

  it('takes messages only from a service on behalf of something in this stack', () => {
    const own = stack
      .ofType('AWS::SQS::QueuePolicy')
      .filter(([, policy]) => text(policy.Properties.Queues) === text([refTo(id)]))
    for (const { Condition } of own
      .flatMap(([, policy]) => statementsOf(policy))
      .filter(({ Effect }) => Effect === 'Allow')) {
      const source = text(Condition?.ArnEquals?.['aws:SourceArn'])
      expect(Object.keys(stack.resources).some((resource) => source.includes(`"${resource}"`))).toBe(true)
    }
  })

  it('rings when it holds dead letters, unless it is a queue of work', () => {
    const isWork = Properties.RedrivePolicy !== undefined
    expect(alarmsOn('ApproximateNumberOfMessagesVisible', id)).toBe(isWork ? 0 : 1)
  })
})

describe('every rule', () => {
  it.each(stack.ofType('AWS::Events::Rule'))(
    '%s has a dead-letter queue and a day of retries for its target',
    (_, { Properties }) => {
      expect(Properties.Targets).toEqual([
        expect.objectContaining({
          DeadLetterConfig: { Arn: expect.anything() },
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        }),
      ])
      expect(Properties.Description).toMatch(/^[A-Z].{10,}/)
    },
  )
})

describe('every role', () => {
  it.each(policies)('%s names its actions one by one', (_, policy) => {
    const actions = statementsOf(policy).flatMap(({ Action }) => list(Action))
    expect(actions.filter((action) => action.includes('*'))).toEqual([])
  })

  it.each(policies)('%s names its resources, or a listed reason for more', (_, policy) => {
    const wide = statementsOf(policy)
      .filter(({ Resource, Action }) => Resource !== '*' || !list(Action).every((one) => OF_REGISTRY.includes(one)))
      .flatMap(({ Resource }) => list(Resource))
      .map(text)
      .filter((resource) => /[*?]/.test(resource))
    expect(wide.filter((resource) => !Object.keys(WIDE).some((end) => resource.includes(`${end}"`)))).toEqual([])
  })

  it('may change nothing in ECR, as no rule of the shipped configuration is in enforce', () => {
    const actions = policies.flatMap(([, policy]) => statementsOf(policy).flatMap(({ Action }) => list(Action)))
    expect(actions.filter((action) => action.startsWith('ecr:')).length).toBeGreaterThan(5)
    expect(actions.filter(isWrite)).toEqual([])
  })

  it('is for Lambda alone, for Scheduler to start something, or for the machine, without a managed policy', () => {
    const others = {
      [stack.idOf('CleanUp/Starter')]: 'scheduler.amazonaws.com',
      [stack.idOf('Sweep/Starter')]: 'scheduler.amazonaws.com',
      [stack.idOf('Sweep/MachineRole')]: 'states.amazonaws.com',
    }
    for (const [id, { Properties }] of stack.ofType('AWS::IAM::Role')) {
      expect(Properties.ManagedPolicyArns).toBeUndefined()
      expect(text(Properties.AssumeRolePolicyDocument)).toContain(others[id] ?? 'lambda.amazonaws.com')
    }
  })
})

describe('every alarm', () => {
  it.each(alarms)('%s tells the operations topic when it rings and when it is over', (_, { Properties }) => {
    const topic = [refTo(stack.idOf('Ops/Topic'))]
    expect(Properties).toMatchObject({ AlarmActions: topic, OKActions: topic })
  })

  it.each(alarms)('%s rings for too much, or for nothing at all where something has to come', (_, { Properties }) => {
    const { ComparisonOperator, TreatMissingData, AlarmName } = Properties
    const others: Readonly<Record<string, readonly string[]>> = {
      missed: ['LessThanThreshold', 'breaching'],
      // It rings until a sweep has seen everything.
      coverage: ['LessThanThreshold', 'ignore'],
    }
    expect([ComparisonOperator, TreatMissingData]).toEqual(
      others[String(AlarmName).split('-').at(-1) ?? ''] ?? ['GreaterThanThreshold', 'notBreaching'],
    )
  })

  it.each(alarms)('%s says where to read what to do', (_, { Properties }) => {
    expect(Properties.AlarmDescription).toContain(`docs/runbook.md, section ${Properties.AlarmName}.`)
  })
})

describe('the stack', () => {
  it('has no account and no region in it, so that one template serves all', () => {
    expect(text(stack.resources)).not.toMatch(/\b\d{12}\b|[a-z]{2}-[a-z]+-\d\b/)
  })

  it('leaves no finding of cdk-nag without a reason', () => {
    const { pluginReports } = JSON.parse(readFileSync(join(stack.outdir, 'validation-report.json'), 'utf8'))
    expect(pluginReports).toEqual([])
  })

  it('puts out what a person needs to subscribe and to look into queues', () => {
    expect(Object.keys(stack.outputs).toSorted()).toMatchInlineSnapshot(`
      [
        "AlertsTopicArn",
        "CleanUpBucketName",
        "CleanUpDeadLettersUrl",
        "CleanUpFunctionName",
        "NotifyDeadLettersUrl",
        "NotifyQueueUrl",
        "NotifyUndeliveredUrl",
        "OperationsTopicArn",
        "PushCheckDeadLettersUrl",
        "PushCheckQueueUrl",
        "PushCheckUndeliveredUrl",
        "ScanAlertDeadLettersUrl",
        "ScanAlertQueueUrl",
        "ScanAlertUndeliveredUrl",
        "StateTableName",
        "SweepBucketName",
        "SweepDeadLettersUrl",
        "SweepMachineArn",
        "Version",
        "WatchDeadLettersUrl",
        "WatchQueueUrl",
        "WatchUndeliveredUrl",
      ]
    `)
  })

  it('tags what can be tagged', () => {
    for (const [, { Properties }] of [...functions, ...queues, ...stack.ofType('AWS::SNS::Topic')]) {
      expect(Properties.Tags).toContainEqual({ Key: 'application', Value: 'ecr-steward' })
    }
  })

  it('has ECR take no read of a manifest for a pull', () => {
    const readers = policies.filter(([, policy]) =>
      statementsOf(policy).some(({ Action }) => list(Action).includes('ecr:BatchGetImage')),
    )
    const roles = readers.flatMap(([, { Properties }]) => Properties.Roles as readonly { readonly Ref: string }[])
    const left = stack.ofType('AWS::ECR::PullTimeUpdateExclusion').map(([, { Properties }]) => Properties.PrincipalArn)
    expect(left).toHaveLength(4)
    expect(left).toEqual(expect.arrayContaining(roles.map(({ Ref }) => ({ 'Fn::GetAtt': [Ref, 'Arn'] }))))
  })

  it('is made of these resources', () => {
    const paths = Object.values(stack.resources).map(
      ({ Type, Metadata }) => `${String(Metadata['aws:cdk:path']).replace(/^Steward\/|\/Resource$/g, '')}  ${Type}`,
    )
    expect(paths.toSorted().join('\n')).toMatchSnapshot()
  })
})
