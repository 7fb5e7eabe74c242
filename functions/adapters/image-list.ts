import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { Gone } from '../faults.ts'
import { describeNamed, describePages, type ListedImage, listedImage } from './described-images.ts'
import { ecrCall } from './ecr-call.ts'
import type { AwsCall } from './signed-aws.ts'

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

/**
 * Which images there are in `region`.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
 */
export function ecrImageList(aws: AwsCall, region: string): EcrImageList {
  const call = ecrCall(aws, region)
  return {
    async *listTagged(repository) {
      for await (const page of describePages(call, repository, { tagStatus: 'TAGGED' }))
        yield page.map((described) => listedImage(repository, described))
    },
    async find(repository, { tag, digest }) {
      const id = digest === undefined ? { imageTag: tag } : { imageDigest: digest }
      const [found] = await describeNamed(call, repository, [id])
      if (!found) throw new Gone('the image is not there')
      return listedImage(repository, found)
    },
  }
}
