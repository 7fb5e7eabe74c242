import type { Context } from 'aws-lambda'
import { ecrHoldings } from '../adapters/holdings.ts'
import { inUseSources, readInventory } from '../adapters/in-use.ts'
import { createPace } from '../adapters/pace.ts'
import { ecrRegistry } from '../adapters/registry-reader.ts'
import { ecrHands } from '../adapters/removal-hands.ts'
import { s3Store } from '../adapters/s3-store.ts'
import { signedAws, signedPost, signedSend } from '../adapters/signed-aws.ts'
import { snsAlerts } from '../adapters/sns.ts'
import { homeOf } from '../home.ts'
import { ENV_EXTERNAL_ID } from '../in-use/contract.ts'
import { writeMetrics } from '../metrics.ts'
import { logOutcome } from '../outcome.ts'
import { config as policy } from './config.ts'
import { storePrefix } from './contract.ts'
import { runCleanUp } from './run.ts'
import { scheduledTime, settings } from './scheduled.ts'

/** Milliseconds that a batch, the report and the marks may take. */
const LAST_BATCH = 120_000
/** Milliseconds of one attempt: a page of a thousand images takes its time. */
const TIMEOUT = 20_000
const now = (): Date => new Date()

/** One run on schedule. What it throws, Lambda starts again: twice, then an alarm rings. */
export const handler = async (event: unknown, context: Context): Promise<void> => {
  const { bucket, topic } = settings()
  const registry = homeOf(context)
  const patience = { attempts: 10, pace: createPace() }
  const aws = signedAws(process.env, TIMEOUT, patience)
  const caller = { ...registry, externalId: process.env[ENV_EXTERNAL_ID] }
  const sources = inUseSources({ env: process.env, patience, registry, caller, policy: policy.inUse })
  const { outcome, metrics } = await runCleanUp(scheduledTime(event), {
    ...{ policy, registry, now, who: `Lambda function ${context.functionName}`, run: context.awsRequestId },
    store: s3Store(signedSend(), bucket, storePrefix(registry)),
    holdings: ecrHoldings(aws, registry.region),
    hands: policy.mode === 'apply' ? ecrHands(aws, registry.region) : undefined,
    readInventory: () => readInventory(sources, now),
    registryPolicy: () => ecrRegistry(aws, registry.region).policy(registry),
    alerts: snsAlerts(signedPost(), topic),
    until: new Date(Date.now() + context.getRemainingTimeInMillis() - LAST_BATCH),
  })
  if (metrics) writeMetrics(metrics, now())
  logOutcome(outcome)
}
