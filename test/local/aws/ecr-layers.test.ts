import {
  BatchCheckLayerAvailabilityCommand,
  CompleteLayerUploadCommand,
  type ECRClient,
  GetDownloadUrlForLayerCommand,
  InitiateLayerUploadCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr'
import { describe, expect, test } from 'vitest'
import { digestOf } from '../../../local/aws/ecr/manifest.ts'
import type { LocalAws } from '../../../local/aws/server.ts'
import { errorOf, withLocalAws } from './clients.ts'
import { manifestOf } from './manifests.ts'

const repositoryName = 'prod/team-a/app'
const MIB = 1_048_576
const HOUR = 3_600_000
const CONFIG = JSON.stringify({ architecture: 'amd64', os: 'linux' })

const withRepository = (body: (aws: LocalAws, ecr: ECRClient) => Promise<void>): Promise<void> =>
  withLocalAws(async (aws, { ecr }) => {
    aws.ecr.createRepository({ repositoryName })
    await body(aws, ecr)
  })

const urlOf = async (ecr: ECRClient, layerDigest: string): Promise<string> =>
  (await ecr.send(new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest }))).downloadUrl ?? ''

const begin = async (ecr: ECRClient): Promise<string> =>
  (await ecr.send(new InitiateLayerUploadCommand({ repositoryName }))).uploadId ?? ''

const upload = (ecr: ECRClient, uploadId: string, first: number, layerPartBlob: Uint8Array) =>
  ecr.send(
    new UploadLayerPartCommand({
      ...{ repositoryName, uploadId, layerPartBlob },
      partFirstByte: first,
      partLastByte: first + layerPartBlob.length - 1,
    }),
  )

const complete = (ecr: ECRClient, uploadId: string, digest: string) =>
  ecr.send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [digest] }))

describe('a blob', () => {
  test('is had from the URL that ECR gives, with its length and without credentials', () =>
    withRepository(async (aws, ecr) => {
      const { digest } = aws.ecr.putBlob(repositoryName, CONFIG)
      expect(digest).toBe(digestOf(CONFIG))
      const url = await urlOf(ecr, digest)
      expect(url).toMatch(new RegExp(`^${aws.url}/prod-ap-northeast-1-starport-layer-bucket/.*X-Amz-Expires=3600`))
      const answer = await fetch(url)
      expect(answer.headers.get('content-length')).toBe(String(CONFIG.length))
      expect(await answer.text()).toBe(CONFIG)
      expect(aws.calls.at(-1)).toMatchObject({ service: 's3', operation: 'GetObject', status: 200 })
    }))

  test('is not had an hour later, nor with a signature of another one', () =>
    withRepository(async (aws, ecr) => {
      const [config, layer] = [aws.ecr.putBlob(repositoryName, CONFIG), aws.ecr.putBlob(repositoryName, 'layer')]
      const [first, second] = [new URL(await urlOf(ecr, config.digest)), new URL(await urlOf(ecr, layer.digest))]
      const forged = await fetch(new URL(first.search, second))
      expect([forged.status, await forged.text()]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')])
      aws.clock.advanceTo(aws.clock.now() + HOUR + 1_000)
      const late = await fetch(first)
      expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('Request has expired')])
      expect(aws.calls.at(-1)).toMatchObject({ operation: 'GetObject', status: 403, error: 'AccessDenied' })
    }))

  test('that went after its URL was given is not there', () =>
    withRepository(async (aws, ecr) => {
      const { digest } = aws.ecr.putBlob(repositoryName, CONFIG)
      const url = await urlOf(ecr, digest)
      aws.ecr.repository(repositoryName)?.blobs.delete(digest)
      expect((await fetch(url)).status).toBe(404)
      expect(await errorOf(urlOf(ecr, digest))).toMatchObject({
        name: 'LayersNotFoundException',
        message: `The layer with digest '${digest}' does not exist within the repository with name '${repositoryName}' in the registry with id '123456789012'`,
      })
    }))

  test.each([
    ['redirect', { redirectTo: 'http://127.0.0.1:1/elsewhere' }, 302, ''],
    ['other bytes', { body: 'not what it should be' }, 200, 'not what it should be'],
    ['an error', { code: 'SlowDown', status: 503 }, 503, expect.stringContaining('<Code>SlowDown</Code>')],
    ['a delay', { delayMs: 1 }, 200, CONFIG],
  ])('can be made to answer with %s', (_, error, status, body) =>
    withRepository(async (aws, ecr) => {
      const { digest } = aws.ecr.putBlob(repositoryName, CONFIG)
      const url = await urlOf(ecr, digest)
      aws.faults.inject({ service: 's3', operation: 'GetObject', error })
      const answer = await fetch(url, { redirect: 'manual' })
      expect([answer.status, await answer.text()]).toEqual([status, body])
      expect(aws.calls.at(-1)).toMatchObject({ service: 's3', status })
    }),
  )

  test('may be kept under a digest that is not its own', () =>
    withRepository(async (aws, ecr) => {
      const digest = digestOf('something else')
      aws.ecr.putBlob(repositoryName, CONFIG, digest)
      expect(await (await fetch(await urlOf(ecr, digest))).text()).toBe(CONFIG)
    }))
})

