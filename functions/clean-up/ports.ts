import type { RepositoryRef } from '../domain/facts/repository-facts.ts'

/** A manifest byte for byte, so that it can be pushed again under the same digest. */
export type Manifest = { readonly digest: string; readonly text: string; readonly mediaType: string }

/** By digest alone only where the image has no tag: with both, ECR removes nothing where the tag names another image by now. */
export type ImageId = { readonly digest: string; readonly tag?: string | undefined }

export type RemovalAnswer = {
  /** What ECR says to have removed: a tag, or the image with its last one. */
  readonly removed: readonly ImageId[]
  /** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageFailure.html */
  readonly failures: readonly (ImageId & { readonly code: string; readonly reason: string })[]
}

/** What changes a registry. Every method throws `Unreadable`; whether AWS has done it is then not known. */
export type Hands = {
  /** Up to 100 digests. One that is gone is left out. */
  manifests(repository: RepositoryRef, digests: readonly string[]): Promise<readonly Manifest[]>
  /** What up to 100 tags name now, by tag. One that names nothing is left out. */
  named(repository: RepositoryRef, tags: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Up to 100 ids. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html */
  remove(repository: RepositoryRef, ids: readonly ImageId[]): Promise<RemovalAnswer>
  archive(repository: RepositoryRef, digest: string): Promise<void>
  /** Brings it out of the archive, which takes up to 20 minutes. */
  activate(repository: RepositoryRef, digest: string): Promise<void>
  /** Pushes a manifest again. @throws {LayersGone} where ECR no longer has what it names */
  put(repository: RepositoryRef, manifest: Manifest, tag: string | undefined): Promise<void>
}

/** What the manifest names is no longer in the repository: the image cannot be brought back. */
export class LayersGone extends Error {
  override readonly name = 'LayersGone'
}
