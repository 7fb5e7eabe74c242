import type { ImageDetail } from '../domain/facts/image-facts.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import type { ImageRef } from '../domain/image.ts'
import type { ChildrenOf, StoredImage } from '../domain/lifecycle/image.ts'
import type { ImageReader } from '../policy/reader.ts'

/** An image with all that a listing tells of it: for judging, for planning, and for what it costs. */
export type ListedImage = {
  readonly ref: ImageRef
  readonly detail: ImageDetail
  readonly stored: StoredImage
  /** Whether the listing says that its scan is complete and found nothing. */
  readonly isClean: boolean
}

/** The images of one repository: a page of them is read once, whoever looks at it. */
export type RepositoryImages = {
  /**
   * All of them, archived ones too, up to 1,000 a page. What is pushed meanwhile may bring an image twice.
   * @throws {Unreadable} also in the midst of it
   * @throws {Gone} where the repository is not there
   */
  pages(): AsyncIterable<readonly ListedImage[]>
  /**
   * Has the reader know those that are judged next, up to 100, and forget the others: their manifests are read together.
   * Whoever reads one of them then is told why it cannot be read.
   * @param needsManifests of all of them; otherwise of those alone of which the listing does not say that they are an image
   * @throws {Gone} where the repository is not there
   */
  prepare(images: readonly ListedImage[], needsManifests: boolean): Promise<void>
  readonly reader: ImageReader
  /** Children of indexes. One that is gone, or cannot be read as an index, is left out. @throws {Unreadable} */
  children(indexes: readonly string[]): Promise<ChildrenOf>
}

/** @param isPlanned whether somebody will ask for the children of all indexes: those that are read on the way are kept then */
export type ImagesOf = (repository: RepositoryRef, isPlanned: boolean) => RepositoryImages
