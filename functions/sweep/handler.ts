import type { Context } from 'aws-lambda'
import { eventQueues } from '../adapters/event-queue.ts'
import { evidenceWhenNeeded, readStoredSbom } from '../adapters/evidence-reading.ts'
import { registryAccess } from '../adapters/registry-access.ts'
import { s3Store } from '../adapters/s3-store.ts'
import { securityHub } from '../adapters/security-hub.ts'
import { signedAws, signedPost, signedRest, signedSend } from '../adapters/signed-aws.ts'
import { snsAlerts } from '../adapters/sns.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { homeOf } from '../home.ts'
import { config } from './config.ts'
import { SWEEP_PREFIX, type SweepEvent } from './contract.ts'
import { settings } from './settings.ts'
import { createSteps, reportIn, shareOf, tellRan } from './steps.ts'

/** Milliseconds of one attempt: the records of a batch are some megabytes. */
const TIMEOUT = 20_000
const { bucket, topic, queues, externalId, sbomKey } = settings()
const { env } = process
const now = (): Date => new Date()

/** Whether something asks for signatures or SBOMs: without it, what reads them is not in the bundle. */
declare const STEWARD_EVIDENCE: boolean

/** Keys of KMS are read as the function itself, which was given the right to, whatever registry is swept. */
const evidence =
  STEWARD_EVIDENCE && config.vouching ? evidenceWhenNeeded(config.vouching, signedAws(env, TIMEOUT)) : undefined

/** Where Inspector exports to; undefined where it is not asked. */
const exports = sbomKey === undefined ? undefined : { bucket, key: sbomKey }
const readSbom = STEWARD_EVIDENCE && exports ? readStoredSbom : undefined

const stepsAt = (home: RegistryRef) =>
  createSteps({
    ...{ config, home, now, readSbom, reportUrl: reportIn(bucket, home) },
    store: s3Store(signedSend(env, TIMEOUT), bucket, SWEEP_PREFIX),
    open: registryAccess({ env, home, externalId, config, now, evidence, exports, rate: shareOf(config.sweep.rate) }),
    queues: eventQueues(signedAws(env, TIMEOUT), queues),
    alerts: snsAlerts(signedPost(env, TIMEOUT), topic),
    securityHub: securityHub(signedRest(env, TIMEOUT)),
  })
let steps: ReturnType<typeof stepsAt> | undefined

/** One step of a sweep, as the state machine asks for it. What it throws, the machine tries again. */
export const handler = async (event: SweepEvent, context: Context): Promise<object> => {
  steps ??= stepsAt(homeOf(context))
  return tellRan(await steps(event), now())
}
