import { setTimeout as pause } from 'node:timers/promises'
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { evidenceWhenNeeded } from '../adapters/evidence-reading.ts'
import { imageReader } from '../adapters/image-reader.ts'
import { dynamoMemory } from '../adapters/memory.ts'
import { openedRegistries } from '../adapters/opened-registries.ts'
import { signedAws, signedPost } from '../adapters/signed-aws.ts'
import { snsAlerts } from '../adapters/sns.ts'
import { tagHands } from '../adapters/tag-hands.ts'
import { dynamoTags } from '../adapters/tag-memory.ts'
import { respond } from '../batch.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { environment } from '../environment.ts'
import { homeOf } from '../home.ts'
import { baseRepositoriesOf } from '../policy/image/bases.ts'
import { config } from './config.ts'
import { TIMEOUT_SECONDS } from './contract.ts'
import { isForGood } from './image-state.ts'
import type { Ports } from './ports.ts'
import { checkBatch } from './push-check.ts'

/** Milliseconds that an image may take where ECR keeps it waiting. None is begun with less. */
const IMAGE_TAKES = 30_000
const { table, topic } = environment()
const aws = signedAws()
const telling: Omit<Ports, 'registries'> = {
  ...{ pause, table, tags: dynamoTags(aws, table), alerts: snsAlerts(signedPost(), topic) },
  imageMemory: dynamoMemory(aws, table, TIMEOUT_SECONDS, isForGood),
  repositoryMemory: dynamoMemory(aws, table, TIMEOUT_SECONDS),
}

/** Whether a rule asks for signatures or SBOMs: without it, what reads them is not in the bundle. */
declare const STEWARD_EVIDENCE: boolean

/** Keys of KMS are read as the function itself, which was given the right to, whatever registry is pushed to. */
const evidence = STEWARD_EVIDENCE && config.vouching ? evidenceWhenNeeded(config.vouching, aws) : undefined

function open(home: RegistryRef) {
  const [{ env }, bases] = [process, baseRepositoriesOf(config.policy)]
  const opening = { name: 'push-check', env, home, table, aws, members: config.members }
  return openedRegistries(opening, (reads, { region }, writes) => ({
    images: imageReader(reads, { region, endpoint: env.AWS_ENDPOINT_URL, bases, evidence }),
    tags: tagHands(reads, writes, region),
  }))
}
let registries: ReturnType<typeof open> | undefined

/** SQS batch of EventBridge events in, ids of the records that must come again out. */
export const handler = async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  const deadline = Date.now() + context.getRemainingTimeInMillis() - IMAGE_TAKES
  const home = homeOf(context)
  registries ??= open(home)
  registries.forget()
  const deps = { ports: { ...telling, registries: registries.at }, config, home, now: () => new Date(), deadline }
  return respond(await checkBatch(Records, deps))
}
