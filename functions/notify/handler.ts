import { setTimeout as sleep } from 'node:timers/promises'
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { recordQueue } from '../adapters/record-queue.ts'
import { secretWebhooks } from '../adapters/secrets.ts'
import { dynamoSentState } from '../adapters/sent-state.ts'
import { signedAws } from '../adapters/signed-aws.ts'
import { slackWebhooks } from '../adapters/slack.ts'
import { logOutcome } from '../outcome.ts'
import { environment, secrets } from './config.ts'
import { notify } from './notify.ts'
import { pacer } from './pace.ts'
import type { Deps } from './ports.ts'

const env = environment()
const aws = signedAws()
const deps: Deps = {
  webhooks: secretWebhooks(aws, secrets),
  slack: slackWebhooks(env.slackEndpoint),
  sent: dynamoSentState(aws, env.table),
  queue: recordQueue(aws, env.queueUrl),
  time: { now: Date.now, sleep: (milliseconds) => sleep(milliseconds) },
  pace: pacer(env.pace, Date.now),
}
const channels = new Set(secrets.keys())

/** SQS batch of alerts in, ids of the records that must come again out. */
export const handler = async ({ Records: records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  const deadline = Date.now() + context.getRemainingTimeInMillis()
  const { outcomes, again } = await notify({ records, channels, deadline }, deps)
  for (const outcome of outcomes) logOutcome(outcome)
  return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) }
}
