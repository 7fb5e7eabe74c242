import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dynamoRequirements, Tables } from '../../../local/aws/dynamodb.ts'
import { matchesWildcard } from '../../../local/aws/ecr/wildcard.ts'
import type { Shape } from '../../../local/aws/protocol/shape.ts'
import { toXml } from '../../../local/aws/protocol/xml.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'

describe('a tag pattern', () => {
  test.each([
    ['latest', 'latest', true],
    ['latest', 'latest2', false],
    ['*', '', true],
    ['v*', 'v1', true],
    ['v*-rc*', 'v1-rc2', true],
    ['v*-rc*', 'v1', false],
    ['a*b*c', 'abc', true],
    ['a*bb*b', 'abb', false],
    ['a*a', 'a', false],
  ])('%s against %s', (pattern, text, fits) => {
    expect(matchesWildcard(pattern, text)).toBe(fits)
  })

  test('fits as the regular expression that it stands for', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 })
    const texts = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 })
    fc.assert(
      fc.property(words, texts, (pattern, text) => {
        expect(matchesWildcard(pattern, text)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text))
      }),
    )
  })
})

describe('a value in XML', () => {
  const text: Shape = { kind: 'string' }
  const structure = (members: Record<string, Shape>): Shape => ({
    kind: 'structure',
    name: 'Answer',
    members: new Map(Object.entries(members).map(([name, shape]) => [name, () => shape])),
    required: new Set(),
    flattened: new Set(),
    bindings: new Map(),
  })

  test('is escaped, and loses what XML cannot hold', () => {
    expect(toXml(text, `<a href="x">&'\r\u0000`)).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&apos;&#13;\ufffd')
  })

  test('is written by its kind', () => {
    expect(toXml({ kind: 'list', member: () => text }, ['a', 'b'])).toBe('<member>a</member><member>b</member>')
    const map: Shape = { kind: 'map', keyName: 'Name', valueName: 'Value', value: () => text }
    expect(toXml(map, { k: 'v' })).toBe('<entry><Name>k</Name><Value>v</Value></entry>')
    expect(toXml({ kind: 'timestamp' }, new Date(0))).toBe('1970-01-01T00:00:00.000Z')
    expect(toXml({ kind: 'timestamp' }, 'soon')).toBe('soon')
    expect(toXml({ kind: 'blob' }, new Uint8Array([1, 2]))).toBe('AQI=')
    expect(toXml({ kind: 'blob' }, 'AQI=')).toBe('AQI=')
    expect(toXml({ kind: 'boolean' }, true)).toBe('true')
    expect(toXml(structure({ A: text, B: text }), { A: 'x', B: undefined })).toBe('<A>x</A>')
  })

  test('that AWS does not have fails loudly', () => {
    expect(() => toXml(structure({ A: text }), { C: 'x' })).toThrow("which AWS's model of Answer lacks")
  })
})

describe('what dynalite lacks', () => {
  test('is kept as a setting', () => {
    const tables = new Tables()
    const ask = (operation: string, input: object = {}) => tables.answer(operation, { TableName: 't', ...input })
    expect(ask('DescribeTimeToLive')).toBeUndefined()
    const on = { TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires' } }
    expect(ask('UpdateTimeToLive', on)).toEqual(on)
    expect(ask('DescribeTimeToLive')).toEqual({
      TimeToLiveDescription: { AttributeName: 'expires', TimeToLiveStatus: 'ENABLED' },
    })
    ask('UpdateTimeToLive', { TimeToLiveSpecification: { Enabled: false, AttributeName: 'expires' } })
    expect(ask('DescribeTimeToLive')).toBeUndefined()
    expect(() => ask('UpdateTimeToLive')).toThrow('needs Enabled and AttributeName')
    expect(JSON.stringify(ask('DescribeContinuousBackups'))).toContain('"PointInTimeRecoveryStatus":"DISABLED"')
    ask('UpdateContinuousBackups', { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } })
    expect(JSON.stringify(ask('DescribeContinuousBackups'))).toContain('"PointInTimeRecoveryStatus":"ENABLED"')
    expect(JSON.stringify(ask('UpdateContinuousBackups'))).toContain('"PointInTimeRecoveryStatus":"DISABLED"')
    expect(ask('PutItem')).toBeUndefined()
  })

  test('needs the permission of each table that a call names', () => {
    const arnOf = (table: string) => `arn:${table}`
    const on = (input: object) => dynamoRequirements('Query', input as Record<string, unknown>, arnOf)
    expect(on({ TableName: 't' })).toEqual([{ action: 'dynamodb:Query', resource: 'arn:t' }])
    expect(on({ TableName: 'arn:x', IndexName: 'i' })).toEqual([
      { action: 'dynamodb:Query', resource: 'arn:x/index/i' },
    ])
    expect(on({ RequestItems: { a: [], b: [] } })).toHaveLength(2)
    expect(on({})).toEqual([{ action: 'dynamodb:Query', resource: '*' }])
  })
})

describe('a batch of messages', () => {
  let aws: LocalAws
  let client: SQSClient
  let QueueUrl: string
  beforeAll(async () => {
    aws = await startLocalAws()
    QueueUrl = aws.sqs.create('work').url
    client = new SQSClient({
      endpoint: aws.url,
      region: aws.region,
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    })
  })
  afterAll(async () => {
    client.destroy()
    await aws.close()
  })
  const send = (Entries: { Id: string; MessageBody: string; DelaySeconds?: number }[]) =>
    client.send(new SendMessageBatchCommand({ QueueUrl, Entries }))
  const entries = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ Id: `m${n}`, MessageBody: `body ${n}` }))

  test.each([
    ['none', [], 'EmptyBatchRequest'],
    ['eleven', entries(11), 'TooManyEntriesInBatchRequest'],
    ['an odd id', [{ Id: 'a b', MessageBody: 'x' }], 'InvalidBatchEntryId'],
    [
      'one id twice',
      [
        { Id: 'a', MessageBody: 'x' },
        { Id: 'a', MessageBody: 'y' },
      ],
      'BatchEntryIdsNotDistinct',
    ],
    ['too much', entries(2).map((entry) => ({ ...entry, MessageBody: 'x'.repeat(600_000) })), 'BatchRequestTooLong'],
  ])('of %s is refused as a whole', async (_, batch, name) => {
    await expect(send(batch)).rejects.toMatchObject({ name })
  })

  test('is done entry by entry', async () => {
    const sent = await send([...entries(2), { Id: 'late', MessageBody: 'x', DelaySeconds: 9_999 }])
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['m0', 'm1'])
    expect(sent.Failed).toMatchObject([{ Id: 'late', SenderFault: true }])
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))
    const Entries = Messages.map(({ ReceiptHandle = '' }, n) => ({ Id: `r${n}`, ReceiptHandle }))
    const hidden = await client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: Entries.map((entry) => ({ ...entry, VisibilityTimeout: 60 })),
      }),
    )
    expect(hidden.Successful).toHaveLength(2)
    const deleted = await client.send(
      new DeleteMessageBatchCommand({ QueueUrl, Entries: [...Entries, { Id: 'odd', ReceiptHandle: 'nonsense' }] }),
    )
    expect(deleted.Successful).toHaveLength(2)
    expect(deleted.Failed).toMatchObject([{ Id: 'odd' }])
  })
})
