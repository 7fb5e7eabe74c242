import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { ecrImages } from '../adapters/ecr.ts'
import { dynamoMemory } from '../adapters/memory.ts'
import { signedAws, signedPost } from '../adapters/signed-aws.ts'
import { snsAlerts } from '../adapters/sns.ts'
import { respond } from '../batch.ts'
import { environment } from '../environment.ts'
import { config } from './config.ts'
import { TIMEOUT_SECONDS } from './contract.ts'
import type { Ports } from './ports.ts'
import { alertOnBatch } from './scan-alert.ts'

const env = environment()

/** Milliseconds for one request to ECR: a page of a thousand findings takes its time. */
const PATIENCE = 8_000
/** Milliseconds that an image may take where ECR keeps it waiting, three times, and its alert. None is begun with less. */
const IMAGE_TAKES = 30_000
const ports: Ports = {
  images: ecrImages(signedAws(process.env, PATIENCE), env.region),
  memory: dynamoMemory(signedAws(), env.table, TIMEOUT_SECONDS),
  alerts: snsAlerts(signedPost(), env.topic),
}

/** SQS batch of EventBridge events in, ids of the records that must come again out. */
export const handler = async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  const deadline = Date.now() + context.getRemainingTimeInMillis() - IMAGE_TAKES
  return respond(await alertOnBatch(Records, config, { ports, now: () => new Date(), deadline }))
}
