import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { dynamoMemory } from '../adapters/memory.ts'
import { signedAws, signedPost } from '../adapters/signed-aws.ts'
import { snsAlerts } from '../adapters/sns.ts'
import { logOutcome } from '../outcome.ts'
import { alertOnBatch } from './batch.ts'
import { alerts, environment } from './config.ts'
import type { Ports } from './ports.ts'

const env = environment()
let ports: Promise<Ports> | undefined

/** Loads the SDK client when the first event needs it: a quiet scan ends without. */
async function load(): Promise<Ports> {
  const { ecrImages } = await import('../adapters/ecr.ts')
  return {
    images: ecrImages(),
    memory: dynamoMemory(signedAws(), env.table),
    alerts: snsAlerts(signedPost(), env.topic),
  }
}

/** SQS batch of EventBridge events in, ids of the records that must come again out. */
export const handler = async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
  const { outcomes, again } = await alertOnBatch(Records, alerts, {
    ports: () => (ports ??= load()),
    now: () => new Date(),
  })
  for (const outcome of outcomes) logOutcome(outcome)
  return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) }
}
