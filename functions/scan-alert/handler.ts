import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { logOutcome } from '../outcome.ts'
import { alertOnBatch } from './batch.ts'
import { alerts, environment } from './config.ts'
import type { Ports } from './ports.ts'

const env = environment()
let ports: Promise<Ports> | undefined

/** Loads the SDK clients when the first event needs them: a quiet scan ends without. */
async function load(): Promise<Ports> {
  const [{ ecrImages }, { dynamoMemory }, { snsAlerts }] = await Promise.all([
    import('../adapters/ecr.ts'),
    import('../adapters/memory.ts'),
    import('../adapters/sns.ts'),
  ])
  return { images: ecrImages(), memory: dynamoMemory(env.table), alerts: snsAlerts(env.topic) }
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
