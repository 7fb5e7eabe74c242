import type { RepositoryRef } from '../../domain/facts/repository-facts.ts'
import type { Journal } from '../journal.ts'

/** A manifest byte for byte, so that it has the same digest under another tag. */
export type Manifest = { readonly digest: string; readonly text: string; readonly mediaType: string }

/**
 * What moves tags. Every method throws `Unreadable`, whether AWS has done it being not known then, and `Gone` where the
 * repository is not there.
 */
export type TagHands = {
  /** Those of the digests that are there, as ECR stores them. */
  manifests(repository: RepositoryRef, digests: readonly string[]): Promise<readonly Manifest[]>
  /** What up to 100 tags name now, by tag. One that names nothing is left out. */
  named(repository: RepositoryRef, tags: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Gives a manifest another tag, or pushes it again without any. Done where it has it already. */
  put(repository: RepositoryRef, manifest: Manifest, tag: string | undefined): Promise<void>
  /** By digest and tag: nothing is removed where the tag names another image by now. The image goes with its last tag. */
  remove(
    repository: RepositoryRef,
    ids: readonly { readonly digest: string; readonly tag: string }[],
  ): Promise<{ readonly failures: readonly { readonly code: string; readonly reason: string }[] }>
}

/** What it takes to bring an image into quarantine, and out of it. */
export type QuarantineHands = {
  readonly tags: TagHands
  readonly journal: Journal
  readonly pause: (milliseconds: number) => Promise<void>
}
