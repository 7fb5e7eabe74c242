import type { ImageRef } from './image.ts'

/** Where the three partitions keep their console and their registries. */
const partitionOf = (region: string) => {
  if (region.startsWith('cn-')) return { console: `${region}.console.amazonaws.cn`, suffix: 'amazonaws.com.cn' }
  if (region.startsWith('us-gov-'))
    return { console: `${region}.console.amazonaws-us-gov.com`, suffix: 'amazonaws.com' }
  return { console: `${region}.console.aws.amazon.com`, suffix: 'amazonaws.com' }
}

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
