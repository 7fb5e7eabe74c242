import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  PutItemCommand,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb'
import { DescribeImageReplicationStatusCommand, DescribeRepositoriesCommand } from '@aws-sdk/client-ecr'
import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { PublishCommand } from '@aws-sdk/client-sns'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { describe, expect, test } from 'vitest'
import { clientsOf, errorOf, withLocalAws } from './clients.ts'

const TABLE = {
  TableName: 'state',
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
  BillingMode: 'PAY_PER_REQUEST' as const,
}

const post = (url: string, headers: Record<string, string>, body: string): Promise<Response> =>
  fetch(url, { method: 'POST', headers, body })

describe('one port for all services', () => {
  test('DynamoDB keeps items and refuses a condition that does not hold', () =>
    withLocalAws(async (aws, { dynamo }) => {
      await aws.createTable(TABLE)
      const put = { TableName: 'state', Item: { pk: { S: 'a' } }, ConditionExpression: 'attribute_not_exists(pk)' }
      await dynamo.send(new PutItemCommand(put))
      expect((await errorOf(dynamo.send(new PutItemCommand(put)))).name).toBe('ConditionalCheckFailedException')
      const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: 'state' }))
      expect(Table?.TableStatus).toBe('ACTIVE')
      expect(aws.calls.map(({ operation, status, error }) => [operation, status, error])).toEqual([
        ['PutItem', 200, undefined],
        ['PutItem', 400, 'ConditionalCheckFailedException'],
        ['DescribeTable', 200, undefined],
      ])
    }))

  test('time to live and point-in-time recovery of a table are kept as settings', () =>
    withLocalAws(async (aws, { dynamo }) => {
      await aws.createTable(TABLE)
      const TableName = 'state'
      const ttl = async () =>
        (await dynamo.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription?.TimeToLiveStatus
      expect(await ttl()).toBe('DISABLED')
      const TimeToLiveSpecification = { Enabled: true, AttributeName: 'expires' }
      await dynamo.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }))
      expect(await ttl()).toBe('ENABLED')
      const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true }
      await dynamo.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }))
      const backups = await dynamo.send(new DescribeContinuousBackupsCommand({ TableName }))
      expect(backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe(
        'ENABLED',
      )
    }))

  test('STS says who calls', () =>
    withLocalAws(async (aws) => {
      const credential = 'Credential=AKIDREADER/20260301/ap-northeast-1/sts/aws4_request'
      const headers = {
        authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=0`,
        'content-type': 'application/x-www-form-urlencoded',
      }
      const answer = await (await post(aws.url, headers, 'Action=GetCallerIdentity&Version=2011-06-15')).text()
      expect(answer).toContain('<Arn>arn:aws:iam::123456789012:user/AKIDREADER</Arn>')
      expect(answer).toContain('<Account>123456789012</Account>')
    }))

  test('a secret is read by its name and never stands in the call history', () =>
    withLocalAws(async (aws, { secrets }) => {
      aws.secrets.put('slack/webhook', 'first-value')
      await secrets.send(new PutSecretValueCommand({ SecretId: 'slack/webhook', SecretString: 'second-value' }))
      const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: 'slack/webhook' }))
      expect(SecretString).toBe('second-value')
      expect(JSON.stringify(aws.calls)).not.toMatch(/first-value|second-value/)
    }))

  test('an operation that AWS has and the local AWS lacks says so', () =>
    withLocalAws(async (_, { ecr }) => {
      const { name, message } = await errorOf(
        ecr.send(new DescribeImageReplicationStatusCommand({ repositoryName: 'prod/api', imageId: { imageTag: '1' } })),
      )
      expect(name).toBe('UnknownOperationException')
      expect(message).toContain('does not have ecr:DescribeImageReplicationStatus yet')
    }))

  test('an operation that AWS does not have is unknown', () =>
    withLocalAws(async (aws) => {
      const target = { 'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.DescribeMoons' }
      const response = await post(aws.url, target, '{}')
      expect(response.status).toBe(400)
      expect(response.headers.get('x-amzn-errortype')).toBe('UnknownOperationException')
      expect(await response.json()).toMatchObject({ __type: 'com.amazonaws.ecr#UnknownOperationException' })
    }))

  test('a request for no known service is refused', () =>
    withLocalAws(async (aws) => {
      expect((await post(aws.url, {}, '')).status).toBe(400)
    }))
})

describe('strict inputs', () => {
  const target = 'AmazonEC2ContainerRegistry_V20150921.'
  test.each([
    ['an unknown field', 'DescribeImages', { repositoryName: 'app', maxResult: 1 }, /"maxResult", must be one of/],
    ['a missing field', 'DescribeImages', {}, /'repositoryName' failed to satisfy constraint: 'must not be null'/],
    ['null for a required field', 'DescribeImages', { repositoryName: null }, /must not be null/],
    ['a wrong type', 'DescribeImages', { repositoryName: 7 }, /repositoryName: number, where a string belongs/],
    [
      'a wrong type deep inside',
      'BatchGetImage',
      { repositoryName: 'ab', imageIds: [{ imageTag: [] }] },
      /imageIds\.1\.imageTag/,
    ],
  ])('%s is an error with the place of it', (_, operation, input, message) =>
    withLocalAws(async (aws) => {
      const response = await post(aws.url, { 'x-amz-target': target + operation }, JSON.stringify(input))
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ message: expect.stringMatching(message) })
    }),
  )

  test('a body that is not JSON is a SerializationException', () =>
    withLocalAws(async (aws) => {
      const response = await post(aws.url, { 'x-amz-target': `${target}DescribeImages` }, '{"repositoryName"')
      expect(response.headers.get('x-amzn-errortype')).toBe('SerializationException')
    }))
})

describe('faults', () => {
  test('a throttle strikes as often as it was told to and no longer', () =>
    withLocalAws(async (aws, { ecr }) => {
      const error = { code: 'ThrottlingException' }
      aws.faults.inject({ service: 'ecr', operation: 'DescribeRepositories', times: 2, error })
      for (const _ of [1, 2]) {
        expect((await errorOf(ecr.send(new DescribeRepositoriesCommand({})))).name).toBe('ThrottlingException')
      }
      expect((await ecr.send(new DescribeRepositoriesCommand({}))).repositories).toEqual([])
    }))

  test('a fault of one service leaves the others alone, and clear() ends it', () =>
    withLocalAws(async (aws, { ecr, secrets }) => {
      aws.faults.inject({
        service: 'secretsmanager',
        times: Number.POSITIVE_INFINITY,
        error: { code: 'InternalFailure' },
      })
      await ecr.send(new DescribeRepositoriesCommand({}))
      expect((await errorOf(secrets.send(new GetSecretValueCommand({ SecretId: 'x' })))).status).toBe(500)
      aws.faults.clear()
      expect((await errorOf(secrets.send(new GetSecretValueCommand({ SecretId: 'x' })))).status).toBe(400)
    }))

  test('a dropped connection reaches the client as a network error and the history as status 0', () =>
    withLocalAws(async (aws, { sqs, sns }) => {
      const queue = aws.sqs.create('in')
      aws.faults.inject({ service: 'sqs', error: { drop: true } })
      const { status } = await errorOf(sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'x' })))
      expect(status).toBeUndefined()
      expect(aws.calls.at(-1)).toMatchObject({
        service: 'sqs',
        operation: 'SendMessage',
        input: { MessageBody: 'x' },
        status: 0,
        error: 'dropped',
      })
      expect(queue.depth().visible).toBe(0)
      aws.faults.inject({ service: 'sns', error: { code: 'Throttled', status: 429 } })
      const topic = aws.sns.createTopic('t')
      expect((await errorOf(sns.send(new PublishCommand({ TopicArn: topic, Message: 'x' })))).status).toBe(429)
    }))

  test('a delay is served and then the call goes on', () =>
    withLocalAws(async (aws, { ecr }) => {
      aws.faults.inject({ service: 'ecr', error: { delayMs: 5 } })
      expect((await ecr.send(new DescribeRepositoriesCommand({}))).repositories).toEqual([])
    }))

  test('DynamoDB can be made to fail too', () =>
    withLocalAws(async (aws, { dynamo }) => {
      await aws.createTable(TABLE)
      aws.faults.inject({ service: 'dynamodb', error: { code: 'ProvisionedThroughputExceededException' } })
      const call = dynamo.send(new DescribeTableCommand({ TableName: 'state' }))
      expect((await errorOf(call)).name).toBe('ProvisionedThroughputExceededException')
    }))
})

describe('authorize', () => {
  test('a refused call is worded as AWS words it and names action and resource', () =>
    withLocalAws(async (aws) => {
      aws.ecr.createRepository({ repositoryName: 'prod/app' })
      aws.authorize = ({ accessKeyId, action }) =>
        accessKeyId === 'AKIDREADER' && action === 'ecr:DescribeRepositories'
          ? { allowed: true }
          : { allowed: false, reason: `no identity-based policy allows the ${action} action` }
      const reader = clientsOf(aws.url, aws.region, 'AKIDREADER')
      const stranger = clientsOf(aws.url, aws.region, 'AKIDOTHER')
      const command = () => new DescribeRepositoriesCommand({ repositoryNames: ['prod/app'] })
      expect((await reader.ecr.send(command())).repositories).toHaveLength(1)
      expect(await errorOf(stranger.ecr.send(command()))).toMatchObject({
        name: 'AccessDeniedException',
        message:
          'User: arn:aws:iam::123456789012:user/AKIDOTHER is not authorized to perform: ecr:DescribeRepositories on resource: arn:aws:ecr:ap-northeast-1:123456789012:repository/prod/app because no identity-based policy allows the ecr:DescribeRepositories action',
      })
    }))

  test('every service asks for its action on the right resource', () =>
    withLocalAws(async (aws, { sqs, sns, secrets, dynamo, ecr }) => {
      const asked: string[] = []
      const arn = aws.secrets.put('hook', 'v')
      await aws.createTable(TABLE)
      const queue = aws.sqs.create('in')
      const topic = aws.sns.createTopic('alerts')
      aws.authorize = ({ action, resource }) => {
        asked.push(`${action} ${resource}`)
        return { allowed: false, reason: 'of the test' }
      }
      const refusals = [
        await errorOf(sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'x' }))),
        await errorOf(sns.send(new PublishCommand({ TopicArn: topic, Message: 'x' }))),
        await errorOf(secrets.send(new GetSecretValueCommand({ SecretId: 'hook' }))),
        await errorOf(dynamo.send(new PutItemCommand({ TableName: 'state', Item: { pk: { S: 'a' } } }))),
        await errorOf(ecr.send(new DescribeRepositoriesCommand({}))),
      ]
      expect(asked).toEqual([
        `sqs:SendMessage ${queue.arn}`,
        `sns:Publish ${topic}`,
        `secretsmanager:GetSecretValue ${arn}`,
        'dynamodb:PutItem arn:aws:dynamodb:ap-northeast-1:123456789012:table/state',
        'ecr:DescribeRepositories *',
      ])
      expect(refusals.map(({ name }) => name)).toEqual([
        'AccessDeniedException',
        'AuthorizationErrorException',
        'AccessDeniedException',
        'AccessDeniedException',
        'AccessDeniedException',
      ])
    }))
})
