import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { ecrImages, imagesOf } from '../adapters/ecr.ts'
import { dynamoMemory } from '../adapters/memory.ts'
import { registryCalls } from '../adapters/registry-calls.ts'
import { signedAws, signedPost } from '../adapters/signed-aws.ts'
import { snsAlerts } from '../adapters/sns.ts'
import { respond } from '../batch.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { isRead } from '../elsewhere.ts'
import { environment } from '../environment.ts'
import { homeOf } from '../home.ts'
import { ENV_EXTERNAL_ID } from '../in-use/contract.ts'
import { config } from './config.ts'
import { TIMEOUT_SECONDS } from './contract.ts'
import type { Ports } from './ports.ts'
import { alertOnBatch } from './scan-alert.ts'

const { table, topic } = environment()
const { env } = process

/** Milliseconds for one request to ECR: a page of a thousand findings takes its time. */
const PATIENCE = 8_000
/** Milliseconds that an image may take where ECR keeps it waiting, three times, and its alert. None is begun with less. */
const IMAGE_TAKES = 30_000
const telling: Omit<Ports, 'images'> = {
  memory: dynamoMemory(signedAws(), table, TIMEOUT_SECONDS),
  alerts: snsAlerts(signedPost(), topic),
}

/** Each image is read in its own registry; where that is none of ours, the own one says so. */
function portsAt(home: RegistryRef): Ports {
  const callsOf = registryCalls({ env, home, externalId: env[ENV_EXTERNAL_ID] }, 'scan-alert', PATIENCE)
  const at = (registry: RegistryRef) => ecrImages(callsOf(registry), registry.region, config.bases)
  return { ...telling, images: imagesOf((image) => at(isRead(image, home, config.sweep) ? image : home)) }
}
let ports: Ports | undefined

/** SQS batch of EventBridge events in, ids of the records that must come again out. */
export const handler = async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  ports ??= portsAt(homeOf(context))
  const deadline = Date.now() + context.getRemainingTimeInMillis() - IMAGE_TAKES
  return respond(await alertOnBatch(Records, config, { ports, now: () => new Date(), deadline }))
}
