import {
  BatchCheckLayerAvailabilityCommand,
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  DescribeImagesCommand,
  type DescribeImagesFilter,
  type ECRClient,
  GetDownloadUrlForLayerCommand,
  ListImageReferrersCommand,
  ListImagesCommand,
  PutImageCommand,
  UpdateImageStorageClassCommand,
} from '@aws-sdk/client-ecr'
import { describe, expect, test } from 'vitest'
import { digestOf } from '../../../local/aws/ecr/manifest.ts'
import type { LocalAws } from '../../../local/aws/server.ts'
import { errorOf, withLocalAws } from './clients.ts'
import { indexOf, manifestOf } from './manifests.ts'

const repositoryName = 'prod/app'
const NOW = Date.parse('2026-11-28T12:00:00Z')
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

const A = manifestOf('a')
const imageDigest = digestOf(A)

const withImage = (body: (ecr: ECRClient, aws: LocalAws) => Promise<void>): Promise<void> =>
  withLocalAws(async (aws, { ecr }) => {
    aws.clock.set(NOW)
    aws.ecr.createRepository({ repositoryName })
    aws.ecr.putImage({ repositoryName, imageManifest: A, imageTag: 'v1' })
    await body(ecr, aws)
  })

const update = (ecr: ECRClient, targetStorageClass: 'ARCHIVE' | 'STANDARD', imageId: object = { imageDigest }) =>
  ecr.send(new UpdateImageStorageClassCommand({ repositoryName, imageId, targetStorageClass }))

const details = async (ecr: ECRClient, imageStatus?: DescribeImagesFilter['imageStatus']) => {
  const filter = imageStatus && { imageStatus }
  return (await ecr.send(new DescribeImagesCommand({ repositoryName, filter }))).imageDetails ?? []
}

const remove = (ecr: ECRClient, ...imageIds: { imageTag?: string; imageDigest?: string }[]) =>
  ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }))

const put = (ecr: ECRClient, imageManifest: string, imageTag?: string) =>
  ecr.send(new PutImageCommand({ repositoryName, imageManifest, imageTag }))

const about = (digest: string): string =>
  JSON.stringify({ schemaVersion: 2, artifactType: 'application/signature', subject: { digest }, layers: [] })

describe('the archive', () => {
  test('takes an image at once and gives it back in 20 minutes', () =>
    withImage(async (ecr, aws) => {
      expect((await update(ecr, 'ARCHIVE', { imageTag: 'v1' })).imageStatus).toBe('ARCHIVED')
      const [archived] = await details(ecr, 'ARCHIVED')
      expect(archived).toMatchObject({ imageStatus: 'ARCHIVED', imageTags: ['v1'] })
      expect(archived?.lastArchivedAt?.toISOString()).toMatch(/^2026-11-28T12:00:0/)
      expect((await update(ecr, 'STANDARD')).imageStatus).toBe('ACTIVATING')
      expect((await details(ecr, 'ACTIVATING'))[0]?.lastActivatedAt).toBeUndefined()
      aws.clock.set(NOW + 21 * MINUTE)
      const [active] = await details(ecr)
      expect(active).toMatchObject({ imageStatus: 'ACTIVE', lastArchivedAt: archived?.lastArchivedAt })
      expect(active?.lastActivatedAt?.toISOString()).toMatch(/^2026-11-28T12:20:0/)
    }))

  test('is not seen where nobody asks for it', () =>
    withImage(async (ecr) => {
      await update(ecr, 'ARCHIVE')
      expect(await details(ecr)).toEqual([])
      expect(await details(ecr, 'ANY')).toHaveLength(1)
      const list = async (filter?: DescribeImagesFilter) =>
        (await ecr.send(new ListImagesCommand({ repositoryName, filter }))).imageIds
      expect(await list()).toEqual([])
      expect(await list({ imageStatus: 'ARCHIVED' })).toEqual([{ imageDigest, imageTag: 'v1' }])
      const named = await ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: 'v1' }] }))
      expect(named.imageDetails?.[0]?.imageStatus).toBe('ARCHIVED')
    }))

  test('gives nothing to pull', () =>
    withImage(async (ecr, aws) => {
      const { digest: layerDigest } = aws.ecr.putBlob(repositoryName, 'a')
      await update(ecr, 'ARCHIVE')
      const { images, failures } = await ecr.send(
        new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest }] }),
      )
      expect([images, failures?.[0]?.failureCode]).toEqual([[], 'ImageInaccessible'])
      const download = ecr.send(new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest }))
      expect((await errorOf(download)).name).toBe('LayersNotFoundException')
      const layerDigests = [layerDigest]
      const { layers } = await ecr.send(new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests }))
      expect(layers?.[0]?.layerAvailability).toBe('ARCHIVED')
    }))

  test('gives back an image that is pushed again, with its push time', () =>
    withImage(async (ecr, aws) => {
      await update(ecr, 'ARCHIVE')
      const pushedAt = (await details(ecr, 'ANY'))[0]?.imagePushedAt
      aws.clock.set(NOW + DAY)
      await put(ecr, A, 'v1')
      expect(await details(ecr)).toMatchObject([{ imageStatus: 'ACTIVE', imageTags: ['v1'], imagePushedAt: pushedAt }])
      expect((await errorOf(put(ecr, A, 'v1'))).name).toBe('ImageAlreadyExistsException')
    }))

  test('refuses what is in the class already, what is on its way, and what an active index lists', () =>
    withImage(async (ecr, aws) => {
      const refused = 'ImageStorageClassUpdateNotSupportedException'
      expect((await errorOf(update(ecr, 'STANDARD'))).name).toBe(refused)
      await update(ecr, 'ARCHIVE')
      expect((await errorOf(update(ecr, 'ARCHIVE'))).name).toBe(refused)
      await update(ecr, 'STANDARD')
      expect((await errorOf(update(ecr, 'STANDARD'))).name).toBe(refused)
      aws.clock.set(NOW + DAY)
      const index = indexOf(A)
      aws.ecr.putImage({ repositoryName, imageManifest: index })
      expect((await errorOf(update(ecr, 'ARCHIVE'))).name).toBe(refused)
      await update(ecr, 'ARCHIVE', { imageDigest: digestOf(index) })
      await update(ecr, 'ARCHIVE')
      expect((await errorOf(update(ecr, 'ARCHIVE', { imageTag: 'none' }))).name).toBe('ImageNotFoundException')
    }))

  test('is followed by referrers within a day, there and back', () =>
    withImage(async (ecr, aws) => {
      aws.ecr.putImage({ repositoryName, imageManifest: about(imageDigest) })
      const statuses = async () =>
        (
          await ecr.send(
            new ListImageReferrersCommand({
              repositoryName,
              subjectId: { imageDigest },
              filter: { artifactStatus: 'ANY' },
            }),
          )
        ).referrers?.map(({ artifactStatus }) => artifactStatus)
      await update(ecr, 'ARCHIVE')
      expect(await statuses()).toEqual(['ACTIVE'])
      aws.clock.set(NOW + DAY + MINUTE)
      expect(await statuses()).toEqual(['ARCHIVED'])
      const list = new ListImageReferrersCommand({ repositoryName, subjectId: { imageDigest } })
      expect((await ecr.send(list)).referrers).toEqual([])
      await update(ecr, 'STANDARD')
      aws.clock.set(NOW + 2 * DAY + 2 * MINUTE)
      expect(await statuses()).toEqual(['ACTIVE'])
    }))
})

