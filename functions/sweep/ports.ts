import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { Sbom } from '../domain/supply-chain/sbom.ts'
import type { AsffFinding } from '../domain/sweep/asff.ts'
import type { InventoryReader } from '../planning/ports.ts'
import type { SweptRepository } from './judge-repository.ts'
import type { SweepDeps } from './judging.ts'

/** Reads an SBOM as it lies in the store. It throws for nothing that is in it. */
export type SbomText = (text: string) => Promise<{ readonly sbom: Sbom } | { readonly refused: string }>

/** Inspector of one registry, which exports SBOMs into the store. */
export type SbomExporter = {
  /**
   * Asks for SBOMs of images.
   * @param repositories those that are needed; of more than a few, it exports all of the registry
   * @returns the id of the export
   * @throws {Unreadable} where Inspector refuses, also while it makes another one
   */
  begin(repositories: readonly string[]): Promise<string>
  /** How an export ended; undefined while it is under way. @property problem why there is nothing @throws {Unreadable} */
  end(id: string): Promise<{ readonly problem?: string } | undefined>
}

/** One registry as a sweep reads it, with the credentials that are for it and at the pace that is asked of it. */
export type RegistryAccess = {
  /** Why it cannot be called at all, and what to do, in words; undefined where it can. */
  problem(): Promise<string | undefined>
  /** Every repository with its settings, a page at a time. @throws {Unreadable} also in the midst of it */
  list(): AsyncIterable<readonly SweptRepository[]>
  readonly readers: SweepDeps['readers']
  /** What runs that may use its images; undefined where the configuration has no clean-up. */
  readonly readInventory: InventoryReader | undefined
  /** Undefined where Inspector is not asked for SBOMs, or the registry is in another region than the bucket that they go to. */
  readonly exporter: SbomExporter | undefined
}

/** @param id of the sweep: the trail of another account tells what its role was assumed for */
export type OpenRegistry = (registry: RegistryRef, id: string) => RegistryAccess

/** An event as EventBridge would put it on a queue: plain JSON. */
export type QueuedEvent = { readonly id: string }

export type EventQueue = {
  /** @throws {Unreadable} where the queue did not take all of them */
  send(events: readonly QueuedEvent[]): Promise<void>
}

/** Queues of the use cases that tell; undefined where one is not there. */
export type Queues = {
  /** Of scan-alert. */
  readonly scans: EventQueue | undefined
  /** Of push-check. */
  readonly pushes: EventQueue | undefined
  /** Of watch. */
  readonly changes: EventQueue | undefined
}

/** Why Security Hub did not take one finding. */
export type ImportFailure = { readonly id: string; readonly code: string; readonly message: string }

/** `problem` is why it takes nothing, in words; what was sent before is in `imported`. */
export type ImportAnswer = {
  readonly imported: readonly string[]
  readonly failed: readonly ImportFailure[]
  readonly problem?: string
}

/** The Security Hub of one account and region. */
export type SecurityHub = { import(findings: readonly AsffFinding[]): Promise<ImportAnswer> }
