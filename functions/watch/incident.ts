import type { Result } from '../batch.ts'
import { eventsOf } from '../delivery.ts'
import { policyFor } from '../domain/alert-policy.ts'
import type { Telling } from '../domain/compose.ts'
import type { CacheSyncEvent, ReplicationEvent } from '../domain/event.ts'
import { imageKey } from '../domain/image.ts'
import { composeIncident, type Incident } from '../domain/incident-alert.ts'
import type { Subject } from '../domain/registry.ts'
import { repositoryKey } from '../domain/repository-state.ts'
import type { Job, JobOf } from './job.ts'
import { once } from './once.ts'
import type { Deps } from './ports.ts'

/** What went wrong, about what, and by which it is known when it goes wrong again. */
type Happened = {
  readonly key: string
  readonly cause: string
  readonly subject: Subject
  readonly incident: Incident
  /** Entry of `alerts` that decides who is told. */
  readonly repository: string
}

const KNOWN: Result = { outcome: 'known', reason: 'it was told, and goes on for the same cause' }

/** Tells an incident, once for its subject and cause as long as it goes on. */
async function tellIncident(happened: Happened, job: Job, { ports, config, ...deps }: Deps): Promise<Result> {
  const { key, cause, subject, incident, repository } = happened
  const now = deps.now()
  const policy = policyFor(config.alerts, repository)
  if (!policy) return { outcome: 'quiet', reason: `no entry of alerts matches repository ${repository}` }
  const telling: Telling = { subject, slack: policy.slack, facts: [], notices: [], events: eventsOf(job), now }
  const told = await once(ports.incidents, { subject: key, cause, now }, async () => {
    const alert = composeIncident(telling, incident)
    await ports.alerts.publish(alert)
    return { outcome: 'alerted', reason: alert.summary, alert }
  })
  return told ?? KNOWN
}

const lastOf = <E>(deliveries: readonly { readonly event: E }[]): E => {
  const last = deliveries.at(-1)
  if (!last) throw new Error('a job without events')
  return last.event
}

/** The alert is about the image where it was pushed; the event comes from where it did not arrive. */
export function watchReplication(job: JobOf<'replication'>, deps: Deps): Promise<Result> {
  const { image, result, sourceAccount, sourceRegion }: ReplicationEvent = lastOf(job.deliveries)
  const { account, region, repository } = image
  const tags = [...new Set(job.deliveries.flatMap(({ event }) => event.image.tags))]
  const happened: Happened = {
    key: `replication#${imageKey(image)}`,
    cause: result,
    subject: { ...image, account: sourceAccount ?? account, region: sourceRegion ?? region, tags },
    incident: { kind: 'replication-failed', destination: { account, region } },
    repository,
  }
  return tellIncident(happened, job, deps)
}

export function watchCache(job: JobOf<'cache-sync'>, deps: Deps): Promise<Result> {
  const event: CacheSyncEvent = lastOf(job.deliveries)
  const { account, region, repository, tag, digest, prefix, code, reason, result } = event
  const happened: Happened = {
    key: `cache#${repositoryKey({ account, region, repository })}`,
    cause: code ?? result,
    subject: { account, region, repository, digest, tags: tag === undefined ? [] : [tag] },
    incident: { kind: 'cache-failed', upstream: event.upstream ?? 'its upstream', prefix, code, why: reason },
    repository,
  }
  return tellIncident(happened, job, deps)
}
