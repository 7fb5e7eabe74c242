import { describe, expect, test } from 'vitest'
import { allow, type Resources, worker } from './assembly.ts'
import { deployed, START } from './deployed.ts'

const OK = 'exports.handler = async () => null'
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] })

/** Merges properties into one resource. */
function withProperties(resources: Resources, id: string, properties: object): Resources {
  const resource = resources[id]
  if (!resource) throw new Error(`no resource ${id}`)
  return { ...resources, [id]: { ...resource, Properties: { ...resource.Properties, ...properties } } }
}

describe('events on the default bus', () => {
  test('reach the targets of the rules that match, named by construct path', async () => {
    const { cloud, invocations } = await deployed({
      resources: { ...worker('Scan'), ...worker('Push') },
      code: { Scan: OK, Push: OK },
      paths: { ScanRule: 'ScanAlert/EcrScan', PushRule: 'PushCheck/Rules/Push' },
    })
    expect(cloud.put({ source: 'Scan' })).toEqual({ rules: ['scan-alert/EcrScan'] })
    expect(cloud.put({ source: 'Push' })).toEqual({ rules: ['push-check/rules/Push'] })
    expect(cloud.put({ source: 'other' })).toEqual({ rules: [] })
    await cloud.settle()
    expect(invocations.map((invocation) => invocation.function).toSorted()).toEqual(['push', 'scan'])
  })

  test('a rule that is disabled does not match', async () => {
    const resources = withProperties(worker('Scan'), 'ScanRule', { State: 'DISABLED' })
    const { cloud } = await deployed({ resources, code: { Scan: OK } })
    expect(cloud.put({ source: 'Scan' })).toEqual({ rules: [] })
  })

  test('a function as target is invoked with the event itself, three times when it fails', async () => {
    const code =
      "exports.handler = async (event) => { console.log(event); if (event.detail.bad) throw new Error('no') }"
    const targets = [{ Id: 'T', Arn: arnOf('ScanFunction') }]
    const resources = withProperties(worker('Scan'), 'ScanRule', { Targets: targets })
    const { aws, cloud, invocations } = await deployed({ resources, code: { Scan: code } })
    cloud.put({ source: 'Scan', detail: {} })
    await cloud.settle()
    expect(invocations[0]?.logs[0]?.message).toEqual({ source: 'Scan', detail: {} })
    cloud.put({ source: 'Scan', detail: { bad: true } })
    await cloud.settle()
    expect(invocations).toHaveLength(4)
    expect(Math.floor((aws.clock.now() - START) / 60_000)).toBe(3)
  })

  test('a constant input takes the place of the event', async () => {
    const targets = [{ Id: 'T', Arn: arnOf('ScanQueue'), Input: '{"canary":true}' }]
    const resources = withProperties(worker('Scan'), 'ScanRule', { Targets: targets })
    const { cloud, invocations } = await deployed({ resources, code: { Scan: OK } })
    cloud.put({ source: 'Scan' })
    await cloud.settle()
    expect(invocations[0]?.records).toMatchObject([{ body: '{"canary":true}' }])
  })

  test('a message of a topic reaches the function behind its subscription', async () => {
    const publish = `exports.handler = async () => {
      const body = new URLSearchParams({ Action: 'Publish', Version: '2010-03-31', TopicArn: process.env.TOPIC, Message: 'hello' })
      const response = await fetch(process.env.AWS_ENDPOINT_URL, { method: 'POST', body, headers: { 'x-amz-date': '20300101T000000Z',
        authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID +
          '/20300101/ap-northeast-1/sns/aws4_request, SignedHeaders=host, Signature=0' } })
      if (!response.ok) throw new Error(await response.text())
    }`
    const resources = {
      Topic: { Type: 'AWS::SNS::Topic' },
      ...worker('Scan', {
        environment: { TOPIC: { Ref: 'Topic' } },
        statements: [allow('sns:Publish', { Ref: 'Topic' })],
      }),
      ...worker('Tell'),
      Subscription: {
        Type: 'AWS::SNS::Subscription',
        Properties: {
          Protocol: 'sqs',
          Endpoint: arnOf('TellQueue'),
          RawMessageDelivery: true,
          TopicArn: { Ref: 'Topic' },
        },
      },
    }
    const { cloud, invocations } = await deployed({ resources, code: { Scan: publish, Tell: OK } })
    cloud.put({ source: 'Scan' })
    await cloud.settle()
    expect(invocations.map(({ function: name, records }) => [name, records.length])).toEqual([
      ['scan', 1],
      ['tell', 1],
    ])
    expect(invocations[1]?.records).toMatchObject([{ body: 'hello' }])
  })
})

