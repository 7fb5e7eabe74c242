import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { dynamoMemory } from '../adapters/memory.ts'
import { openedRegistries } from '../adapters/opened-registries.ts'
import { ecrRegistry } from '../adapters/registry-reader.ts'
import { signedAws, signedPost } from '../adapters/signed-aws.ts'
import { snsAlerts } from '../adapters/sns.ts'
import { respond } from '../batch.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
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
const telling: Omit<Ports, 'registries'> = {
  registry: ecrRegistry(aws, region),
  memory: dynamoMemory(aws, table, TIMEOUT_SECONDS),
  incidents: dynamoMemory(aws, table, TIMEOUT_SECONDS),
  alerts: snsAlerts(signedPost(), topic),
}
const open = (home: RegistryRef) =>
  openedRegistries({ name: 'watch', env: process.env, home, table, aws, members: config.members }, () => ({}))
let registries: ReturnType<typeof open> | undefined

/** SQS batch of EventBridge events in, ids of the records that must come again out. */
export const handler = async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  const deadline = Date.now() + context.getRemainingTimeInMillis() - REPOSITORY_TAKES
  const home = homeOf(context)
  registries ??= open(home)
  // What is watched is what changes: the scanning configuration that an earlier batch has read may be another by now.
  registries.forget()
  const deps = { ports: { ...telling, registries: registries.at }, config, home, now: () => new Date(), deadline }
  return respond(await watchBatch(Records, deps))
}
