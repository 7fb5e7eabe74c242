import { setTimeout as pause } from 'node:timers/promises'
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { awsHands, writingCalls } from '../adapters/hands.ts'
import { imageReader } from '../adapters/image-reader.ts'
import { dynamoMemory } from '../adapters/memory.ts'
import { registryCalls } from '../adapters/registry-calls.ts'
import { type EcrRepositories, ecrRepositories } from '../adapters/repository-reader.ts'
import { signedAws, signedPost } from '../adapters/signed-aws.ts'
import { snsAlerts } from '../adapters/sns.ts'
import { dynamoTags } from '../adapters/tag-memory.ts'
import { respond } from '../batch.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { isWritten } from '../elsewhere.ts'
import { environment } from '../environment.ts'
import { homeOf } from '../home.ts'
import { ENV_EXTERNAL_ID } from '../in-use/contract.ts'
import { baseRepositoriesOf } from '../policy/image/bases.ts'
import { byRegistry } from '../policy/in-registry.ts'
import { config } from './config.ts'
import { TIMEOUT_SECONDS } from './contract.ts'
import type { JudgedIn, Ports } from './ports.ts'
import { checkBatch } from './push-check.ts'

/** Milliseconds that an image may take where ECR keeps it waiting. None is begun with less. */
const IMAGE_TAKES = 30_000
const { table, topic } = environment()
const { env } = process
const aws = signedAws()
const telling: Omit<Ports, 'registries'> = {
  pause,
  imageMemory: dynamoMemory(aws, table, TIMEOUT_SECONDS),
  repositoryMemory: dynamoMemory(aws, table, TIMEOUT_SECONDS),
  tags: dynamoTags(aws, table),
  alerts: snsAlerts(signedPost(), topic),
}

type Opened = JudgedIn & { readonly repositories: EcrRepositories }

/** Names its sessions in other accounts. */
const NAME = 'push-check'

/** Registries are read with the calls of each, and written to with others: in another account by a role of its own. */
function registriesAt(home: RegistryRef) {
  const caller = { env, home, externalId: env[ENV_EXTERNAL_ID] }
  const [readsOf, writesOf] = [registryCalls(caller, NAME), writingCalls(caller, NAME)]
  const bases = baseRepositoriesOf(config.policy)
  return byRegistry((registry): Opened => {
    const { region } = registry
    const reads = readsOf(registry)
    return {
      images: imageReader(reads, { region, endpoint: env.AWS_ENDPOINT_URL, bases }),
      repositories: ecrRepositories(reads, region),
      hands: awsHands(aws, region, table, writesOf(registry)),
      mayWrite: isWritten(registry, home, config.members),
    }
  })
}
let registries: ReturnType<typeof registriesAt> | undefined

/** SQS batch of EventBridge events in, ids of the records that must come again out. */
export const handler = async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  const deadline = Date.now() + context.getRemainingTimeInMillis() - IMAGE_TAKES
  const home = homeOf(context)
  registries ??= registriesAt(home)
  for (const { repositories } of registries.opened()) repositories.forget()
  const deps = { ports: { ...telling, registries: registries.at }, config, home, now: () => new Date(), deadline }
  return respond(await checkBatch(Records, deps))
}