describe('what is deployed', () => {
  test('tables, secrets and outputs are there', async () => {
    const { aws, cloud } = await deployed({
      resources: {
        Table: {
          Type: 'AWS::DynamoDB::Table',
          Properties: {
            TableName: 'state',
            BillingMode: 'PAY_PER_REQUEST',
            AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
            KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
            TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
          },
        },
        Secret: {
          Type: 'AWS::SecretsManager::Secret',
          Properties: {
            Name: 'token',
            GenerateSecretString: { SecretStringTemplate: '{"a":1}', GenerateStringKey: 'b' },
          },
        },
      },
      template: { Outputs: { Table: { Value: arnOf('Table') }, Secret: { Value: { Ref: 'Secret' } } } },
    })
    expect(aws.secrets.names()).toEqual(['token'])
    expect(cloud.outputs).toEqual({
      Table: 'arn:aws:dynamodb:ap-northeast-1:123456789012:table/state',
      Secret: aws.secrets.arnOf('token'),
    })
  })

  test('a process starts at the first use when that is asked for', async () => {
    const { cloud, invocations } = await deployed(
      { resources: worker('Scan'), code: { Scan: OK } },
      { start: 'first-use' },
    )
    cloud.put({ source: 'Scan' })
    await cloud.settle()
    expect(invocations[0]?.durationMs).toBeGreaterThan(0)
  })

  test('roles are given up with the cloud', async () => {
    const { aws, cloud } = await deployed({ resources: worker('Scan'), code: { Scan: OK } })
    expect(aws.authorize).toBeTypeOf('function')
    await cloud.close()
    expect(aws.authorize).toBeUndefined()
  })

  test('without enforcement no role is asked', async () => {
    const resources = withProperties(worker('Scan'), 'ScanPolicy', { Roles: [] })
    const { aws } = await deployed({ resources, code: { Scan: OK } }, { enforceIam: false })
    expect(aws.authorize).toBeUndefined()
  })

  const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'
  test('the managed policy for logs is known', async () => {
    const resources = withProperties(worker('Scan'), 'ScanRole', { ManagedPolicyArns: [BASIC] })
    const { cloud } = await deployed({ resources, code: { Scan: OK } })
    expect(cloud.put({ source: 'Scan' }).rules).toHaveLength(1)
  })
})

describe('a template that cannot run is refused with the place', () => {
  const scan = worker('Scan')
  const change = (id: string, properties: object): Resources => withProperties(scan, id, properties)
  const refused: [string, Resources, RegExp][] = [
    ['a role without the right to poll', change('ScanPolicy', { Roles: [] }), /does not allow sqs:ReceiveMessage on/],
    [
      'an unknown operator in a pattern',
      change('ScanRule', { EventPattern: { a: [{ has: 1 }] } }),
      /EventPattern: .* "has"/,
    ],
    [
      'a target out of reach',
      change('ScanRule', { Targets: [{ Arn: 'arn:aws:states:x' }] }),
      /Targets\[0\]: .*not to arn/,
    ],
    ['another bus', change('ScanRule', { EventBusName: 'mine' }), /the default bus only/],
    ['a FIFO queue', change('ScanDead', { FifoQueue: true }), /no FIFO queues/],
    ['a batch that needs a window', change('ScanMapping', { BatchSize: 11 }), /BatchSize over 10 needs/],
    ['a visibility below the timeout', change('ScanQueue', { VisibilityTimeout: 4 }), /4 s is less than .* 5 s/],
    ['an unknown function', change('ScanMapping', { FunctionName: 'x' }), /no function of the stack/],
    ['an unknown queue', change('ScanMapping', { EventSourceArn: 'arn:aws:sqs:x:1:y' }), /no queue of the stack/],
    ['an asset that is not there', change('ScanFunction', { Code: { S3Key: 'x.zip' } }), /S3Key: no asset/],
    ['code in the template', change('ScanFunction', { Code: { ZipFile: 'x' } }), /code from an asset/],
    ['another language', change('ScanFunction', { Runtime: 'python3.14' }), /Node.js alone, not python3.14/],
    ['a role from elsewhere', change('ScanFunction', { Role: 'arn:aws:iam::1:role/x' }), /role is not in the template/],
    [
      'an unknown managed policy',
      change('ScanRole', { ManagedPolicyArns: ['arn:x:policy/Admin'] }),
      /managed policy arn:x/,
    ],
    ['a permissions boundary', change('ScanRole', { PermissionsBoundary: 'arn:x' }), /permissions boundaries/],
    [
      'a filter that is none',
      change('ScanMapping', { FilterCriteria: { Filters: [{ Pattern: '{}' }] } }),
      /empty objects/,
    ],
    [
      'a condition that cannot be judged',
      change('ScanRole', {
        Policies: [
          {
            PolicyName: 'x',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [{ ...allow('s3:*', '*'), Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }],
            },
          },
        ],
      }),
      /ScanRole.*IpAddress is not known/,
    ],
  ]

  test.each(refused)('%s', async (_, resources, message) => {
    await expect(deployed({ resources, code: { Scan: OK } })).rejects.toThrow(message)
  })
})

describe('many events', () => {
  test('a thousand events are each processed once', async () => {
    const code =
      'exports.handler = async (event) => { console.info({ n: event.Records.map((r) => JSON.parse(r.body).n) }) }'
    const { cloud, invocations } = await deployed({ resources: worker('Scan'), code: { Scan: code } })
    for (let n = 0; n < 1_000; n++) cloud.put({ source: 'Scan', n })
    await cloud.settle()
    const seen = invocations.flatMap(({ logs }) => logs.flatMap(({ message }) => (message as { n: number[] }).n))
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 1_000 }, (_, n) => n))
    expect(cloud.deadLetters()).toEqual([])
  })

  test('what is put while another settle runs is settled, too', async () => {
    const { cloud, invocations } = await deployed({ resources: worker('Scan'), code: { Scan: OK } })
    cloud.put({ source: 'Scan' })
    const first = cloud.settle()
    cloud.put({ source: 'Scan' })
    await Promise.all([first, cloud.settle()])
    expect(invocations.flatMap(({ records }) => records)).toHaveLength(2)
  })
})
