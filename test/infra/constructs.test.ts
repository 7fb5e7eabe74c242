import { describe, expect, it } from 'vitest'
import { TABLE_KEY, TABLE_TTL } from '../../functions/contract.ts'
import type { PolicyEntry } from '../../functions/domain/policy.ts'
import * as notify from '../../functions/notify/contract.ts'
import * as pushCheck from '../../functions/push-check/contract.ts'
import * as scanAlert from '../../functions/scan-alert/contract.ts'
import * as watch from '../../functions/watch/contract.ts'
import { arnOf, config, list, refTo, type Statement, statementsOf, synthesise } from './synth.ts'

const stack = synthesise()

/** `Fn::Join` as cdk-nag writes it. */
const joined = (value: unknown): string => {
  const {
    'Fn::Join': [separator, parts],
  } = value as { 'Fn::Join': [string, (string | { Ref: string })[]] }
  return parts.map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`)).join(separator)
}

/** Action → what it may be done to, in the order of the template. */
const grantsOf = (path: string): Record<string, unknown> =>
  Object.fromEntries(
    statementsOf(stack.at(path)).flatMap(({ Action, Resource }: Statement) =>
      list(Action).map((action) => [action, Resource] as const),
    ),
  )

const environmentOf = (path: string) =>
  (stack.at(path).Properties.Environment as { Variables: Record<string, unknown> }).Variables

describe('scan-alert', () => {
  const queue = stack.idOf('ScanAlert/Worker/Queue')

  it('may read scans and images, publish alerts, remember them, and nothing else', () => {
    const { 'ecr:BatchGetImage': ecr, ...grants } = grantsOf('ScanAlert/Worker/FunctionRole/DefaultPolicy')
    expect(grants).toEqual({
      'logs:CreateLogStream': arnOf(stack.idOf('ScanAlert/Worker/FunctionLogs')),
      'logs:PutLogEvents': arnOf(stack.idOf('ScanAlert/Worker/FunctionLogs')),
      'sqs:ReceiveMessage': arnOf(queue),
      'sqs:DeleteMessage': arnOf(queue),
      'sqs:GetQueueAttributes': arnOf(queue),
      'sns:Publish': refTo(stack.idOf('Alerts')),
      'dynamodb:UpdateItem': arnOf(stack.idOf('State')),
      'ecr:DescribeImageScanFindings': ecr,
      'ecr:DescribeImages': ecr,
      'inspector2:ListCoverage': '*',
      'inspector2:ListFindings': '*',
    })
    expect(joined(ecr)).toBe('arn:<AWS::Partition>:ecr:<AWS::Region>:<AWS::AccountId>:repository/*')
  })

  it('is told the names of its table and topic', () => {
    expect(environmentOf('ScanAlert/Worker/Function')).toEqual({
      STEWARD_TABLE: refTo(stack.idOf('State')),
      STEWARD_TOPIC: refTo(stack.idOf('Alerts')),
    })
  })

  it('gathers the burst of one push, ten batches at a time', () => {
    expect(stack.at('ScanAlert/Worker/Poller').Properties).toMatchObject({
      BatchSize: scanAlert.BATCH_SIZE,
      MaximumBatchingWindowInSeconds: scanAlert.BATCH_WINDOW_SECONDS,
      ScalingConfig: { MaximumConcurrency: 10 },
    })
    expect(stack.at('ScanAlert/Worker/Queue').Properties).toMatchObject({
      VisibilityTimeout: 6 * scanAlert.TIMEOUT_SECONDS + scanAlert.BATCH_WINDOW_SECONDS,
      RedrivePolicy: { maxReceiveCount: 10 },
    })
  })

  it('takes events from its own rules, each allowed by name', () => {
    const rules = stack
      .ofType('AWS::Events::Rule')
      .map(([id]) => id)
      .filter((id) => id.startsWith('ScanAlert'))
    for (const path of ['ScanAlert/Worker/Queue/Policy', 'ScanAlert/Undelivered/Policy']) {
      const allowed = statementsOf(stack.at(path)).filter(({ Effect }) => Effect === 'Allow')
      expect(allowed.map(({ Condition }) => Condition?.ArnEquals?.['aws:SourceArn'])).toEqual(rules.map(arnOf))
      expect(allowed.every(({ Principal }) => JSON.stringify(Principal) === '{"Service":"events.amazonaws.com"}')).toBe(
        true,
      )
    }
  })
})

describe.each([
  {
    path: 'PushCheck',
    contract: pushCheck,
    reads: [
      ...['ecr:BatchGetImage', 'ecr:DescribeImages', 'ecr:DescribeRepositories', 'ecr:GetDownloadUrlForLayer'],
      ...['ecr:GetLifecyclePolicy', 'ecr:GetRepositoryPolicy'],
    ],
    ofRegistry: ['ecr:GetRegistryScanningConfiguration'],
    atOnce: 10,
  },
  {
    path: 'Watch',
    contract: watch,
    reads: [
      ...['ecr:DescribeRepositories', 'ecr:GetLifecyclePolicy', 'ecr:GetRepositoryPolicy', 'ecr:ListTagsForResource'],
    ],
    ofRegistry: [
      ...['ecr:DescribePullThroughCacheRules', 'ecr:DescribeRegistry', 'ecr:GetRegistryPolicy'],
      'ecr:GetRegistryScanningConfiguration',
    ],
    atOnce: 5,
  },
])('$path', ({ path, contract, reads, ofRegistry, atOnce }) => {
  const policy: PolicyEntry = {
    repositories: ['prod/**'],
    rules: [{ rule: 'tag-immutability', mode: 'report', parameters: {}, line: 1 }],
  }
  const judging = synthesise({ ...config, policy: [policy] })
  const queue = judging.idOf(`${path}/Worker/Queue`)

  it('may read repositories and the registry, publish alerts, remember them, and nothing else', () => {
    const granted = statementsOf(judging.at(`${path}/Worker/FunctionRole/DefaultPolicy`))
    const on = (test: (resource: string) => boolean) =>
      granted.filter(({ Resource }) => test(JSON.stringify(Resource))).flatMap(({ Action }) => list(Action))
    expect(on((resource) => resource.includes(':repository/*"'))).toEqual(reads)
    expect(on((resource) => resource === '"*"')).toEqual(ofRegistry)
    expect(on((resource) => !resource.includes(':repository/') && resource !== '"*"').toSorted()).toEqual([
      ...['dynamodb:UpdateItem', 'logs:CreateLogStream', 'logs:PutLogEvents', 'sns:Publish'],
      ...['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    ])
  })

  it('is told the names of its table and topic', () => {
    const { Environment } = judging.at(`${path}/Worker/Function`).Properties
    expect(Environment).toEqual({
      Variables: { STEWARD_TABLE: refTo(judging.idOf('State')), STEWARD_TOPIC: refTo(judging.idOf('Alerts')) },
    })
  })

  it('gathers what belongs together', () => {
    expect(judging.at(`${path}/Worker/Poller`).Properties).toMatchObject({
      EventSourceArn: arnOf(queue),
      BatchSize: contract.BATCH_SIZE,
      MaximumBatchingWindowInSeconds: contract.BATCH_WINDOW_SECONDS,
      ScalingConfig: { MaximumConcurrency: atOnce },
    })
    expect(judging.at(`${path}/Worker/Function`).Properties.Timeout).toBe(contract.TIMEOUT_SECONDS)
  })
})

describe('notify', () => {
  const queue = stack.idOf('Notify/Worker/Queue')

  it('may read the secrets of its channels, hold records back, remember what it sent, and nothing else', () => {
    const { 'secretsmanager:GetSecretValue': secrets, ...grants } = grantsOf('Notify/Worker/FunctionRole/DefaultPolicy')
    expect(grants).toEqual({
      'logs:CreateLogStream': arnOf(stack.idOf('Notify/Worker/FunctionLogs')),
      'logs:PutLogEvents': arnOf(stack.idOf('Notify/Worker/FunctionLogs')),
      'sqs:ReceiveMessage': arnOf(queue),
      'sqs:DeleteMessage': arnOf(queue),
      'sqs:GetQueueAttributes': arnOf(queue),
      'sqs:ChangeMessageVisibility': arnOf(queue),
      'dynamodb:GetItem': arnOf(stack.idOf('State')),
      'dynamodb:UpdateItem': arnOf(stack.idOf('State')),
    })
    expect(JSON.stringify(secrets)).toContain(':secret:ecr-steward/slack/security-??????"')
  })

  it('is told its queue, to give records back to', () => {
    expect(environmentOf('Notify/Worker/Function')).toEqual({
      STEWARD_TABLE: refTo(stack.idOf('State')),
      [notify.ENV_QUEUE_URL]: refTo(queue),
    })
  })

  it('gets every alert as it was published, and keeps one that cannot be delivered', () => {
    expect(stack.ofType('AWS::SNS::Subscription').map(([, { Properties }]) => Properties)).toContainEqual(
      expect.objectContaining({
        Protocol: 'sqs',
        TopicArn: refTo(stack.idOf('Alerts')),
        Endpoint: arnOf(queue),
        RawMessageDelivery: true,
        RedrivePolicy: { deadLetterTargetArn: arnOf(stack.idOf('Notify/Undelivered')) },
      }),
    )
  })

  it('outlasts an outage of Slack of six hours', () => {
    expect(stack.at('Notify/Worker/Queue').Properties.RedrivePolicy).toMatchObject({ maxReceiveCount: 40 })
  })

  it('rings when a channel is broken', () => {
    expect(stack.ofType('AWS::Logs::MetricFilter').map(([, { Properties }]) => Properties)).toEqual([
      expect.objectContaining({
        LogGroupName: refTo(stack.idOf('Notify/Worker/FunctionLogs')),
        FilterPattern: '{ $.message.outcome = "channel-broken" }',
      }),
    ])
    expect(stack.at('Ops/channel-broken').Properties).toMatchObject({
      Namespace: 'EcrSteward',
      MetricName: 'ChannelBroken',
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
    })
  })

  it('is not there where nobody wants Slack', () => {
    const quiet = synthesise({ ...config, channels: {} })
    expect(quiet.ofType('AWS::Lambda::Function').map(([id]) => id)).not.toContainEqual(expect.stringMatching(/^Notify/))
    expect(JSON.stringify(quiet.resources)).not.toContain('secretsmanager')
    expect(Object.keys(quiet.outputs)).not.toContain('NotifyQueueUrl')
  })
})

describe('the state table', () => {
  it('can be restored, is not lost with the stack, forgets by itself, and costs nothing when idle', () => {
    const [[, { Properties, DeletionPolicy }] = ['', { Properties: {}, DeletionPolicy: '' }]] =
      stack.ofType('AWS::DynamoDB::Table')
    expect(DeletionPolicy).toBe('Retain')
    expect(Properties).toMatchObject({
      KeySchema: [{ AttributeName: TABLE_KEY, KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: TABLE_TTL, Enabled: true },
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
      SSESpecification: { SSEEnabled: true },
    })
  })
})

describe('the topics', () => {
  it.each(['Alerts', 'Ops/Topic'])('%s refuses what is not sent over TLS', (path) => {
    const policy = stack
      .ofType('AWS::SNS::TopicPolicy')
      .find(([, { Properties }]) => JSON.stringify(Properties.Topics).includes(`"${stack.idOf(path)}"`))?.[1]
    expect(policy && statementsOf(policy)).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    )
  })

  it('of alerts is encrypted; that of operations is not, for CloudWatch cannot use the key of SNS', () => {
    expect(stack.at('Alerts').Properties.KmsMasterKeyId).toBe('alias/aws/sns')
    expect(stack.at('Ops/Topic').Properties.KmsMasterKeyId).toBeUndefined()
  })

  it('of operations tells the addresses of the configuration', () => {
    expect(stack.ofType('AWS::SNS::Subscription').map(([, { Properties }]) => Properties)).toContainEqual({
      Protocol: 'email',
      Endpoint: 'platform@example.com',
      TopicArn: refTo(stack.idOf('Ops/Topic')),
    })
  })
})
