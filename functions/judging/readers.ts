import type { ImageReader, RegistryReader, RepositoryReader } from '../policy/reader.ts'

/** All that is read of the subjects of a registry, for the whole run: what several need is asked for once. */
export type Readers = {
  readonly registry: RegistryReader
  readonly repositories: RepositoryReader
  readonly images: ImageReader
}
