import { DescribeImagesCommand, type ECRClient, ListImagesCommand, PutImageCommand } from '@aws-sdk/client-ecr'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { digestOf } from '../../../local/aws/ecr/manifest.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { clientsOf, errorOf, withLocalAws } from './clients.ts'
import { manifestOf } from './manifests.ts'

const repositoryName = 'prod/app'

/** A registry with one repository. */
const withRepository = (body: (ecr: ECRClient, aws: LocalAws) => Promise<void>): Promise<void> =>
  withLocalAws(async (aws, { ecr }) => {
    aws.ecr.createRepository({ repositoryName })
    await body(ecr, aws)
  })

const push = (ecr: ECRClient, imageManifest: string, imageTag?: string) =>
  ecr.send(new PutImageCommand({ repositoryName, imageManifest, imageTag }))

describe('pages of images', () => {
  test('no image comes twice and none is lost, whatever comes and goes between the pages', async () => {
    const aws = await startLocalAws()
    const { ecr } = clientsOf(aws.url)
    let run = 0
    const scenario = fc.record({
      count: fc.integer({ min: 0, max: 25 }),
      size: fc.integer({ min: 1, max: 9 }),
      gone: fc.array(fc.nat({ max: 24 }), { maxLength: 5 }),
    })
    await fc.assert(
      fc.asyncProperty(scenario, async ({ count, size, gone }) => {
        const name = `pages/${run++}`
        aws.ecr.createRepository({ repositoryName: name })
        const digests = Array.from({ length: count }, (_, i) => {
          const imageManifest = manifestOf(`${name} ${i}`)
          // Untagged, one tag, or two of which one begins with the other.
          for (const imageTag of [`v${i}`, `v${i}0`].slice(0, i % 3)) {
            aws.ecr.putImage({ repositoryName: name, imageManifest, imageTag })
          }
          if (i % 3 === 0) aws.ecr.putImage({ repositoryName: name, imageManifest })
          return digestOf(imageManifest)
        })
        const seen: string[] = []
        const listed: string[] = []
        let nextToken: string | undefined
        let listToken: string | undefined
        let pages = 0
        do {
          const ask = { repositoryName: name, maxResults: size }
          const page = await ecr.send(new DescribeImagesCommand({ ...ask, nextToken }))
          expect(page.imageDetails?.length).toBeLessThanOrEqual(size)
          seen.push(...(page.imageDetails ?? []).map(({ imageDigest = '' }) => imageDigest))
          nextToken = page.nextToken
          if (pages++ === 0) {
            // Between the first and the second page some images go and one comes.
            for (const index of gone) aws.ecr.repository(name)?.images.delete(digests[index] ?? '')
            aws.ecr.putImage({ repositoryName: name, imageManifest: manifestOf(`${name} new`) })
          }
        } while (nextToken)
        do {
          const page = await ecr.send(
            new ListImagesCommand({ repositoryName: name, maxResults: size, nextToken: listToken }),
          )
          listed.push(...(page.imageIds ?? []).map(({ imageDigest = '' }) => imageDigest))
          listToken = page.nextToken
        } while (listToken)
        expect(new Set(seen).size).toBe(seen.length)
        const stayed = digests.filter((_, index) => !gone.includes(index))
        expect(seen).toEqual(expect.arrayContaining(stayed))
        const left = [...(aws.ecr.repository(name)?.images.keys() ?? [])]
        expect([...new Set(listed)]).toEqual(left)
        const tags = [...(aws.ecr.repository(name)?.images.values() ?? [])].map((image) => Math.max(image.tags.size, 1))
        expect(listed).toHaveLength(tags.reduce((sum, count) => sum + count, 0))
      }),
      { numRuns: 40 },
    )
    await aws.close()
  })

  test('a token is good for its own repository alone, and nonsense is refused', () =>
    withRepository(async (ecr, aws) => {
      for (const name of ['a', 'b']) await push(ecr, manifestOf(name))
      aws.ecr.createRepository({ repositoryName: 'other' })
      const { nextToken } = await ecr.send(new DescribeImagesCommand({ repositoryName, maxResults: 1 }))
      for (const token of [nextToken, 'nonsense']) {
        const call = ecr.send(new DescribeImagesCommand({ repositoryName: 'other', nextToken: token }))
        expect((await errorOf(call)).name).toBe('InvalidParameterException')
      }
    }))

  test('images can be chosen by their tag status and by their ids', () =>
    withRepository(async (ecr) => {
      await push(ecr, manifestOf('a'), 'v1')
      await push(ecr, manifestOf('b'))
      const digests = async (input: object) =>
        (await ecr.send(new DescribeImagesCommand({ repositoryName, ...input }))).imageDetails?.map(
          (i) => i.imageDigest,
        )
      expect(await digests({ filter: { tagStatus: 'UNTAGGED' } })).toEqual([digestOf(manifestOf('b'))])
      expect(await digests({ filter: { tagStatus: 'TAGGED' } })).toEqual([digestOf(manifestOf('a'))])
      expect(await digests({ filter: { imageStatus: 'ARCHIVED' } })).toEqual([])
      expect(await digests({ imageIds: [{ imageTag: 'v1' }, { imageDigest: digestOf(manifestOf('a')) }] })).toEqual([
        digestOf(manifestOf('a')),
      ])
      const missing = ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: 'none' }] }))
      expect(await errorOf(missing)).toMatchObject({
        name: 'ImageNotFoundException',
        message:
          "The image with imageId {imageDigest:'null', imageTag:'none'} does not exist within the repository with name 'prod/app' in the registry with id '123456789012'",
      })
    }))

  test.each([
    [{ maxResults: 0 }, 'must have value greater than or equal to 1'],
    [{ maxResults: 1001 }, 'must have value less than or equal to 1000'],
    [{ imageIds: [] }, 'must have length greater than or equal to 1'],
    [{ imageIds: [{ imageTag: 'a' }], maxResults: 1 }, 'cannot be used with'],
    [{ filter: { tagStatus: 'SOME' } }, 'must satisfy enum value set'],
  ])('%j is refused', (input, message) =>
    withRepository(async (ecr) => {
      const call = ecr.send(new DescribeImagesCommand({ repositoryName, ...(input as object) }))
      expect((await errorOf(call)).message).toContain(message)
    }),
  )
})
