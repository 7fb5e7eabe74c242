import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { ENV_TABLE } from '../../functions/contract.ts'
import { ENV_PACE_MS, ENV_QUEUE_URL, ENV_SLACK_ENDPOINT } from '../../functions/notify/contract.ts'
import type { Outcome } from '../../functions/outcome.ts'
import { type LocalAws, type Queue, type QueueMessage, startLocalAws } from '../../local/aws/server.ts'
import { type SlackSink, startSlackSink } from '../../local/slack/sink.ts'
import { createStateTable } from '../state-table.ts'
import { bundleNotify } from './bundle.ts'

export const CHANNELS = {
  security: { secret: 'ecr-steward/slack/security' },
  team: { secret: 'ecr-steward/slack/team' },
}

/** What one batch came to. `failures`: ids of the records that were given back. */
export type Run = { readonly outcomes: readonly Outcome[]; readonly failures: readonly string[] }

/** The real bundle in a process of its own, between the emulated AWS and the Slack sink. */
export type Rig = {
  readonly aws: LocalAws
  readonly slack: SlackSink
  readonly queue: Queue
  /** Bytes of the bundle. */
  readonly bytes: number
  /** Puts the bodies on the queue and hands what it then has to the function, as one batch. */
  deliver(...bodies: readonly unknown[]): Promise<Run>
  /** A new process, which remembers nothing. */
  restart(): void
  close(): Promise<void>
}

const TABLE = 'steward'

export const toRecord = ({ messageId, receiptHandle, body, attributes }: QueueMessage) => ({
  ...{ messageId, receiptHandle, body, attributes },
  ...{ messageAttributes: {}, md5OfBody: '', eventSource: 'aws:sqs', eventSourceARN: '', awsRegion: '' },
})

export async function startAws(slack: SlackSink): Promise<LocalAws> {
  const aws = await startLocalAws()
  await createStateTable(aws, TABLE)
  for (const [channel, { secret }] of Object.entries(CHANNELS)) aws.secrets.put(secret, slack.webhook(channel))
  return aws
}

export const environmentOf = (aws: LocalAws, slack: SlackSink, queue: Queue): NodeJS.ProcessEnv => ({
  AWS_REGION: aws.region,
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_ENDPOINT_URL: aws.url,
  [ENV_TABLE]: TABLE,
  [ENV_QUEUE_URL]: queue.url,
  [ENV_SLACK_ENDPOINT]: slack.url,
  [ENV_PACE_MS]: '0',
})

/** @param env variables that differ from those of a local run */
export async function startRig(env: NodeJS.ProcessEnv = {}): Promise<Rig> {
  const [{ path, bytes }, slack] = await Promise.all([bundleNotify({ channels: CHANNELS }), startSlackSink()])
  const aws = await startAws(slack)
  const queue = aws.sqs.create('alerts', { VisibilityTimeout: '180' })
  const spawn = (): ChildProcess =>
    fork('test/notify/invoke.ts', [path], { env: { ...environmentOf(aws, slack, queue), ...env } })
  let child = spawn()

  return {
    ...{ aws, slack, queue, bytes },
    async deliver(...bodies) {
      for (const body of bodies) queue.send(typeof body === 'string' ? body : JSON.stringify(body))
      const messages = queue.receive(10)
      child.send({ Records: messages.map(toRecord) })
      const [{ batchItemFailures, lines }] = await once(child, 'message')
      const failures = batchItemFailures.map(({ itemIdentifier }: { itemIdentifier: string }) => itemIdentifier)
      for (const { messageId, receiptHandle } of messages)
        if (!failures.includes(messageId)) queue.delete(receiptHandle)
      return { outcomes: lines, failures }
    },
    restart() {
      child.kill()
      child = spawn()
    },
    async close() {
      child.kill()
      await Promise.all([aws.close(), slack.close()])
    },
  }
}
