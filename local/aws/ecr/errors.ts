import type { ImageIdentifier } from '@aws-sdk/client-ecr'
import { AwsError } from '../error.ts'

/** The errors of ECR as it words them. `where` is the repository's name and the registry's id. */
export type Where = { repository: string; registry: string }

const named = ({ repository, registry }: Where): string =>
  `the repository with name '${repository}' in the registry with id '${registry}'`

export const imageIdText = ({ imageDigest, imageTag }: ImageIdentifier): string =>
  `{imageDigest:'${imageDigest ?? 'null'}', imageTag:'${imageTag ?? 'null'}'}`

export const repositoryNotFound = ({ repository, registry }: Where): AwsError =>
  new AwsError(
    'RepositoryNotFoundException',
    `The repository with name '${repository}' does not exist in the registry with id '${registry}'`,
  )

export const repositoryExists = ({ repository, registry }: Where): AwsError =>
  new AwsError(
    'RepositoryAlreadyExistsException',
    `The repository with name '${repository}' already exists in the registry with id '${registry}'`,
  )

export const repositoryNotEmpty = ({ repository, registry }: Where): AwsError =>
  new AwsError(
    'RepositoryNotEmptyException',
    `The repository with name '${repository}' in registry with id '${registry}' cannot be deleted because it still contains images`,
  )

export const imageNotFound = (id: ImageIdentifier, where: Where): AwsError =>
  new AwsError(
    'ImageNotFoundException',
    `The image with imageId ${imageIdText(id)} does not exist within ${named(where)}`,
  )

export const scanNotFound = (id: ImageIdentifier, where: Where): AwsError =>
  new AwsError(
    'ScanNotFoundException',
    `Image scan does not exist for the image with '${imageIdText(id)}' in ${named(where)}`,
  )

export const imageExists = ({ imageDigest, imageTag }: ImageIdentifier, { repository, registry }: Where): AwsError =>
  new AwsError(
    'ImageAlreadyExistsException',
    `Image with digest '${imageDigest}' and tag '${imageTag ?? 'null'}' already exists in the repository with name '${repository}' in registry with id '${registry}'`,
  )

export const tagExists = (tag: string, { repository }: Where): AwsError =>
  new AwsError(
    'ImageTagAlreadyExistsException',
    `The image tag '${tag}' already exists in the '${repository}' repository and cannot be overwritten because the tag is immutable.`,
  )

export const referencedNotFound = (digests: readonly string[], where: Where): AwsError =>
  new AwsError(
    'ReferencedImagesNotFoundException',
    `Images with digests '${digests.join(', ')}' required for pushing image into repository do not exist in ${named(where)}`,
  )

export const lifecyclePolicyNotFound = (where: Where): AwsError =>
  new AwsError('LifecyclePolicyNotFoundException', `Lifecycle policy does not exist for ${named(where)}`)

export const repositoryPolicyNotFound = (where: Where): AwsError =>
  new AwsError('RepositoryPolicyNotFoundException', `Repository policy does not exist for ${named(where)}`)

export const layersNotFound = (digests: readonly string[], where: Where): AwsError =>
  new AwsError(
    'LayersNotFoundException',
    `Layers with digests '${digests.join(', ')}' required for pushing image into repository do not exist in ${named(where)}`,
  )

export const storageClassNotSupported = (id: ImageIdentifier, where: Where): AwsError =>
  new AwsError(
    'ImageStorageClassUpdateNotSupportedException',
    `The storage class of the image with imageId ${imageIdText(id)} within ${named(where)} cannot be updated`,
  )

export const previewNotFound = (where: Where): AwsError =>
  new AwsError('LifecyclePolicyPreviewNotFoundException', `Lifecycle policy preview does not exist for ${named(where)}`)

export const previewInProgress = (where: Where): AwsError =>
  new AwsError(
    'LifecyclePolicyPreviewInProgressException',
    `Lifecycle policy preview is in progress for ${named(where)}`,
  )

export const layerNotFound = (digest: string, { repository, registry }: Where): AwsError =>
  new AwsError(
    'LayersNotFoundException',
    `The layer with digest '${digest}' does not exist within the repository with name '${repository}' in the registry with id '${registry}'`,
  )

export const layerExists = (digest: string, { repository, registry }: Where): AwsError =>
  new AwsError(
    'LayerAlreadyExistsException',
    `The layer with digest '${digest}' already exists in the repository with name '${repository}' in registry with id '${registry}'`,
  )

export const uploadNotFound = (id: string, where: Where): AwsError =>
  new AwsError('UploadNotFoundException', `Upload with id '${id}' does not exist in ${named(where)}`)

export const registryPolicyNotFound = (registry: string): AwsError =>
  new AwsError(
    'RegistryPolicyNotFoundException',
    `Registry policy does not exist in the registry with id '${registry}'`,
  )

export const cacheRuleNotFound = (prefix: string, registry: string): AwsError =>
  new AwsError(
    'PullThroughCacheRuleNotFoundException',
    `Pull through cache rule with prefix '${prefix}' does not exist in the registry with id '${registry}'`,
  )
