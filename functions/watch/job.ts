import type { Delivery } from '../delivery.ts'
import { LOOK } from '../domain/drift.ts'
import type {
  ApiCallEvent,
  CacheSyncEvent,
  ReplicationEvent,
  ScanningChangeEvent,
  StewardEvent,
} from '../domain/event.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { imageKey } from '../domain/image.ts'
import { registryRulesOf, rulesFor } from '../domain/policy.ts'
import { repositoryKey } from '../domain/repository-state.ts'
import { isRead } from '../elsewhere.ts'
import type { Outcome } from '../outcome.ts'
import { REGISTRY_CALLS, REPOSITORY_CALLS, type WatchConfig } from './contract.ts'
import { weakenedIn } from './weakened.ts'

type Of<K extends string, E extends StewardEvent> = {
  readonly kind: K
  /** Oldest first. */
  readonly deliveries: readonly Delivery<E>[]
}

/** What is to be done about events that belong together. */
export type Job =
  | (Of<'repository', ApiCallEvent> & { readonly ref: RepositoryRef })
  | (Of<'registry', ApiCallEvent> & { readonly ref: RegistryRef })
  | Of<'replication', ReplicationEvent>
  | Of<'cache-sync', CacheSyncEvent>
  | Of<'scanning-change', ScanningChangeEvent>

export type JobOf<K extends Job['kind']> = Extract<Job, { kind: K }>

const drop = (event: StewardEvent, outcome: string, reason: string): Outcome => ({ outcome, reason, event: event.id })

const isOneOf = (calls: readonly string[], call: string): boolean => calls.includes(call)

/** Account and region that an event is about: a call may be about the registry of another account than the caller's. */
const registryOf = (event: StewardEvent): RegistryRef => ({
  account: event.type === 'api-call' ? event.registry : event.account,
  region: event.region,
})

const nameOf = ({ account, region }: RegistryRef): string => `registry ${account} in ${region}`

const isSame = (a: RegistryRef, b: RegistryRef): boolean => a.account === b.account && a.region === b.region

const elsewhere = (event: StewardEvent, about: RegistryRef, home: RegistryRef): Outcome =>
  drop(event, 'elsewhere', `about ${nameOf(about)}, not about ours, ${nameOf(home)}`)

/** Repositories are looked at wherever the sweep goes; of registries the own one alone. */
function sortCall(delivery: Delivery<ApiCallEvent>, { policy, registry, sweep }: WatchConfig, home: RegistryRef) {
  const { event } = delivery
  const { call, repository, error } = event
  const about = registryOf(event)
  if (!isRead(about, home, sweep)) return elsewhere(event, about, home)
  if (error !== undefined) return drop(event, 'quiet', `${call} was refused: ${error}`)
  if (isOneOf(REGISTRY_CALLS, call)) {
    if (!isSame(about, home)) return elsewhere(event, about, home)
    if (registryRulesOf(registry).length === 0) return drop(event, 'quiet', 'no rule on the registry is in force')
    return { kind: 'registry', ref: home, deliveries: [delivery] } as const
  }
  if (call !== LOOK && !isOneOf(REPOSITORY_CALLS, call))
    return drop(event, 'quiet', `${call} changes nothing that rules speak of`)
  if (repository === undefined) return drop(event, 'quiet', `${call} is about no repository`)
  if (rulesFor(policy, repository, 'repository').length === 0)
    return drop(event, 'quiet', `no rule of policy is in force for repository ${repository}`)
  return { kind: 'repository', ref: { ...about, repository }, deliveries: [delivery] } as const
}

/** A replication is about the registry that an image leaves, too: its events may be sent on from where it goes. */
const isFrom = (event: StewardEvent, { account, region }: RegistryRef): boolean =>
  event.type === 'replication' && event.sourceAccount === account && event.sourceRegion === region

/** What an event is work for, or why it is none. Needs nothing but the event and the configuration. */
export function sort(delivery: Delivery, config: WatchConfig, home: RegistryRef): Job | Outcome {
  const { event } = delivery
  if (event.type === 'api-call') return sortCall({ ...delivery, event }, config, home)
  const about = registryOf(event)
  if (!isSame(about, home) && !isFrom(event, home)) return elsewhere(event, about, home)
  if (event.type === 'replication' || event.type === 'cache-sync') {
    if (!event.failed) return drop(event, 'quiet', `it ended as ${event.result}`)
    return { kind: event.type, deliveries: [{ ...delivery, event }] } as Job
  }
  if (event.type !== 'scanning-change')
    return drop(event, 'no-consumer', `${event.detailType} is nothing that watch looks at`)
  if (weakenedIn(event).length === 0) return drop(event, 'quiet', 'no repository is scanned less than before')
  return { kind: 'scanning-change', deliveries: [{ ...delivery, event }] }
}

/** What is done once for all events that have it. */
function keyOf(job: Job): string {
  const [first] = job.deliveries
  if (job.kind === 'repository') return `repository ${repositoryKey(job.ref)}`
  if (job.kind === 'registry' || !first) return job.kind
  if (first.event.type === 'replication') return `replication ${imageKey(first.event.image)}`
  return first.event.type === 'cache-sync' ? `cache ${first.event.repository}` : first.event.id
}

const byTime = (a: Delivery, b: Delivery): number => a.event.time.localeCompare(b.event.time)

/** One job for each repository, image or event, whatever the order of delivery. */
export const joined = (jobs: readonly Job[]): readonly Job[] =>
  [...Map.groupBy(jobs, keyOf).values()].flatMap((same) => {
    const deliveries = same.flatMap((job): readonly Delivery[] => job.deliveries).toSorted(byTime)
    // Jobs of one key are of one kind.
    return same.slice(0, 1).map((job) => ({ ...job, deliveries }) as Job)
  })
