import type { ImageValues } from '../domain/facts/image-facts.ts'
import type { RegistryRef, RegistryValues } from '../domain/facts/registry-facts.ts'
import type { RepositoryRef, RepositoryValues } from '../domain/facts/repository-facts.ts'
import type { ImageRef } from '../domain/image.ts'

/**
 * Reads each value of a subject from AWS, one method for one value.
 * Every method throws `Unreadable` where AWS refuses or cannot be reached, and `Gone` where the subject is not there.
 */
export type Reader<V, R> = { readonly [K in keyof V]: (ref: R) => Promise<V[K]> }

export type RepositoryReader = Reader<RepositoryValues, RepositoryRef>
export type RegistryReader = Reader<RegistryValues, RegistryRef>
export type ImageReader = Reader<ImageValues, ImageRef>
