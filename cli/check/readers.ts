import { type EcrImageList, ecrImageList } from '../../functions/adapters/image-list.ts'
import { imageReader } from '../../functions/adapters/image-reader.ts'
import { ecrRegistry } from '../../functions/adapters/registry-reader.ts'
import { type EcrRepositories, ecrRepositories } from '../../functions/adapters/repository-reader.ts'
import type { ImageReader, RegistryReader } from '../../functions/policy/reader.ts'
import type { Session } from '../aws/session.ts'

/** All that is read of a registry, for the whole run: what several repositories need is asked for once. */
export type Readers = {
  readonly registry: RegistryReader
  readonly repositories: EcrRepositories
  readonly images: ImageReader
  readonly list: EcrImageList
}

/** @param bases repositories whose images others are built upon */
export const readersOf = ({ aws, endpoint, registry: { region } }: Session, bases: readonly string[]): Readers => ({
  images: imageReader(aws, { region, endpoint, bases }),
  registry: ecrRegistry(aws, region),
  repositories: ecrRepositories(aws, region),
  list: ecrImageList(aws, region),
})
