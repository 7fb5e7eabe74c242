import type { Context } from 'aws-lambda'
import { eventQueue } from '../adapters/event-queue.ts'
import { registryAccess } from '../adapters/registry-access.ts'
import { s3Store } from '../adapters/s3-store.ts'
import { securityHub } from '../adapters/security-hub.ts'
import { signedAws, signedPost, signedRest, signedSend } from '../adapters/signed-aws.ts'
import { snsAlerts } from '../adapters/sns.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { homeOf } from '../home.ts'
import { writeMetrics } from '../metrics.ts'
import { logOutcome } from '../outcome.ts'
import { config } from './config.ts'
import { SWEEP_PREFIX, type SweepEvent } from './contract.ts'
import { createHub } from './hub.ts'
import { settings } from './settings.ts'
import { createSteps, reportIn, shareOf } from './steps.ts'

/** Milliseconds of one attempt: the records of a batch are some megabytes. */
const TIMEOUT = 20_000
const { bucket, topic, scanQueue, pushQueue, externalId } = settings()
const { env } = process
const now = (): Date => new Date()
const queueAt = (url: string | undefined) => (url === undefined ? undefined : eventQueue(signedAws(env, TIMEOUT), url))

function stepsAt(home: RegistryRef) {
  const store = s3Store(signedSend(env, TIMEOUT), bucket, SWEEP_PREFIX)
  const open = registryAccess({ env, home, externalId, config, now, rate: shareOf(config.sweep.rate) })
  const world = { config, home, now, store, open }
  return createSteps({
    ...{ ...world, reportUrl: reportIn(bucket, home) },
    queues: { scans: queueAt(scanQueue), pushes: queueAt(pushQueue) },
    alerts: snsAlerts(signedPost(env, TIMEOUT), topic),
    hub: config.sweep.securityHub ? createHub(securityHub(signedRest(env, TIMEOUT)), world) : undefined,
  })
}
let steps: ReturnType<typeof stepsAt> | undefined

/** One step of a sweep, as the state machine asks for it. What it throws, the machine tries again. */
export const handler = async (event: SweepEvent, context: Context): Promise<object> => {
  steps ??= stepsAt(homeOf(context))
  const { answer, outcome, metrics } = await steps(event)
  if (metrics) writeMetrics(metrics, now())
  logOutcome(outcome)
  return answer
}
