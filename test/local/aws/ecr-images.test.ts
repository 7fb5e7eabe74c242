import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  DescribeImagesCommand,
  type ECRClient,
  PutImageCommand,
  type PutImageCommandInput,
  PutImageTagMutabilityCommand,
} from '@aws-sdk/client-ecr'
import { describe, expect, test } from 'vitest'
import { digestOf, OCI_INDEX, OCI_MANIFEST } from '../../../local/aws/ecr/manifest.ts'
import type { LocalAws } from '../../../local/aws/server.ts'
import { errorOf, withLocalAws } from './clients.ts'
import { indexOf, manifestOf } from './manifests.ts'

const repositoryName = 'prod/app'
const NONE = `sha256:${'0'.repeat(64)}`

/** A registry with one repository. */
const withRepository = (
  body: (ecr: ECRClient, aws: LocalAws) => Promise<void>,
  imageTagMutability?: 'IMMUTABLE',
): Promise<void> =>
  withLocalAws(async (aws, { ecr }) => {
    aws.ecr.createRepository({ repositoryName, imageTagMutability })
    await body(ecr, aws)
  })

const push = (ecr: ECRClient, imageManifest: string, imageTag?: string, more: Partial<PutImageCommandInput> = {}) =>
  ecr.send(new PutImageCommand({ repositoryName, imageManifest, imageTag, ...more }))

const describeImages = async (ecr: ECRClient) =>
  (await ecr.send(new DescribeImagesCommand({ repositoryName }))).imageDetails ?? []

describe('pushing an image', () => {
  test('its digest is that of the bytes, its size that of configuration and layers, its time that of the clock', () =>
    withRepository(async (ecr, aws) => {
      aws.clock.set(Date.parse('2026-03-01T00:00:00Z'))
      const manifest = manifestOf('a')
      const { image } = await push(ecr, manifest, 'v1')
      expect(image?.imageId).toEqual({ imageDigest: digestOf(manifest), imageTag: 'v1' })
      const [detail] = await describeImages(ecr)
      expect(detail).toMatchObject({
        imageDigest: digestOf(manifest),
        imageTags: ['v1'],
        imageSizeInBytes: 32_100,
        imageManifestMediaType: OCI_MANIFEST,
        artifactMediaType: 'application/vnd.oci.image.config.v1+json',
      })
      expect(detail?.imagePushedAt?.toISOString()).toMatch(/^2026-03-01T00:00:0/)
      // AWS's own basic scanning fills neither; a caller that relies on them must fail here too.
      expect(detail?.imageScanStatus ?? detail?.imageScanFindingsSummary).toBeUndefined()
    }))

  test('a tag moves to the next image that is pushed with it, and the first one stays without', () =>
    withRepository(async (ecr) => {
      await push(ecr, manifestOf('a'), 'latest')
      await push(ecr, manifestOf('b'), 'latest')
      expect((await describeImages(ecr)).map(({ imageTags }) => imageTags)).toEqual([undefined, ['latest']])
    }))

  test('the same manifest under another tag is the same image', () =>
    withRepository(async (ecr) => {
      await push(ecr, manifestOf('a'), 'v1')
      await push(ecr, manifestOf('a'), 'latest')
      expect((await describeImages(ecr)).map(({ imageTags }) => imageTags)).toEqual([['v1', 'latest']])
    }))

  test('the same manifest under the same tag exists already', () =>
    withRepository(async (ecr) => {
      await push(ecr, manifestOf('a'), 'v1')
      expect((await errorOf(push(ecr, manifestOf('a'), 'v1'))).name).toBe('ImageAlreadyExistsException')
      expect((await errorOf(push(ecr, manifestOf('a')))).name).toBe('ImageAlreadyExistsException')
    }))

  test('an immutable tag does not move', () =>
    withRepository(async (ecr) => {
      await push(ecr, manifestOf('a'), 'v1')
      expect(await errorOf(push(ecr, manifestOf('b'), 'v1'))).toMatchObject({
        name: 'ImageTagAlreadyExistsException',
        message:
          "The image tag 'v1' already exists in the 'prod/app' repository and cannot be overwritten because the tag is immutable.",
      })
      await push(ecr, manifestOf('b'), 'v2')
    }, 'IMMUTABLE'))

  test.each([
    ['IMMUTABLE_WITH_EXCLUSION', 'dev-1', true],
    ['IMMUTABLE_WITH_EXCLUSION', 'v1', false],
    ['MUTABLE_WITH_EXCLUSION', 'dev-1', false],
    ['MUTABLE_WITH_EXCLUSION', 'v1', true],
  ] as const)('with %s and the filter dev-*, the tag %s may move: %s', (imageTagMutability, tag, may) =>
    withRepository(async (ecr) => {
      const imageTagMutabilityExclusionFilters = [{ filterType: 'WILDCARD' as const, filter: 'dev-*' }]
      const settings = { repositoryName, imageTagMutability, imageTagMutabilityExclusionFilters }
      await ecr.send(new PutImageTagMutabilityCommand(settings))
      await push(ecr, manifestOf('a'), tag)
      const again = push(ecr, manifestOf('b'), tag)
      if (may) await again
      else expect((await errorOf(again)).name).toBe('ImageTagAlreadyExistsException')
    }),
  )

  test('an index needs its children first', () =>
    withRepository(async (ecr) => {
      const index = indexOf(manifestOf('amd64'), manifestOf('arm64'))
      await push(ecr, manifestOf('amd64'))
      expect((await errorOf(push(ecr, index, 'v1'))).name).toBe('ReferencedImagesNotFoundException')
      await push(ecr, manifestOf('arm64'))
      await push(ecr, index, 'v1')
      expect((await describeImages(ecr)).at(-1)).toMatchObject({ imageManifestMediaType: OCI_INDEX, imageTags: ['v1'] })
    }))

  test.each([
    [
      'another digest than the manifest has',
      'ImageDigestDoesNotMatchException',
      manifestOf('a'),
      { imageDigest: NONE },
    ],
    ['a manifest that is not JSON', 'InvalidParameterException', '{', {}],
    ['a repository that is not there', 'RepositoryNotFoundException', '{}', { repositoryName: 'none' }],
    ['a registry that is not ours', 'RepositoryNotFoundException', '{}', { registryId: '999999999999' }],
    ['a tag of more than 300 characters', 'InvalidParameterException', '{}', { imageTag: 'x'.repeat(301) }],
  ])('%s is refused', (_, name, manifest, more) =>
    withRepository(async (ecr) => {
      expect((await errorOf(push(ecr, manifest, undefined, more))).name).toBe(name)
    }),
  )
})

