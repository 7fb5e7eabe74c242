import { readFileSync } from 'node:fs'
import { App, Stack } from 'aws-cdk-lib'
import { type CfnTopic, Topic } from 'aws-cdk-lib/aws-sns'
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deadLetterQueue } from '../../../infra/queue.ts'
import { CompliantRepository } from '../../../infra/repository/compliant-repository.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { type Cloud, deployLocally } from '../../../local/runtime/cloud.ts'
import { stackOf } from '../stack-of.ts'
import { statementsOf } from '../synth.ts'

const NAME = 'team-a/worker'
const ARN = `arn:aws:ecr:ap-northeast-1:123456789012:repository/${NAME}`
const worker = { repositoryName: NAME, owner: 'team-a' }

const made = stackOf((stack) => {
  const { alerts } = new CompliantRepository(stack, 'Worker', { ...worker, alerts: {} })
  if (!alerts) throw new Error('there are no alerts')
  const web = { repositoryName: 'team-a/web', owner: 'team-a', alerts: { topic: alerts.topic } }
  expect(new CompliantRepository(stack, 'Web', web).alerts?.topic).toBe(alerts.topic)
  alerts.topic.addSubscription(new SqsSubscription(deadLetterQueue(stack, 'Heard'), { rawMessageDelivery: true }))
})
const idOf = (start: string) => String(Object.keys(made.resources).find((id) => id.startsWith(start)))
const topic = idOf('WorkerAlertsTopic')

type Scan = { readonly detail: { readonly 'repository-name'?: string } }

/** The first event of a sample, as if it were of the repository. */
function sample(file: string): Scan {
  const events: Scan | readonly Scan[] = JSON.parse(readFileSync(`events/${file}.json`, 'utf8'))
  const event = [events].flat()[0] as Scan
  const { 'repository-name': name } = event.detail
  if (name === undefined) return event
  return { ...event, detail: { ...event.detail, 'repository-name': name.startsWith('arn:') ? ARN : NAME } }
}

describe('a deployed rule', () => {
  let aws: LocalAws
  let cloud: Cloud
  beforeAll(async () => {
    aws = await startLocalAws()
    cloud = await deployLocally({ assembly: made.outdir, stack: 'User', aws })
  })
  afterAll(async () => {
    await cloud.close()
    await aws.close()
  })

  /** What the topic tells, up to the digest, and without what lies around it. */
  function toldOf(event: object): string | undefined {
    const heard = aws.sqs.list().find(({ name }) => name.includes('Heard'))
    const before = heard?.peek().length ?? 0
    cloud.put(event)
    const [message] = heard?.peek().slice(before) ?? []
    return (
      message &&
      /^"ECR scan of (.*), image sha256:[0-9a-f]{64}, account \d{12}, [a-z0-9-]+, [0-9TZ:-]+"$/s.exec(message.body)?.[1]
    )
  }

  it.each([
    ['basic-scan-critical', 'COMPLETE, findings {CRITICAL:6,HIGH:17,MEDIUM:12,LOW:6,INFORMATIONAL:1}, tags [1.4.2]'],
    ['basic-scan-high-only', 'COMPLETE, findings {HIGH:3,MEDIUM:1}, tags [5.12.0]'],
    ['basic-scan-several-tags', 'COMPLETE, findings {CRITICAL:1,HIGH:2}, tags [2.8.0,2.8,2,stable]'],
    ['basic-scan-tags-empty', 'COMPLETE, findings {HIGH:2,LOW:1}, tags []'],
    ['basic-scan-tags-absent', 'COMPLETE, findings {HIGH:2,LOW:1}, tags '],
    ['basic-scan-failed', 'FAILED, findings , tags [experimental]'],
    ['basic-scan-limit-exceeded', 'LIMIT_EXCEEDED, findings , tags [cuda12]'],
    [
      'enhanced-scan-and-findings',
      'INITIAL_SCAN_COMPLETE, findings {CRITICAL:15,MEDIUM:5,HIGH:15,LOW:2,TOTAL:37}, tags [7.3.0]',
    ],
  ])('tells of %s', (file, told) => {
    expect(toldOf(sample(file))).toBe(`${NAME}: ${told}`)
  })

  it.each([
    ...['basic-scan-clean', 'basic-scan-medium-only', 'basic-scan-counts-absent', 'basic-scan-in-progress'],
    ...['basic-scan-unsupported-index', 'basic-scan-unsupported-signature', 'enhanced-scan-clean'],
    ...['enhanced-finding-new-cve', 'enhanced-scan-of-lambda-function', 'push-with-tag'],
  ])('keeps silent about %s', (file) => {
    expect(cloud.put(sample(file)).rules).toEqual([])
  })

  it('is for its repository alone, also where another has the same topic', () => {
    const { detail, ...event } = sample('basic-scan-critical')
    const matched = (name: string) => cloud.put({ ...event, detail: { ...detail, 'repository-name': name } }).rules
    for (const name of [`${NAME}-2`, 'worker', `${ARN}-2`]) expect(matched(name)).toEqual([])
    expect(matched('team-a/web')).toEqual(['web/alerts/Rule'])
    expect(matched(NAME)).toEqual(['worker/alerts/Rule'])
    expect(cloud.undelivered()).toEqual([])
  })
})

it('puts what cannot be published for a day on a queue', () => {
  const [rule] = made.ofType('AWS::Events::Rule')
  expect(rule?.Properties.Targets).toMatchObject([
    {
      Arn: { Ref: topic },
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': [idOf('WorkerAlertsUndelivered'), 'Arn'] } },
      RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
    },
  ])
})

describe('the topic', () => {
  it('is encrypted with a key that EventBridge may use', () => {
    const key = made.one('AWS::KMS::Key')
    expect(made.one('AWS::SNS::Topic').Properties.KmsMasterKeyId).toEqual({
      'Fn::GetAtt': [idOf('WorkerAlertsKey'), 'Arn'],
    })
    expect(key.Properties.EnableKeyRotation).toBe(true)
    expect(statementsOf({ ...key, Properties: { PolicyDocument: key.Properties.KeyPolicy } })).toContainEqual({
      ...{ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*' },
      Principal: { Service: 'events.amazonaws.com' },
    })
  })

  it('takes TLS alone, and EventBridge may publish to it', () => {
    expect(statementsOf(made.one('AWS::SNS::TopicPolicy'))).toMatchObject([
      { Effect: 'Deny', Action: 'sns:Publish', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { Effect: 'Allow', Action: 'sns:Publish', Principal: { Service: 'events.amazonaws.com' } },
    ])
  })

  it.each([
    ['a FIFO topic', { fifo: true }, undefined, /^User\/Web: alerts\.topic: EventBridge publishes to no FIFO topic/],
    ['the key of AWS', {}, 'alias/aws/sns', /^User\/Web: alerts\.topic: it is encrypted with alias\/aws\/sns/],
  ])('may not be one with %s', (_, props, key, message) => {
    const stack = new Stack(new App(), 'User')
    const given = new Topic(stack, 'Topic', props)
    const { defaultChild } = given.node
    ;(defaultChild as CfnTopic).kmsMasterKeyId = key
    expect(() => new CompliantRepository(stack, 'Web', { ...worker, alerts: { topic: given } })).toThrow(message)
  })
})