describe('an upload', () => {
  test('of several parts becomes one layer', () =>
    withRepository(async (aws, ecr) => {
      const [head, tail] = [new Uint8Array(5 * MIB).fill(7), Buffer.from('the end')]
      const digest = digestOf(Buffer.concat([head, tail]))
      const uploadId = await begin(ecr)
      await upload(ecr, uploadId, 0, head)
      const { lastByteReceived } = await upload(ecr, uploadId, head.length, tail)
      expect(lastByteReceived).toBe(head.length + tail.length - 1)
      expect((await complete(ecr, uploadId, digest)).layerDigest).toBe(digest)
      expect(JSON.stringify(aws.calls.map(({ input }) => input))).toContain('(5242880 bytes)')
      const layerDigests = [digest, digestOf('unknown'), 'not a digest']
      const { layers, failures } = await ecr.send(
        new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests }),
      )
      expect(layers).toMatchObject([
        { layerAvailability: 'AVAILABLE', layerSize: head.length + tail.length },
        { layerAvailability: 'UNAVAILABLE' },
      ])
      expect(failures).toMatchObject([{ layerDigest: 'not a digest', failureCode: 'InvalidLayerDigest' }])
    }))

  test('whose parts do not follow one another, or are not as long as they say, is refused with what was received', () =>
    withRepository(async (_, ecr) => {
      const uploadId = await begin(ecr)
      await upload(ecr, uploadId, 0, Buffer.from('abc'))
      const gap = upload(ecr, uploadId, 4, Buffer.from('d'))
      await expect(gap).rejects.toMatchObject({ name: 'InvalidLayerPartException', lastValidByteReceived: 2 })
      const short = { repositoryName, uploadId, partFirstByte: 3, partLastByte: 9, layerPartBlob: Buffer.from('d') }
      await expect(ecr.send(new UploadLayerPartCommand(short))).rejects.toMatchObject({
        name: 'InvalidLayerPartException',
      })
    }))

  test.each([
    ['of no part', 'EmptyUploadException', [], digestOf('')],
    ['of another digest', 'InvalidLayerException', ['abc'], digestOf('abd')],
    ['of small parts', 'LayerPartTooSmallException', ['abc', 'def'], digestOf('abcdef')],
    ['of a layer that is there', 'LayerAlreadyExistsException', ['there'], digestOf('there')],
  ])('%s cannot be completed', (_, name, parts, digest) =>
    withRepository(async (aws, ecr) => {
      aws.ecr.putBlob(repositoryName, 'there')
      const uploadId = await begin(ecr)
      for (const [n, part] of parts.entries()) await upload(ecr, uploadId, 3 * n, Buffer.from(part))
      expect((await errorOf(complete(ecr, uploadId, digest))).name).toBe(name)
    }),
  )

  test('is known in its own repository, until it is complete', () =>
    withRepository(async (aws, ecr) => {
      aws.ecr.createRepository({ repositoryName: 'other' })
      const uploadId = await begin(ecr)
      const part = { uploadId, partFirstByte: 0, partLastByte: 2, layerPartBlob: Buffer.from('abc') }
      const elsewhere = ecr.send(new UploadLayerPartCommand({ repositoryName: 'other', ...part }))
      expect((await errorOf(elsewhere)).name).toBe('UploadNotFoundException')
      await upload(ecr, uploadId, 0, part.layerPartBlob)
      await complete(ecr, uploadId, digestOf('abc'))
      expect((await errorOf(upload(ecr, uploadId, 3, Buffer.from('d')))).name).toBe('UploadNotFoundException')
    }))
})

test('a layer that an image names is available, though its bytes were never uploaded', () =>
  withRepository(async (aws, ecr) => {
    aws.ecr.putImage({ repositoryName, imageManifest: manifestOf('a') })
    const layerDigests = [digestOf('a 2')]
    const { layers } = await ecr.send(new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests }))
    expect(layers).toMatchObject([
      { layerAvailability: 'AVAILABLE', layerSize: 30_000, mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' },
    ])
  }))
