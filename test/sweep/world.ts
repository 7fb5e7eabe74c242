import { afterEach, beforeEach } from 'vitest'
import { eventQueues } from '../../functions/adapters/event-queue.ts'
import { registryAccess } from '../../functions/adapters/registry-access.ts'
import { s3Store } from '../../functions/adapters/s3-store.ts'
import { securityHub } from '../../functions/adapters/security-hub.ts'
import { signedAws, signedPost, signedRest, signedSend } from '../../functions/adapters/signed-aws.ts'
import { snsAlerts } from '../../functions/adapters/sns.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import type { SweepReport } from '../../functions/domain/sweep/report.ts'
import {
  BATCH,
  type Begun,
  KEYS,
  type Listed,
  type ListedRepository,
  SWEEP_PREFIX,
  type SweepConfig,
} from '../../functions/sweep/contract.ts'
import { itemsOf } from '../../functions/sweep/kept.ts'
import { createSteps, type Ran, reportIn, type StepDeps } from '../../functions/sweep/steps.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { envOf } from '../adapters/env.ts'
import { policy } from '../builders.ts'
import { imageManifest } from '../policy/image/manifests.ts'
import { type basic, configOf, rule } from './local-sweep.ts'

export const MEMBER = '222222222222'
export const STRANGER = '333333333333'
const BUCKET = 'sweeps'
const NOW = new Date('2026-11-28T21:00:05Z')

export const sweepConfigOf = (change: Partial<SweepConfig> = {}): SweepConfig => ({
  ...configOf([rule('tag-immutability')]),
  alerts: [policy({ repositories: ['**'], threshold: 'HIGH' })],
  sweep: {
    ...{ schedule: 'cron(0 21 * * ? *)', regions: [], accounts: [], slack: ['security'], ownerTag: 'Owner' },
    ...{ sla: { CRITICAL: 7, HIGH: 30 }, securityHub: false },
  },
  ...change,
})

type Skip = (batch: number, target: RegistryRef) => boolean

/** A local AWS with the bucket, the topic and the queues of a stack, and its sweep step by step over HTTP. */
export function stack() {
  const all = {} as { aws: LocalAws; now: Date; topic: string }

  beforeEach(async () => {
    const aws = await startLocalAws()
    aws.s3.createBucket(BUCKET)
    for (const name of ['scan-alert', 'push-check', 'watch']) aws.sqs.create(name)
    Object.assign(all, { aws, now: NOW, topic: aws.sns.createTopic('alerts') })
  })
  afterEach(() => all.aws.close())

  const home = (): RegistryRef => ({ account: all.aws.account, region: all.aws.region })
  const store = () => s3Store(signedSend(envOf(all.aws)), BUCKET, SWEEP_PREFIX)

  function stepsOf(config: SweepConfig, change: Partial<StepDeps> = {}) {
    const env = envOf(all.aws)
    const now = () => all.now
    const urlOf = (name: string) => all.aws.sqs.get(name)?.url
    const urls = { scans: urlOf('scan-alert'), pushes: urlOf('push-check'), changes: urlOf('watch') }
    return createSteps({
      ...{ config, home: home(), now, reportUrl: reportIn(BUCKET, home()), store: store() },
      open: registryAccess({ env, home: home(), config, now }),
      queues: eventQueues(signedAws(env), urls),
      securityHub: securityHub(signedRest(env)),
      alerts: snsAlerts(signedPost(env), all.topic),
      ...change,
    })
  }

  /** Calls the steps as the machine does. @param skip batches that never run */
  async function run(
    config: SweepConfig,
    { skip = () => false, ...change }: Partial<StepDeps> & { readonly skip?: Skip } = {},
  ) {
    const step = stepsOf(config, change)
    const begun = (await step({ step: 'begin', scheduledTime: all.now.toISOString(), execution: 'arn:execution' }))
      .answer as Begun
    const { id } = begun
    for (const target of begun.targets) {
      const { listed } = (await step({ step: 'list', id, target })).answer as Listed
      if (listed === 0) continue
      const items = [...itemsOf<ListedRepository>((await store().read(KEYS.repositories(id, target)))?.text ?? '')]
      for (let at = 0; at < items.length; at += BATCH)
        if (!skip(at / BATCH, target))
          await step({ step: 'judge', batch: { BatchInput: { id, target }, Items: items.slice(at, at + BATCH) } })
    }
    return { id, step, ran: await step({ step: 'report', id }) }
  }

  const objects = (): Readonly<Record<string, string>> =>
    Object.fromEntries(
      all.aws.s3.keys(BUCKET).map((key) => [key, Buffer.from(all.aws.s3.read(BUCKET, key) ?? '').toString()]),
    )

  return {
    ...{ all, home, store, stepsOf, run, objects },
    report: (id: string): SweepReport =>
      JSON.parse(objects()[`${SWEEP_PREFIX}/${KEYS.report(id, 'json')}`] ?? 'null') as SweepReport,
    messages: (name: string): readonly { readonly id: string }[] =>
      all.aws.sqs
        .get(name)
        ?.peek()
        .map(({ body }) => JSON.parse(body)) ?? [],
    published: () => all.aws.sns.published().map(({ message }) => message),
    /** Pushes an image that was scanned. */
    push(repositoryName: string, tag: string, found: readonly ReturnType<typeof basic>[], at = all.aws.ecr): void {
      const { text, digest } = imageManifest(undefined, { annotations: { name: `${repositoryName}:${tag}` } })
      const pushedAt = new Date(NOW.getTime() - 86_400_000)
      at.putImage({ repositoryName, imageManifest: text, imageTag: tag, pushedAt })
      at.putScan(repositoryName, digest, { status: { status: 'COMPLETE' }, findings: [...found] })
    },
  }
}

export type { Ran }
