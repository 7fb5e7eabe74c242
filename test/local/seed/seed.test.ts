import {
  BatchGetImageCommand,
  DescribeImageScanFindingsCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetDownloadUrlForLayerCommand,
} from '@aws-sdk/client-ecr'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { createClock } from '../../../local/clock.ts'
import { digestOf } from '../../../local/seed/digest.ts'
import { IMAGES, seedImage } from '../../../local/seed/images.ts'
import { REPOSITORIES } from '../../../local/seed/repositories.ts'
import { countsOf, SCANS } from '../../../local/seed/scans.ts'
import { seed } from '../../../local/seed/seed.ts'
import { applyStage, scanStages } from '../../../local/seed/stages.ts'
import { SAMPLES } from '../../events/files.ts'

const STORY = Date.parse('2026-11-20T00:00:00Z')

async function start(at: number) {
  const aws = await startLocalAws({ clock: createClock(at) })
  await seed(aws, at)
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = new ECRClient({ endpoint: aws.url, region: aws.region, credentials })
  const close = async () => {
    client.destroy()
    await aws.close()
  }
  return { aws, client, close }
}

const scanOf = (client: ECRClient, name: string) => {
  const { repository, digest } = seedImage(name)
  const input = { repositoryName: repository, imageId: { imageDigest: digest }, maxResults: 1_000 }
  return client.send(new DescribeImageScanFindingsCommand(input))
}

describe('the seeded registry at the beginning of the story', () => {
  let world: Awaited<ReturnType<typeof start>>
  beforeAll(async () => {
    world = await start(STORY)
  })
  afterAll(() => world.close())

  it('has its repositories, with their settings', async () => {
    const { repositories = [] } = await world.client.send(new DescribeRepositoriesCommand({ maxResults: 1_000 }))
    expect(repositories.map(({ repositoryName }) => repositoryName)).toEqual(REPOSITORIES.map(({ name }) => name))
    expect(repositories.find(({ repositoryName }) => repositoryName === 'prod/payments')).toMatchObject({
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: 'KMS' },
    })
  })

  it('has its images, with digest, tags and the instant of their push', async () => {
    for (const { name, repository, digest, tags, pushed } of IMAGES) {
      const input = { repositoryName: repository, imageIds: [{ imageDigest: digest }] }
      const { imageDetails: [found] = [] } = await world.client.send(new DescribeImagesCommand(input))
      expect([...(found?.imageTags ?? [])].sort(), name).toEqual([...tags].sort())
      expect(found?.imagePushedAt, name).toEqual(new Date(pushed))
    }
  })

  it('gives a manifest back byte for byte', async () => {
    const { text, mediaType } = seedImage('prod/edge:3.1.0')
    const input = { repositoryName: 'prod/edge', imageIds: [{ imageTag: '3.1.0' }], acceptedMediaTypes: [mediaType] }
    const { images: [found] = [] } = await world.client.send(new BatchGetImageCommand(input))
    expect(found).toMatchObject({ imageManifest: text, imageManifestMediaType: mediaType })
  })

  it('has the configuration of every image, under its digest, from the URL that ECR gives for it', async () => {
    for (const { name, repository, text } of IMAGES) {
      const { config } = JSON.parse(text) as { config?: { digest: string; size: number } }
      if (!config) continue
      const input = { repositoryName: repository, layerDigest: config.digest }
      const { downloadUrl = '' } = await world.client.send(new GetDownloadUrlForLayerCommand(input))
      const body = await (await fetch(downloadUrl)).text()
      expect([digestOf(body), Buffer.byteLength(body)], name).toEqual([config.digest, config.size])
    }
  })

  it('knows the scans of before, and none of those that are still to come', async () => {
    expect((await scanOf(world.client, 'prod/api:1.4.1')).imageScanStatus?.status).toBe('COMPLETE')
    await expect(scanOf(world.client, 'prod/api:1.4.2')).rejects.toMatchObject({ name: 'ScanNotFoundException' })
  })

  it('leaves the clock at that instant', () => {
    expect(world.aws.clock.now()).toBeGreaterThanOrEqual(STORY)
    expect(world.aws.clock.now()).toBeLessThan(STORY + 600_000)
  })
})

describe('the stages of the story', () => {
  let world: Awaited<ReturnType<typeof start>>
  beforeAll(async () => {
    world = await start(STORY)
  })
  afterAll(() => world.close())

  it('bring each scan into force with its event, by event or by id, in the shape of its scanner', async () => {
    const { aws, client } = world
    const stages = new Map(scanStages.map((stage) => [stage.event, stage]))
    for (const { id, time, event } of SAMPLES) {
      aws.clock.advanceTo(Date.parse(time))
      applyStage(aws, typeof event === 'object' && event !== null ? event : id)
      applyStage(aws, id)
      const stage = stages.get(id)
      if (!stage) continue
      const scan = SCANS[stage.scan]
      const { imageScanStatus, imageScanFindings: found } = await scanOf(client, scan.image)
      expect(imageScanStatus?.status, stage.file).toBe(scan.status)
      expect(found?.findingSeverityCounts ?? {}, stage.file).toEqual(countsOf(scan))
      expect(found?.enhancedFindings?.length ?? 0, stage.file).toBe(scan.enhanced?.length ?? 0)
      expect(found?.findings?.length ?? 0, stage.file).toBe(scan.basic?.length ?? 0)
    }
  })

  it('leave the registry alone where an event brings none', () => {
    expect(() => applyStage(world.aws, 'no such event')).not.toThrow()
    expect(() => applyStage(world.aws, {})).not.toThrow()
  })
})

describe('the seeded registry after the story', () => {
  it('has every result in force, so that it can be looked at without a replay', async () => {
    const world: { aws: LocalAws; client: ECRClient; close(): Promise<void> } = await start(
      Date.parse('2026-12-01T00:00:00Z'),
    )
    const { imageScanFindings: found } = await scanOf(world.client, 'prod/api:1.4.2')
    expect(found?.findingSeverityCounts).toEqual(countsOf(SCANS.apiLater))
    expect(found?.imageScanCompletedAt).toEqual(new Date('2026-11-22T00:03:08Z'))
    await world.close()
  })
})
