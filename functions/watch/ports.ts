import type { AlertSender } from '../alert-sender.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { RepositoryState } from '../domain/repository-state.ts'
import type { Memory } from '../memory.ts'
import type { Hands } from '../policy/put-right.ts'
import type { RegistryReader, RepositoryReader } from '../policy/reader.ts'
import type { WatchConfig } from './contract.ts'
import type { IncidentState } from './once.ts'

export type Ports = {
  readonly repositories: RepositoryReader
  readonly registry: RegistryReader
  readonly hands: Hands
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
