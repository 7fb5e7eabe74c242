import type { AlertSender } from '../alert-sender.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { RepositoryState } from '../domain/repository-state.ts'
import type { Memory } from '../memory.ts'
import type { Registries } from '../policy/in-registry.ts'
import type { RegistryReader } from '../policy/reader.ts'
import type { WatchConfig } from './contract.ts'
import type { IncidentState } from './once.ts'

export type Ports = {
  /** What repositories are judged by, each in its registry. */
  readonly registries: Registries
  /** Of the registry that is ours. */
  readonly registry: RegistryReader
  /** Of repositories, and of the registry. */
  readonly memory: Memory<RepositoryState>
  readonly incidents: Memory<IncidentState>
  readonly alerts: AlertSender
}

export type Deps = {
  readonly ports: Ports
  readonly config: WatchConfig
  /** The registry that is ours. */
  readonly home: RegistryRef
  readonly now: () => Date
  /** Milliseconds since the epoch after which nothing is begun: the function must end in time. */
  readonly deadline: number
}
