import { describe, expect, test } from 'vitest'
import { allow, type Resources, worker } from './assembly.ts'
import { deployed, START } from './deployed.ts'

const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] })
const LOGS = 'exports.handler = async (event) => { console.info(event) }'
const FAILS = "exports.handler = async () => { throw new Error('no') }"

const starter = (...statements: object[]): Resources => ({
  StarterRole: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
  StarterPolicy: {
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyDocument: { Version: '2012-10-17', Statement: statements }, Roles: [{ Ref: 'StarterRole' }] },
  },
})

const INVOKE = allow('lambda:InvokeFunction', arnOf('JobFunction'))

const schedule = (target: object = {}, more: object = {}): Resources => ({
  JobSchedule: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ScheduleExpression: 'cron(0 3 * * ? *)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      State: 'ENABLED',
      Target: { Arn: arnOf('JobFunction'), RoleArn: arnOf('StarterRole'), ...target },
      ...more,
    },
  },
})

const stack = (more: Resources = {}): Resources => ({ ...worker('Job'), ...starter(INVOKE), ...schedule(), ...more })

const start = (resources: Resources, code = LOGS) =>
  deployed({ resources, code: { Job: code }, paths: { JobSchedule: 'CleanUp/Schedule' } })

describe('a schedule', () => {
  test('starts its function with its input, as often as it is fired, with one scheduled time', async () => {
    const Input =
      '{"at":"<aws.scheduler.scheduled-time>","of":"<aws.scheduler.schedule-arn>","x":"<aws.scheduler.other>"}'
    const { aws, cloud, invocations } = await start(stack(schedule({ Input })))
    expect(cloud.schedule('clean-up/Schedule').expression).toBe('cron(0 3 * * ? *)')
    aws.clock.set(START + 3 * 3_600_000)
    cloud.schedule('clean-up/Schedule').fire(2)
    await cloud.settle()
    expect(invocations).toHaveLength(2)
    const of = expect.stringMatching(
      /^arn:aws:scheduler:ap-northeast-1:123456789012:schedule\/default\/Test-JobSchedule-/,
    )
    for (const { function: name, logs } of invocations) {
      expect(name).toBe('job')
      expect(logs.map(({ message }) => message)).toEqual([
        { at: '2030-01-01T03:00:00Z', of, x: '<aws.scheduler.other>' },
      ])
    }
  })

  test('without an input tells the event that Scheduler makes', async () => {
    const { cloud, invocations } = await start(stack())
    cloud.schedule('clean-up/Schedule').fire()
    await cloud.settle()
    expect(invocations[0]?.records).toMatchObject([{ 'detail-type': 'Scheduled Event', source: 'aws.scheduler' }])
  })

  test('is read as those of others are', async () => {
    const { aws, cloud } = await start(stack())
    const headers = {
      authorization:
        'AWS4-HMAC-SHA256 Credential=A/20300101/ap-northeast-1/scheduler/aws4_request, SignedHeaders=host, Signature=0',
    }
    const { Schedules } = (await (await fetch(`${aws.url}/schedules`, { headers })).json()) as { Schedules: object[] }
    expect(Schedules).toMatchObject([{ State: 'ENABLED', Target: { Arn: expect.stringContaining(':function:') } }])
    expect(() => cloud.schedule('other')).toThrow('no schedule other; there is: clean-up/Schedule')
  })

  test('that is disabled is not fired', async () => {
    const { cloud } = await start(stack(schedule({}, { State: 'DISABLED' })))
    expect(() => cloud.schedule('clean-up/Schedule').fire()).toThrow('is disabled')
  })

  test('of a queue for what cannot be started names one of the stack', async () => {
    const target = { DeadLetterConfig: { Arn: arnOf('JobDead') } }
    const { cloud } = await start(stack(schedule(target)))
    expect(cloud.deadLetters()).toEqual([])
  })
})

