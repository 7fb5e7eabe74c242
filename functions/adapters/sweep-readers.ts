import type { Readers } from '../judging/readers.ts'
import type { ImagesOf } from '../judging/repository-images.ts'
import type { ImageReading } from './image-reader.ts'
import { ecrRegistry } from './registry-reader.ts'
import { repositoryImages } from './repository-images.ts'
import { ecrRepositories } from './repository-reader.ts'
import type { AwsCall } from './signed-aws.ts'

/** All that a sweep reads of the registry in a region: what several repositories need is asked for once. */
export const sweepReaders = (
  aws: AwsCall,
  source: ImageReading,
): Pick<Readers, 'registry' | 'repositories'> & { readonly imagesOf: ImagesOf } => ({
  registry: ecrRegistry(aws, source.region),
  repositories: ecrRepositories(aws, source.region),
  imagesOf: repositoryImages(aws, source),
})