describe('after a deletion', () => {
  test('referrers go within a day, and theirs a day later', () =>
    withImage(async (ecr, aws) => {
      const [signature, ofSignature] = [about(imageDigest), about(digestOf(about(imageDigest)))]
      for (const imageManifest of [signature, ofSignature]) aws.ecr.putImage({ repositoryName, imageManifest })
      const digests = async () => (await details(ecr)).map((detail) => detail.imageDigest)
      await remove(ecr, { imageDigest })
      expect(await digests()).toEqual([digestOf(signature), digestOf(ofSignature)])
      aws.clock.set(NOW + DAY + MINUTE)
      expect(await digests()).toEqual([digestOf(ofSignature)])
      aws.clock.set(NOW + 2 * DAY + 2 * MINUTE)
      expect(await digests()).toEqual([])
    }))

  test('referrers stay where the subject is pushed again in time', () =>
    withImage(async (ecr, aws) => {
      aws.ecr.putImage({ repositoryName, imageManifest: about(imageDigest) })
      await remove(ecr, { imageDigest })
      await put(ecr, A, 'v1')
      aws.clock.set(NOW + 2 * DAY)
      expect(await details(ecr)).toHaveLength(2)
    }))

  test('the manifest can be pushed again for a week, and not without its layers after it', () =>
    withImage(async (ecr, aws) => {
      const { digest: layerDigest } = aws.ecr.putBlob(repositoryName, 'a')
      const layerDigests = [layerDigest]
      const isThere = async () =>
        (await ecr.send(new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests }))).layers?.[0]
          ?.layerAvailability
      await remove(ecr, { imageDigest })
      aws.clock.set(NOW + 6 * DAY)
      expect(await isThere()).toBe('AVAILABLE')
      await put(ecr, A, 'v1')
      await remove(ecr, { imageTag: 'v1' })
      aws.clock.set(NOW + 14 * DAY)
      expect(await isThere()).toBe('UNAVAILABLE')
      expect((await errorOf(put(ecr, A, 'v1'))).name).toBe('LayersNotFoundException')
      for (const part of ['a', 'a 1', 'a 2']) aws.ecr.putBlob(repositoryName, part)
      await put(ecr, A, 'v1')
    }))

  test('a layer that another image has stays', () =>
    withImage(async (ecr, aws) => {
      const shared = A.replace(digestOf('a'), digestOf('other'))
      aws.ecr.putImage({ repositoryName, imageManifest: shared })
      await remove(ecr, { imageDigest: digestOf(shared) })
      aws.clock.set(NOW + 14 * DAY)
      const layerDigests = [digestOf('a 1'), digestOf('other')]
      const { layers } = await ecr.send(new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests }))
      expect(layers?.map(({ layerAvailability }) => layerAvailability)).toEqual(['AVAILABLE', 'UNAVAILABLE'])
    }))

  test('archived images go like others, and every id that is wrong says why', () =>
    withImage(async (ecr) => {
      await update(ecr, 'ARCHIVE')
      const { failures } = await remove(ecr, {}, { imageTag: 'no tag!' }, { imageDigest: 'no digest' })
      expect(failures?.map(({ failureCode }) => failureCode)).toEqual([
        'MissingDigestAndTag',
        'InvalidImageTag',
        'InvalidImageDigest',
      ])
      const many = Array.from({ length: 101 }, (_, n) => ({ imageTag: `v${n}` }))
      expect((await errorOf(remove(ecr, ...many))).name).toBe('InvalidParameterException')
      expect((await remove(ecr, { imageDigest, imageTag: 'v1' })).imageIds).toEqual([{ imageDigest, imageTag: 'v1' }])
      expect(await details(ecr, 'ANY')).toEqual([])
    }))
})
