import type { RepositoryRef } from './facts/repository-facts.ts'
import type { ImageRef } from './image.ts'

/** What the three partitions are called, and where they keep their console and their registries. */
const partitionOf = (region: string) => {
  if (region.startsWith('cn-'))
    return { name: 'aws-cn', console: `${region}.console.amazonaws.cn`, suffix: 'amazonaws.com.cn' }
  if (region.startsWith('us-gov-'))
    return { name: 'aws-us-gov', console: `${region}.console.amazonaws-us-gov.com`, suffix: 'amazonaws.com' }
  return { name: 'aws', console: `${region}.console.aws.amazon.com`, suffix: 'amazonaws.com' }
}

/**
 * ARN of a repository.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 */
export const repositoryArn = ({ account, region, repository }: RepositoryRef): string =>
  `arn:${partitionOf(region).name}:ecr:${region}:${account}:repository/${repository}`

/** Page of the image in the ECR console. */
export const consoleUrl = ({ account, region, repository, digest }: ImageRef): string =>
  `https://${partitionOf(region).console}/ecr/repositories/private/${encodeURIComponent(account)}/` +
  `${repository.split('/').map(encodeURIComponent).join('/')}/_/image/${encodeURIComponent(digest)}/details?region=${encodeURIComponent(region)}`

/**
 * What `docker pull` takes: by digest, so that it is this image, whatever its tags have become.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-pull-ecr-image.html
 */
export const pullReference = ({ account, region, repository, digest }: ImageRef): string =>
  `${account}.dkr.ecr.${region}.${partitionOf(region).suffix}/${repository}@${digest}`

/** `repository:tag`, or `repository@sha256:0123456789ab` for an image without a tag. */
export const shortName = ({ repository, digest, tags }: ImageRef): string =>
  tags[0] === undefined ? `${repository}@${digest.slice(0, 19)}` : `${repository}:${tags[0]}`
