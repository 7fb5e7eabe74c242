import type { RepositoryRef } from '../../facts/repository-facts.ts'
import type { SbomPackage } from '../sbom.ts'

/** What can be asked of a package. Anything may stand in it: escape where shown. */
export type IndexedPackage = Pick<SbomPackage, 'name' | 'version' | 'ecosystem'>

/** A repository whose images are in the index. */
export type IndexedRepository = RepositoryRef & {
  /** Text from outside. */
  readonly owner: string
  /** ISO 8601 instant of the sweep that read it: of one that could not be read since, an older one. */
  readonly at: string
}

/** An image, or one platform of an index. */
export type IndexedImage = {
  /** What its tags name: of a platform, the digest of its index. */
  readonly digest: string
  /** Of the manifest of a platform; undefined of what stands by itself, and of an index as a whole. */
  readonly manifest?: string | undefined
  /** `linux/arm64`, of a platform of an index. */
  readonly platform?: string | undefined
  readonly tags: readonly string[]
  /** ISO 8601 instant. */
  readonly pushedAt: string
  /** Who or what uses it, in words: `ECS task definition web:42`. Undefined where that is not known. */
  readonly users?: readonly string[] | undefined
}

/** That nothing is known of what is in an image, in words: `it has no SBOM`. */
export type Without = { readonly without: string }

/** Packages of an image, by their numbers, or that they are not known. */
export type ImageContents = { readonly numbers: readonly number[] } | Without

/** A line of an index. Numbers are those of the packages before it, from 0 in their order. */
export type IndexEntry =
  | { readonly kind: 'package'; readonly package: IndexedPackage }
  | { readonly kind: 'repository'; readonly repository: IndexedRepository }
  | {
      readonly kind: 'image'
      /** The last one before it. */
      readonly repository: IndexedRepository
      readonly image: IndexedImage
      readonly contents: ImageContents
    }
