import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { awsHands } from '../adapters/hands.ts'
import { imageReader } from '../adapters/image-reader.ts'
import { dynamoMemory } from '../adapters/memory.ts'
import { ecrRepositories } from '../adapters/repository-reader.ts'
import { signedAws, signedPost } from '../adapters/signed-aws.ts'
import { snsAlerts } from '../adapters/sns.ts'
import { dynamoTags } from '../adapters/tag-memory.ts'
import { respond } from '../batch.ts'
import { environment } from '../environment.ts'
import { homeOf } from '../home.ts'
import { baseRepositoriesOf } from '../policy/image/bases.ts'
import { config } from './config.ts'
import { TIMEOUT_SECONDS } from './contract.ts'
import type { Ports } from './ports.ts'
import { checkBatch } from './push-check.ts'

/** Milliseconds that an image may take where ECR keeps it waiting. None is begun with less. */
const IMAGE_TAKES = 30_000
const { table, topic, region } = environment()
const aws = signedAws()
const repositories = ecrRepositories(aws, region)
const endpoint = process.env.AWS_ENDPOINT_URL
const ports: Ports = {
  images: imageReader(aws, { region, endpoint, bases: baseRepositoriesOf(config.policy) }),
  repositories,
  hands: awsHands(aws, region, table),
  imageMemory: dynamoMemory(aws, table, TIMEOUT_SECONDS),
  repositoryMemory: dynamoMemory(aws, table, TIMEOUT_SECONDS),
  tags: dynamoTags(aws, table),
  alerts: snsAlerts(signedPost(), topic),
}

/** SQS batch of EventBridge events in, ids of the records that must come again out. */
export const handler = async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  const deadline = Date.now() + context.getRemainingTimeInMillis() - IMAGE_TAKES
  repositories.forget()
  const deps = { ports, config, home: homeOf(context), now: () => new Date(), deadline }
  return respond(await checkBatch(Records, deps))
}