describe('reading images in a batch', () => {
  test('by tag, by digest and by both; what is wrong is a failure of its own', () =>
    withRepository(async (ecr) => {
      const [a, b] = [manifestOf('a'), manifestOf('b')]
      await push(ecr, a, 'v1')
      await push(ecr, b, 'v2')
      const imageIds = [
        { imageTag: 'v1' },
        { imageDigest: digestOf(b) },
        { imageDigest: digestOf(a), imageTag: 'v1' },
        { imageTag: 'none' },
        { imageDigest: NONE },
        { imageDigest: digestOf(a), imageTag: 'v2' },
        { imageDigest: 'not a digest' },
        {},
      ]
      const { images, failures } = await ecr.send(new BatchGetImageCommand({ repositoryName, imageIds }))
      expect(images?.map(({ imageManifest }) => imageManifest)).toEqual([a, b, a])
      expect(failures?.map(({ failureCode }) => failureCode)).toEqual([
        'ImageNotFound',
        'ImageNotFound',
        'ImageTagDoesNotMatchDigest',
        'InvalidImageDigest',
        'MissingDigestAndTag',
      ])
    }))

  test('an image of a media type that is not accepted is not answered', () =>
    withRepository(async (ecr) => {
      await push(ecr, manifestOf('a'), 'v1')
      const ask = { repositoryName, imageIds: [{ imageTag: 'v1' }], acceptedMediaTypes: [OCI_INDEX] }
      const { images, failures } = await ecr.send(new BatchGetImageCommand(ask))
      expect([images?.length, failures?.length]).toEqual([0, 1])
    }))
})

describe('deleting images in a batch', () => {
  const remove = (ecr: ECRClient, ...imageIds: { imageTag?: string; imageDigest?: string }[]) =>
    ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }))

  test('by tag removes the tag, and with the last tag the image', () =>
    withRepository(async (ecr) => {
      await push(ecr, manifestOf('a'), 'v1')
      await push(ecr, manifestOf('a'), 'v2')
      await remove(ecr, { imageTag: 'v1' })
      expect((await describeImages(ecr)).map(({ imageTags }) => imageTags)).toEqual([['v2']])
      await remove(ecr, { imageTag: 'v2' })
      expect(await describeImages(ecr)).toEqual([])
    }))

  test('by digest removes the image with all its tags', () =>
    withRepository(async (ecr) => {
      const imageDigest = digestOf(manifestOf('a'))
      await push(ecr, manifestOf('a'), 'v1')
      await push(ecr, manifestOf('a'), 'v2')
      const { imageIds } = await remove(ecr, { imageDigest })
      expect(imageIds).toEqual([
        { imageDigest, imageTag: 'v1' },
        { imageDigest, imageTag: 'v2' },
      ])
      expect(await describeImages(ecr)).toEqual([])
    }))

  test('what an index lists stays until the index is gone', () =>
    withRepository(async (ecr) => {
      const child = manifestOf('amd64')
      await push(ecr, child)
      await push(ecr, indexOf(child), 'v1')
      const first = await remove(ecr, { imageDigest: digestOf(child) }, { imageTag: 'none' })
      expect(first.failures?.map(({ failureCode }) => failureCode)).toEqual([
        'ImageReferencedByManifestList',
        'ImageNotFound',
      ])
      await remove(ecr, { imageDigest: digestOf(indexOf(child)) })
      expect((await remove(ecr, { imageDigest: digestOf(child) })).failures).toEqual([])
      expect(await describeImages(ecr)).toEqual([])
    }))
})
