import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { LocalAws, Queue } from '../../local/aws/server.ts'
import { type SlackSink, startSlackSink } from '../../local/slack/sink.ts'
import { alert } from './alerts.ts'
import { CHANNELS, environmentOf, startAws, toRecord } from './rig.ts'

/** The handler from its sources, in this process, so that every branch of it can be counted. */
let aws: LocalAws
let slack: SlackSink
let queue: Queue
let handler: (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>

beforeAll(async () => {
  slack = await startSlackSink()
  aws = await startAws(slack)
  queue = aws.sqs.create('alerts', { VisibilityTimeout: '180' })
  for (const [name, value] of Object.entries(environmentOf(aws, slack, queue))) vi.stubEnv(name, value)
  vi.stubGlobal('STEWARD_CONFIG', { channels: CHANNELS })
  handler = (await import('../../functions/notify/handler.ts')).handler
})

afterAll(async () => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
  await Promise.all([aws.close(), slack.close()])
})

/** Outcomes of a batch, as `outcome: reason`; every record is taken off the queue afterwards. */
async function outcomesOf(bodies: readonly unknown[], receives = 1): Promise<string[]> {
  const lines: string[] = []
  const spies = (['info', 'warn', 'error'] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation(({ outcome, reason }) => void lines.push(`${outcome}: ${reason}`)),
  )
  for (const body of bodies) queue.send(typeof body === 'string' ? body : JSON.stringify(body))
  const messages = queue.receive(10)
  const records = messages.map((message) =>
    toRecord({ ...message, attributes: { ApproximateReceiveCount: `${receives}` } }),
  )
  const context = { getRemainingTimeInMillis: () => 30_000 } as Context
  await handler({ Records: records } as unknown as SQSEvent, context)
  for (const { receiptHandle } of messages) queue.delete(receiptHandle)
  for (const spy of spies) spy.mockRestore()
  return lines.toSorted()
}

let last = 0
const fresh = (changes: Parameters<typeof alert>[0] = {}) => alert({ id: `one-${++last}`, ...changes })

describe('a batch', () => {
  test('of good, repeated, unwanted and broken records has an outcome for each', async () => {
    const one = fresh()
    const bodies = [one, one, fresh({ channels: [] }), 'null', '{', fresh({ channels: ['gone'] }), { version: 2 }]
    expect(await outcomesOf(bodies)).toEqual([
      'invalid: channels: no channel "gone" in the configuration',
      'invalid: the body is not JSON',
      'invalid: the body: expected Object, found null',
      expect.stringMatching(/^invalid: version: expected 1, found 2; id: missing; kind: missing; .*; and \d+ more$/),
      'no-channel: no Slack channel wants it',
      'repeated: already in the channel',
      'sent: posted',
    ])
  })

  test('stops asking a channel that Slack limits', async () => {
    slack.respondWith('security', { status: 429, body: '', headers: { 'Retry-After': '9' } })
    expect(await outcomesOf([fresh(), fresh()])).toEqual(Array(2).fill('retry: Slack wants no more for 9 s'))
  })

  test('stops asking a channel that is gone', async () => {
    slack.respondWith('security', { status: 404, body: 'no_service' })
    expect(await outcomesOf([fresh(), fresh()])).toEqual(Array(2).fill('channel-broken: Slack refuses: no_service'))
  })

  test('goes on with a channel that refused one message', async () => {
    slack.respondWith('security', { status: 400, body: 'invalid_payload' })
    expect(await outcomesOf([fresh(), fresh()])).toEqual([
      'channel-broken: Slack refuses: invalid_payload',
      'sent: posted',
    ])
  })

  test('is posted as plain text where the layout is refused', async () => {
    slack.respondWith('security', { status: 400, body: 'invalid_blocks' })
    expect(await outcomesOf([fresh()])).toEqual([
      'sent: posted as plain text: Slack refused the layout (invalid_blocks)',
    ])
  })

  test('is posted to the webhook that replaced another', async () => {
    await outcomesOf([fresh()])
    aws.secrets.put(CHANNELS.security.secret, slack.webhook('renewed'))
    slack.respondWith('security', { status: 410, body: 'channel_is_archived' })
    expect(await outcomesOf([fresh()])).toEqual(['sent: posted'])
  })

  test('waits for a table that does not answer, but not for ever', async () => {
    const fault = { service: 'dynamodb', times: 3, error: { code: 'InternalServerError', status: 500 } }
    aws.faults.inject(fault)
    expect(await outcomesOf([fresh()])).toEqual(['retry: the state table does not answer: InternalServerError'])
    aws.faults.inject(fault)
    expect(await outcomesOf([fresh()], 5)).toEqual(['sent: posted, not marked as sent: told without a claim'])
  })

  test('whose secret says nothing useful is told apart from one that cannot be read now', async () => {
    const { secret } = CHANNELS.team
    slack.respondWith('team', { status: 404, body: 'no_service' })
    aws.secrets.put(secret, 'a word')
    expect(await outcomesOf([fresh({ channels: ['team'] })])).toEqual(['channel-broken: Slack refuses: no_service'])
    expect(await outcomesOf([fresh({ channels: ['team'] })])).toEqual([
      `channel-broken: secret ${secret} holds neither a URL nor {"url": "…"}`,
    ])
    aws.faults.inject({ service: 'secretsmanager', times: 3, error: { code: 'InternalServiceError', status: 500 } })
    expect(await outcomesOf([fresh({ channels: ['team'] })])).toEqual([
      `retry: secret ${secret} could not be read: InternalServiceError`,
    ])
  })

  test('survives a queue that will not hide a record', async () => {
    slack.respondWith('renewed', { status: 503, body: '' })
    aws.faults.inject({
      service: 'sqs',
      operation: 'ChangeMessageVisibility',
      times: 3,
      error: { code: 'x', status: 500 },
    })
    expect(await outcomesOf([fresh()])).toEqual(['retry: Slack did not take it: http_503'])
  })
})
