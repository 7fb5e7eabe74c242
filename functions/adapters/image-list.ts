import type { ImageDetail } from '../domain/facts/image-facts.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import type { ImageRef } from '../domain/image.ts'
import { Gone } from '../faults.ts'
import { ecrCall, instant, pages, present } from './ecr-call.ts'
import type { AwsCall } from './signed-aws.ts'

type Described = {
  readonly imageDigest?: string
  readonly imageTags?: readonly string[]
  readonly imagePushedAt?: number
  readonly imageSizeInBytes?: number
  readonly artifactMediaType?: string
}
type Images = { readonly imageDetails: readonly Described[] }

/** An image with what ECR tells of it in a listing. */
export type ListedImage = { readonly ref: ImageRef; readonly detail: ImageDetail }

export type EcrImageList = {
  /**
   * The images of a repository that have a tag, up to 1,000 a page.
   * @throws {Unreadable} also in the midst of it
   * @throws {Gone}
   */
  listTagged(repository: RepositoryRef): AsyncIterable<readonly ListedImage[]>
  /**
   * The image that a tag or a digest names.
   * @throws {Unreadable}
   * @throws {Gone} where there is none, or no such repository
   */
  find(repository: RepositoryRef, name: { readonly tag?: string; readonly digest?: string }): Promise<ListedImage>
}

function listed(repository: RepositoryRef, described: Described): ListedImage {
  const tags = described.imageTags ?? []
  const digest = present(described.imageDigest, 'DescribeImages')
  return {
    ref: { ...repository, digest, tags },
    detail: {
      tags,
      pushedAt: present(instant(described.imagePushedAt), 'DescribeImages'),
      sizeInBytes: described.imageSizeInBytes ?? 0,
      artifactMediaType: described.artifactMediaType,
    },
  }
}

/**
 * Which images there are in `region`.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
 */
export function ecrImageList(aws: AwsCall, region: string): EcrImageList {
  const call = ecrCall(aws, region)
  const named = ({ account, repository }: RepositoryRef) => ({ registryId: account, repositoryName: repository })
  return {
    async *listTagged(repository) {
      const input = { ...named(repository), filter: { tagStatus: 'TAGGED' } }
      for await (const { imageDetails } of pages<Images>(call, repository, 'DescribeImages', input))
        yield present(imageDetails, 'DescribeImages').map((described) => listed(repository, described))
    },
    async find(repository, { tag, digest }) {
      const imageIds = [digest === undefined ? { imageTag: tag } : { imageDigest: digest }]
      const { imageDetails } = await call<Images>(repository, 'DescribeImages', { ...named(repository), imageIds })
      const [found] = present(imageDetails, 'DescribeImages')
      if (!found) throw new Gone('the image is not there')
      return listed(repository, found)
    },
  }
}