describe('a function that nobody waits for', () => {
  const onFailure = { DestinationConfig: { OnFailure: { Destination: arnOf('JobDead') } } }
  const invokeConfig = (properties: object): Resources => ({
    JobConfig: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { FunctionName: { Ref: 'JobFunction' }, Qualifier: '$LATEST', ...properties },
    },
  })
  const told = (properties: object): Resources => ({
    ...stack(),
    ...worker('Job', { statements: [allow('sqs:SendMessage', arnOf('JobDead'))] }),
    ...invokeConfig({ ...onFailure, ...properties }),
  })

  test.each([
    ['as often as it says', { MaximumRetryAttempts: 1 }, 2, 'RetriesExhausted'],
    ['three times otherwise', {}, 3, 'RetriesExhausted'],
    ['no longer than it says', { MaximumEventAgeInSeconds: 90 }, 2, 'EventAgeExceeded'],
  ])('is tried %s, and its failure is told', async (_, properties, tries, condition) => {
    const { cloud, invocations } = await start(told(properties), FAILS)
    cloud.schedule('clean-up/Schedule').fire()
    await cloud.settle()
    expect(invocations).toHaveLength(tries)
    const [dead, ...more] = cloud.deadLetters().flatMap(({ messages }) => messages)
    expect(more).toEqual([])
    expect(JSON.parse(dead?.body ?? '')).toMatchObject({
      requestContext: { condition, approximateInvokeCount: tries },
      requestPayload: { source: 'aws.scheduler' },
      responsePayload: { errorMessage: 'no' },
    })
  })

  test('tells nobody where nobody is named', async () => {
    const { cloud, invocations } = await start(stack(invokeConfig({ MaximumRetryAttempts: 0 })), FAILS)
    cloud.schedule('clean-up/Schedule').fire()
    await cloud.settle()
    expect([invocations.length, cloud.deadLetters()]).toEqual([1, []])
  })

  const refused: [string, Resources, RegExp][] = [
    [
      'a destination that its role may not send to',
      stack(invokeConfig(onFailure)),
      /does not allow sqs:SendMessage on/,
    ],
    [
      'a destination out of reach',
      stack(invokeConfig({ DestinationConfig: { OnFailure: { Destination: 'arn:aws:sns:x' } } })),
      /arn:aws:sns:x is no queue/,
    ],
    ['a destination of successes', stack(invokeConfig({ DestinationConfig: { OnSuccess: {} } })), /of failures only/],
    ['a function from elsewhere', stack(invokeConfig({ FunctionName: 'x' })), /FunctionName: it is no function/],
    ['a schedule of another group', stack(schedule({}, { GroupName: 'mine' })), /the default group only/],
    ['a schedule of something else', stack(schedule({ Arn: 'arn:aws:states:x' })), /arn:aws:states:x is no function/],
    [
      'a schedule whose role may not start it',
      stack(starter(allow('lambda:GetFunction', '*'))),
      /role does not allow lambda:InvokeFunction on arn:/,
    ],
    [
      'a schedule with a role from elsewhere',
      stack(schedule({ RoleArn: 'arn:aws:iam::1:role/x' })),
      /RoleArn: the role is not in/,
    ],
    [
      'a schedule with a queue from elsewhere',
      stack(schedule({ DeadLetterConfig: { Arn: 'arn:aws:sqs:x:1:y' } })),
      /DeadLetterConfig: arn:aws:sqs:x:1:y is no queue/,
    ],
  ]
  test.each(refused)('%s is refused', async (_, resources, message) => {
    await expect(start(resources)).rejects.toThrow(message)
  })
})

test('a bucket is there, with a name as S3 wants it, for whom a role lets', async () => {
  const code = `exports.handler = async () => {
    const ask = async (key) => (await fetch(process.env.AWS_ENDPOINT_URL + '/' + process.env.BUCKET + key, { method: 'PUT', body: 'x',
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID +
        '/20300101/ap-northeast-1/s3/aws4_request, SignedHeaders=host, Signature=0' } })).status
    console.info(await Promise.all(['/mine/a', '/yours/a'].map(ask)))
  }`
  const mine = { 'Fn::Join': ['', [arnOf('JournalBucket'), '/mine/*']] }
  const resources = {
    ...stack(),
    ...worker('Job', { environment: { BUCKET: { Ref: 'JournalBucket' } }, statements: [allow('s3:PutObject', mine)] }),
    JournalBucket: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { Status: 'Enabled' } } },
    JournalPolicy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'JournalBucket' } } },
  }
  const { aws, cloud, invocations } = await start(resources, code)
  const [bucket = ''] = aws.s3.buckets()
  expect(bucket).toMatch(/^test-journalbucket-[0-9a-f]{12}$/)
  cloud.schedule('clean-up/Schedule').fire()
  await cloud.settle()
  expect(invocations[0]?.logs[0]?.message).toEqual([200, 403])
  expect(aws.s3.keys(bucket)).toEqual(['mine/a'])
})
