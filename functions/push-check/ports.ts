import type { AlertSender } from '../alert-sender.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import type { RepositoryState } from '../domain/repository-state.ts'
import type { Memory } from '../memory.ts'
import type { InRegistry, Registries } from '../policy/in-registry.ts'
import type { TagHands } from '../policy/quarantine/ports.ts'
import type { ImageReader } from '../policy/reader.ts'
import type { PushCheckConfig } from './contract.ts'
import type { ImageState } from './image-state.ts'

/** An event that names a digest under a tag. */
export type TagPush = {
  readonly tag: string
  readonly digest: string
  readonly event: string
  /** ISO 8601 instant of the event. */
  readonly time: string
}

/** Where the tag was before a push moved it. */
export type TagMove = { readonly tag: string; readonly from: string; readonly event: string }

export type TagMemory = {
  /**
   * Remembers a push of a tag. The same event has the same answer, however often it comes; one that comes after a later
   * one changes nothing.
   * @returns the move, if this push moved the tag from another digest
   */
  pushed(repository: RepositoryRef, push: TagPush): Promise<TagMove | undefined>
}

/** What a push is judged by, in its registry. */
export type JudgedIn = InRegistry & {
  readonly images: ImageReader
  /** Moves tags of images where `mayWrite` says that it may. */
  readonly tags: TagHands
}

export type Ports = {
  readonly registries: Registries<JudgedIn>
  /** Waits for so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>
  readonly imageMemory: Memory<ImageState>
  readonly repositoryMemory: Memory<RepositoryState>
  readonly tags: TagMemory
  /** Name of the table that images are remembered in, for whoever releases one. */
  readonly table: string
  readonly alerts: AlertSender
}

export type Deps = {
  readonly ports: Ports
  readonly config: PushCheckConfig
  /** The registry that is ours. */
  readonly home: RegistryRef
  readonly now: () => Date
  /** Milliseconds since the epoch after which no image is begun: the function must end in time. */
  readonly deadline: number
}
