import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signedPost } from '../../functions/adapters/signed-aws.ts'
import { snsAlerts } from '../../functions/adapters/sns.ts'
import { toPublish } from '../../functions/domain/publish.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { alert } from '../builders.ts'
import { envOf } from './env.ts'

let aws: LocalAws
let topic: string
const sender = (arn: string) => snsAlerts(signedPost(envOf(aws)), arn)

beforeAll(async () => {
  aws = await startLocalAws()
  topic = aws.sns.createTopic('alerts')
})
afterAll(() => aws.close())

describe('an alert on the topic', () => {
  test('arrives as it was made, in characters of every kind', async () => {
    const told = alert({ todo: 'Ünïcode & <tags> + % ＝ 🎉\nnew line' })
    await sender(topic).publish(told)
    const [published] = aws.sns.published()
    expect(published).toMatchObject({
      topicArn: topic,
      subject: '[CRITICAL] 1 critical in prod/api:1.4.2',
      messageStructure: 'json',
      message: toPublish(told).message,
    })
    expect(JSON.stringify(published?.attributes)).toContain('prod/api')
  })

  test('is not lost in silence', async () => {
    await expect(sender('arn:aws:sns:ap-northeast-1:123456789012:nowhere').publish(alert())).rejects.toMatchObject({
      name: 'AwsError',
      code: 'NotFound',
      transient: false,
    })
  })

  test('is tried again when SNS is busy', async () => {
    aws.faults.inject({ service: 'sns', times: 2, error: { code: 'Throttling', status: 400 } })
    const before = aws.sns.published().length
    await sender(topic).publish(alert())
    expect(aws.sns.published()).toHaveLength(before + 1)
  })
})
