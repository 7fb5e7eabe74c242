import type { RegistryRef } from './facts/registry-facts.ts'
import type { RepositoryRef } from './facts/repository-facts.ts'
import { type ImageRef, shortDigest } from './image.ts'

/** What something is about: an image, a repository where no digest is named, the registry where no repository is. */
export type Subject = {
  readonly account: string
  readonly region: string
  readonly repository?: string | undefined
  readonly digest?: string | undefined
  readonly tags: readonly string[]
}

/** `123456789012/eu-west-1`: one key per registry. */
export const registryKey = ({ account, region }: RegistryRef): string => `${account}/${region}`

/** What the three partitions are called, and where they keep their console and their registries. */
const partitionOf = (region: string) => {
  if (region.startsWith('cn-'))
    return { name: 'aws-cn', console: `${region}.console.amazonaws.cn`, suffix: 'amazonaws.com.cn' }
  if (region.startsWith('us-gov-'))
    return { name: 'aws-us-gov', console: `${region}.console.amazonaws-us-gov.com`, suffix: 'amazonaws.com' }
  return { name: 'aws', console: `${region}.console.aws.amazon.com`, suffix: 'amazonaws.com' }
}

/** `aws`, `aws-cn`, `aws-us-gov`: as ARNs of a region begin. */
export const partitionName = (region: string): string => partitionOf(region).name

/**
 * ARN of an IAM role, in the partition of a region.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
 */
export const roleArn = ({ account, region }: RegistryRef, name: string): string =>
  `arn:${partitionOf(region).name}:iam::${account}:role/${name}`

/**
 * ARN of a table of DynamoDB.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export const tableArn = ({ account, region }: RegistryRef, name: string): string =>
  `arn:${partitionOf(region).name}:dynamodb:${region}:${account}:table/${name}`

/**
 * ARN of a repository.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 */
export const repositoryArn = ({ account, region, repository }: RepositoryRef): string =>
  `arn:${partitionOf(region).name}:ecr:${region}:${account}:repository/${repository}`

const inPath = (name: string): string => name.split('/').map(encodeURIComponent).join('/')

/** Page in the ECR console of the image, the repository, or all repositories. */
export function consoleUrl({ account, region, repository, digest }: Subject): string {
  const home = `https://${partitionOf(region).console}/ecr`
  const query = `?region=${encodeURIComponent(region)}`
  if (repository === undefined) return `${home}/private-registry/repositories${query}`
  const page = `${home}/repositories/private/${encodeURIComponent(account)}/${inPath(repository)}`
  return digest === undefined ? page + query : `${page}/_/image/${encodeURIComponent(digest)}/details${query}`
}

/**
 * Host of a registry, which `docker login` takes.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
 */
export const registryHost = ({ account, region }: RegistryRef): string =>
  `${account}.dkr.ecr.${region}.${partitionOf(region).suffix}`

/** What `docker push` takes before a tag: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web`. */
export const repositoryUri = ({ repository, ...registry }: RepositoryRef): string =>
  `${registryHost(registry)}/${repository}`

/**
 * What `docker pull` takes: by digest, so that it is this image, whatever its tags have become.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-pull-ecr-image.html
 */
export const pullReference = ({ digest, ...repository }: ImageRef): string => `${repositoryUri(repository)}@${digest}`

/** What is spoken of, as a heading. A pull-through cache may name a tag and no digest. */
export const subjectIs = ({ repository, digest, tags }: Omit<Subject, 'account' | 'region'>) => {
  if (repository === undefined) return 'Registry'
  return digest !== undefined || tags.length > 0 ? 'Image' : 'Repository'
}

/** `repository:tag`, `repository@sha256:0123456789ab` for an image without a tag, `repository`, or the registry. */
export function shortName({ account, region, repository, digest, tags }: Subject): string {
  if (repository === undefined) return `the registry ${account} in ${region}`
  if (tags[0] !== undefined) return `${repository}:${tags[0]}`
  return digest === undefined ? repository : `${repository}@${shortDigest(digest)}`
}

/** Page in the S3 console of an object, from where it can be opened or downloaded. */
export const objectUrl = (region: string, bucket: string, key: string): string =>
  `https://${partitionOf(region).console}/s3/object/${encodeURIComponent(bucket)}?region=${encodeURIComponent(region)}&prefix=${inPath(key)}`
