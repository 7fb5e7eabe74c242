import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { awsHands, writingCalls } from '../adapters/hands.ts'
import { dynamoMemory } from '../adapters/memory.ts'
import { registryCalls } from '../adapters/registry-calls.ts'
import { ecrRegistry } from '../adapters/registry-reader.ts'
import { type EcrRepositories, ecrRepositories } from '../adapters/repository-reader.ts'
import { signedAws, signedPost } from '../adapters/signed-aws.ts'
import { snsAlerts } from '../adapters/sns.ts'
import { respond } from '../batch.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { isWritten } from '../elsewhere.ts'
import { environment } from '../environment.ts'
import { homeOf } from '../home.ts'
import { ENV_EXTERNAL_ID } from '../in-use/contract.ts'
import { byRegistry, type InRegistry } from '../policy/in-registry.ts'
import { config } from './config.ts'
import { TIMEOUT_SECONDS } from './contract.ts'
import type { Ports } from './ports.ts'
import { watchBatch } from './watch.ts'

/** Milliseconds that a repository may take where ECR keeps it waiting. None is begun with less. */
const REPOSITORY_TAKES = 30_000
const { table, topic, region } = environment()
const aws = signedAws()
const { env } = process
const telling: Omit<Ports, 'registries'> = {
  registry: ecrRegistry(aws, region),
  memory: dynamoMemory(aws, table, TIMEOUT_SECONDS),
  incidents: dynamoMemory(aws, table, TIMEOUT_SECONDS),
  alerts: snsAlerts(signedPost(), topic),
}

type Opened = InRegistry & { readonly repositories: EcrRepositories }

/** Names its sessions in other accounts. */
const NAME = 'watch'

/** Registries are read with the calls of each, and written to with others: in another account by a role of its own. */
function registriesAt(home: RegistryRef) {
  const caller = { env, home, externalId: env[ENV_EXTERNAL_ID] }
  const [readsOf, writesOf] = [registryCalls(caller, NAME), writingCalls(caller, NAME)]
  return byRegistry(
    (registry): Opened => ({
      repositories: ecrRepositories(readsOf(registry), registry.region),
      hands: awsHands(aws, registry.region, table, writesOf(registry)),
      mayWrite: isWritten(registry, home, config.members),
    }),
  )
}
let registries: ReturnType<typeof registriesAt> | undefined

/** SQS batch of EventBridge events in, ids of the records that must come again out. */
export const handler = async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  const deadline = Date.now() + context.getRemainingTimeInMillis() - REPOSITORY_TAKES
  // What is watched is what changes: the scanning configuration that an earlier batch has read may be another by now.
  const home = homeOf(context)
  registries ??= registriesAt(home)
  for (const { repositories } of registries.opened()) repositories.forget()
  const deps = { ports: { ...telling, registries: registries.at }, config, home, now: () => new Date(), deadline }
  return respond(await watchBatch(Records, deps))
}
