import { describe, expect, test } from 'vitest'
import type { Resources } from './assembly.ts'
import { deployed } from './deployed.ts'

const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] })
const topic = { Ref: 'Topic' }
const RULE = 'arn:aws:events:ap-northeast-1:123456789012:rule/scans'

const publishes = (more: object = {}): Resources => ({
  Policy: {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [topic],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            ...{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sns:Publish' },
            ...{ Resource: topic, ...more },
          },
          {
            ...{ Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Resource: topic },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    },
  },
})

/** A rule that tells a topic, which a queue hears; what is not told goes to another queue. */
const stack = (target: object, policy: Resources = publishes()): Resources => ({
  Topic: { Type: 'AWS::SNS::Topic' },
  ...policy,
  Heard: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'heard' } },
  Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
  Subscription: {
    Type: 'AWS::SNS::Subscription',
    Properties: { Protocol: 'sqs', Endpoint: arnOf('Heard'), RawMessageDelivery: true, TopicArn: topic },
  },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      Name: 'scans',
      EventPattern: { source: ['aws.ecr'] },
      Targets: [{ Id: 'T', Arn: topic, DeadLetterConfig: { Arn: arnOf('Dead') }, ...target }],
    },
  },
})

const EVENT = {
  version: '0',
  'detail-type': 'ECR Image Scan',
  source: 'aws.ecr',
  resources: ['arn:a', 'arn:b'],
  detail: {
    'repository-name': 'web',
    'image-tags': ['v1', 'v2'],
    'finding-severity-counts': { CRITICAL: 2 },
    hostile: 'a "quoted"\nline',
    none: null,
  },
}
const PATHS = {
  repository: '$.detail.repository-name',
  tags: '$.detail.image-tags',
  tag: '$.detail.image-tags[1]',
  counts: '$.detail.finding-severity-counts',
  critical: '$.detail.finding-severity-counts.CRITICAL',
  high: '$.detail.finding-severity-counts.HIGH',
  every: '$.detail.finding-severity-counts.*',
  hostile: '$.detail.hostile',
  none: '$.detail.none',
}

async function told(target: object, policy?: Resources) {
  const { aws, cloud } = await deployed({ resources: stack(target, policy) })
  cloud.put(EVENT)
  const bodies = (name: string) => aws.sqs.get(name)?.peek() ?? []
  return { heard: bodies('heard').map(({ body }) => body), dead: bodies('dead'), undelivered: cloud.undelivered() }
}
const template = (InputTemplate: string) => ({ InputTransformer: { InputPathsMap: PATHS, InputTemplate } })

describe('an input template', () => {
  test.each([
    ['text', '"<repository>: <critical> critical"', '"web: 2 critical"'],
    ['text without what is not there', '"high: <high>."', '"high: ."'],
    ['lines of text', '"<repository>"\n"<tag>"', '"web"\n"v2"'],
    ['a list and an object in text, without quotes', '"<tags> <counts>"', '"[v1,v2] {CRITICAL:2}"'],
    ['text is not escaped', '"<hostile>"', '"a "quoted"\nline"'],
    [
      'JSON, with the quotes of strings',
      '{ "name": <repository>, "text": "<repository>/<tag>", "n": <critical>, "none": <none> }',
      '{"name":"web","text":"web/v2","n":2,"none":null}',
    ],
    [
      'lists and objects in JSON',
      '{"tags": <tags>, "counts": <counts>, "every": <every>}',
      '{"tags":["v1","v2"],"counts":{"CRITICAL":2},"every":[2]}',
    ],
    ['a string out of quotes is escaped', '{"hostile": <hostile>}', '{"hostile":"a \\"quoted\\"\\nline"}'],
    ['in quotes, what is not there is empty', '{"high": "<high>"}', '{"high":""}'],
    [
      'the rule and the event',
      '{"rule": <aws.events.rule-name>, "arn": "<aws.events.rule-arn>", "event": <aws.events.event>}',
      JSON.stringify({
        ...{ rule: 'scans', arn: RULE },
        event: { version: '0', detailType: 'ECR Image Scan', source: 'aws.ecr', resources: ['arn:a', 'arn:b'] },
      }),
    ],
    ['the whole event', '{"event": <aws.events.event.json>}', JSON.stringify({ event: EVENT })],
  ])('makes %s', async (_, text, expected) => {
    expect(await told(template(text))).toMatchObject({ heard: [expected], dead: [], undelivered: [] })
  })

  test('knows when the event came', async () => {
    const { heard } = await told(template('"<aws.events.event.ingestion-time>"'))
    expect(heard[0]).toMatch(/^"2030-01-01T00:0\d:\d\dZ"$/)
  })

  test.each([
    ['what is not there, out of quotes', '{"high": <high>}'],
    ['quotes in quotes', '{"text": "<hostile>"}'],
    ['a list in quotes', '{"text": "<tags>"}'],
  ])('whose JSON is broken by %s is not delivered, and the dead letters say why', async (_, text) => {
    const { heard, dead, undelivered } = await told(template(text))
    expect(heard).toEqual([])
    expect(undelivered).toMatchObject([{ rule: 'scans', code: 'INVALID_JSON', event: EVENT }])
    expect(dead.map(({ body }) => JSON.parse(body))).toEqual([EVENT])
    expect(dead[0]?.messageAttributes).toMatchObject({
      RULE_ARN: { stringValue: RULE },
      ERROR_CODE: { stringValue: 'INVALID_JSON' },
    })
  })

  test.each([
    ['a placeholder that nothing stands for', '"<unknown>"', /InputTransformer: .* invalid placeholder unknown/],
    ['text without quotes', 'scan of <repository>', /text has to be in quotes/],
    ['a placeholder as a key', '{<repository>: 1}', /no JSON/],
  ])('with %s is refused', async (_, text, message) => {
    await expect(deployed({ resources: stack(template(text)) })).rejects.toThrow(message)
  })

  test.each([
    [{ InputTransformer: { InputPathsMap: { a: "$.detail['x']" }, InputTemplate: '"<a>"' } }, /no path of EventBridge/],
    [{ InputTransformer: { InputPathsMap: { 'aws.x': '$' }, InputTemplate: '"x"' } }, /no name of a path/],
    [{ InputTransformer: {} }, /InputTemplate of 1 to 8192/],
    [{ InputPath: '$..x' }, /InputPath: .* does not know the path/],
    [{ InputPath: '$', Input: '{}' }, /only one of/],
  ])('%j is refused', async (target, message) => {
    await expect(deployed({ resources: stack(target) })).rejects.toThrow(message)
  })
})

test('an input path takes a part of the event, which has to be there', async () => {
  expect((await told({ InputPath: '$.detail.repository-name' })).heard).toEqual(['"web"'])
  expect((await told({ InputPath: '$.nowhere' })).undelivered).toMatchObject([{ code: 'INVALID_JSON' }])
})

describe('a topic', () => {
  const ofRule = (arn: string) => publishes({ Condition: { ArnEquals: { 'aws:SourceArn': arn } } })
  test.each([
    ['whose policy names the rule', ofRule(RULE), 1],
    ['whose policy names another rule', ofRule(`${RULE}-other`), 0],
    ['whose policy lets another service publish', publishes({ Principal: { Service: 's3.amazonaws.com' } }), 0],
    ['without a policy', {}, 0],
  ])('%s is told %#', async (_, policy, times) => {
    const { heard, dead, undelivered } = await told({}, policy)
    expect([heard.length, dead.length]).toEqual([times, 1 - times])
    expect(undelivered).toMatchObject(times === 1 ? [] : [{ code: 'NO_PERMISSIONS' }])
  })
})
