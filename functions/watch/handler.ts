import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { awsHands } from '../adapters/hands.ts'
import { dynamoMemory } from '../adapters/memory.ts'
import { ecrRegistry } from '../adapters/registry-reader.ts'
import { ecrRepositories } from '../adapters/repository-reader.ts'
import { signedAws, signedPost } from '../adapters/signed-aws.ts'
import { snsAlerts } from '../adapters/sns.ts'
import { respond } from '../batch.ts'
import { environment } from '../environment.ts'
import { homeOf } from '../home.ts'
import { config } from './config.ts'
import { TIMEOUT_SECONDS } from './contract.ts'
import type { Ports } from './ports.ts'
import { watchBatch } from './watch.ts'

/** Milliseconds that a repository may take where ECR keeps it waiting. None is begun with less. */
const REPOSITORY_TAKES = 30_000
const { table, topic, region } = environment()
const aws = signedAws()
const repositories = ecrRepositories(aws, region)
const ports: Ports = {
  repositories,
  registry: ecrRegistry(aws, region),
  hands: awsHands(aws, region, table),
  memory: dynamoMemory(aws, table, TIMEOUT_SECONDS),
  incidents: dynamoMemory(aws, table, TIMEOUT_SECONDS),
  alerts: snsAlerts(signedPost(), topic),
}

/** SQS batch of EventBridge events in, ids of the records that must come again out. */
export const handler = async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  const deadline = Date.now() + context.getRemainingTimeInMillis() - REPOSITORY_TAKES
  // What is watched is what changes: the scanning configuration that an earlier batch has read may be another by now.
  repositories.forget()
  const deps = { ports, config, home: homeOf(context), now: () => new Date(), deadline }
  return respond(await watchBatch(Records, deps))
}
