import { Stack, Token, TokenComparison } from 'aws-cdk-lib'
import { type IRepository, Repository } from 'aws-cdk-lib/aws-ecr'
import type { Construct } from 'constructs'
import { type Refusal, refuse } from './refuse.ts'

/** Which image: of a repository the tag or the digest, or the whole as one URI. */
export type ImageProps = {
  /** Of the stack, or found by name or ARN: `asset.repository` of a `DockerImageAsset`. */
  readonly repository?: IRepository
  /** What it names when the stack is deployed: `asset.imageTag` of a `DockerImageAsset`. */
  readonly tag?: string
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest?: string
  /** Instead of all these: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:1.4.2`, or with `@sha256:…`. */
  readonly imageUri?: string
}

/** By the digest, where it has one. */
export type GatedImage = {
  readonly repository: IRepository
  readonly tag?: string | undefined
  readonly digest?: string | undefined
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
const URI =
  /^(?<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?<region>[a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)\/(?<name>[a-z0-9._/-]+)(?::(?<tag>[\w.-]+))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/
const TAG = /^\w[\w.-]{0,127}$/
const DIGEST = /^sha256:[0-9a-f]{64}$/

const SHAPE = "'123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:1.4.2', or with @sha256:… for its tag"

function uriRefusal({ imageUri = '', repository, tag, digest }: ImageProps): Refusal | undefined {
  const prop = 'imageUri'
  if (repository || tag !== undefined || digest !== undefined)
    return { prop, why: 'repository, tag and digest say which image it is, too', write: 'the one or the others' }
  if (Token.isUnresolved(imageUri))
    return { prop, why: 'it is known only when the stack is deployed', write: 'repository and tag instead' }
  if (!URI.test(imageUri))
    return { prop, why: `it is ${JSON.stringify(imageUri)}, which names no image of ECR`, write: SHAPE }
  const { tag: tagOfIt, digest: digestOfIt } = URI.exec(imageUri)?.groups ?? {}
  return (tagOfIt ?? digestOfIt) ? undefined : { prop, why: 'it has neither a tag nor a digest', write: SHAPE }
}

function partsRefusal({ repository, tag, digest }: ImageProps): Refusal | undefined {
  if (!repository)
    return { prop: 'repository', why: 'it is missing, and so is imageUri', write: 'repository and tag, or imageUri' }
  if ((tag === undefined) === (digest === undefined))
    return {
      prop: 'tag',
      why: tag === undefined ? 'neither it nor digest says which image it is' : 'digest says which image it is, too',
      write: "the one or the other: tag: '1.4.2', or digest: 'sha256:…'",
    }
  if (tag !== undefined && !Token.isUnresolved(tag) && !TAG.test(tag))
    return { prop: 'tag', why: `it is ${JSON.stringify(tag)}, which is no tag`, write: "one as '1.4.2'" }
  if (digest !== undefined && !Token.isUnresolved(digest) && !DIGEST.test(digest))
    return { prop: 'digest', why: `it is ${JSON.stringify(digest)}`, write: 'sha256: and 64 hexadecimal digits' }
  return undefined
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}

/** Its ARN is written out, so that CDK finds account and region in it. */
function ofUri(construct: Construct, imageUri: string): GatedImage {
  const { account, region = '', name, tag, digest } = URI.exec(imageUri)?.groups ?? {}
  const arn = `arn:${partitionOf(region)}:ecr:${region}:${account}:repository/${name}`
  return { repository: Repository.fromRepositoryArn(construct, 'Repository', arn), tag, digest }
}

/**
 * The image that properties name.
 * @throws {Error} where they name none or two, or one of another region: findings are read where the stack is
 */
export function gatedImage(construct: Construct, props: ImageProps): GatedImage {
  const { imageUri } = props
  const refusal = imageUri === undefined ? partsRefusal(props) : uriRefusal(props)
  if (refusal) refuse(construct, refusal)
  const image =
    imageUri === undefined
      ? { repository: props.repository as IRepository, tag: props.tag, digest: props.digest }
      : ofUri(construct, imageUri)
  const { region } = image.repository.env
  const here = Stack.of(construct).region
  if (Token.compareStrings(region, here) === TokenComparison.DIFFERENT)
    refuse(construct, {
      prop: imageUri === undefined ? 'repository' : 'imageUri',
      why: `it is in ${region}, and the stack in ${here}`,
      write: `the replica in ${here}, or put the gate into a stack of ${region}`,
    })
  return image
}
