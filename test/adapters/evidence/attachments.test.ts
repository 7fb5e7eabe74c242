import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ecrCall } from '../../../functions/adapters/ecr-call.ts'
import { attachments } from '../../../functions/adapters/evidence/attachments.ts'
import { signedAws } from '../../../functions/adapters/signed-aws.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { indexManifest, layer, member, OCI_MANIFEST, type Stored, stored } from '../../policy/image/manifests.ts'
import { envOf } from '../env.ts'
import { BUNDLE, REPOSITORY, registryIn, SIMPLE_SIGNING, tagOf } from './registry.ts'

let aws: LocalAws
let registry: ReturnType<typeof registryIn>

const reader = () => {
  const call = signedAws(envOf(aws))
  const source = { region: aws.region, endpoint: aws.url }
  return attachments({ aws: call, call: ecrCall(call, aws.region), source })
}
const since = () => {
  const from = aws.calls.length
  return () => aws.calls.slice(from).map(({ operation }) => operation)
}

beforeAll(async () => {
  aws = await startLocalAws()
  aws.ecr.createRepository({ repositoryName: REPOSITORY })
  registry = registryIn(aws)
})
beforeEach(() => aws.faults.clear())
afterAll(() => aws.close())

describe('what is attached to an image', () => {
  test('is nothing where nothing is, in two calls', async () => {
    const calls = since()
    expect(await reader().attachedTo(registry.image())).toEqual({ manifests: [], unread: 0 })
    expect(calls()).toEqual(['ListImageReferrers', 'BatchGetImage'])
  })

  test('is what says so of itself, and what has a tag as cosign gives it, in two calls whoever asks', async () => {
    const image = registry.image()
    const bundle = registry.attached(image, BUNDLE, ['{"bundle":1}'], { annotations: { a: 'b', c: 1 } })
    registry.put(bundle)
    const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: stored('c').digest, size: 1 }
    const signature = registry.attached(image, SIMPLE_SIGNING, ['{"critical":{}}'], {
      ...{ subject: undefined, artifactType: undefined, config },
    })
    registry.put(signature, tagOf(image.digest, '.sig'))
    const calls = since()
    const { attachedTo } = reader()
    const [one, other] = await Promise.all([attachedTo(image), attachedTo(image)])
    expect(calls()).toEqual(['ListImageReferrers', 'BatchGetImage'])
    expect(other).toBe(one)
    expect(one).toEqual({
      unread: 0,
      manifests: [
        {
          ...{ digest: bundle.digest, type: BUNDLE, annotations: { a: 'b' } },
          layers: [{ mediaType: BUNDLE, ...stored('{"bundle":1}'), text: undefined, annotations: {} }],
        },
        {
          ...{ digest: signature.digest, tag: tagOf(image.digest, '.sig'), annotations: {} },
          type: 'application/vnd.oci.image.config.v1+json',
          layers: [{ mediaType: SIMPLE_SIGNING, ...stored('{"critical":{}}'), text: undefined, annotations: {} }],
        },
      ],
    })
  })

  test('is asked for again, since somebody may have signed it by then', async () => {
    const image = registry.image()
    const { attachedTo } = reader()
    expect((await attachedTo(image)).manifests).toEqual([])
    registry.put(registry.attached(image, BUNDLE, ['{}']))
    expect((await attachedTo(image)).manifests).toHaveLength(1)
  })

  test('is once there though it has a tag and a subject', async () => {
    const image = registry.image()
    registry.put(registry.attached(image, SIMPLE_SIGNING, ['{}']), tagOf(image.digest, '.sig'))
    const { manifests } = await reader().attachedTo(image)
    expect(manifests).toMatchObject([{ tag: tagOf(image.digest, '.sig'), type: SIMPLE_SIGNING }])
  })

  test('may be in an artifact manifest of before OCI 1.1', async () => {
    const image = registry.image()
    const mediaType = 'application/vnd.cncf.oras.artifact.manifest.v1+json'
    const blobs = [{ mediaType: 'text/spdx', ...registry.blob('SBOM') }]
    const old = { ...{ schemaVersion: undefined, config: undefined, layers: undefined }, mediaType, blobs }
    registry.put(registry.attached(image, 'text/sbom+json', [], old))
    expect(await reader().attachedTo(image)).toMatchObject({
      manifests: [{ type: 'text/sbom+json', layers: [{ mediaType: 'text/spdx', size: 4 }] }],
    })
  })

  test('may be listed under a tag, by clients that know no referrers, which takes one call more', async () => {
    const image = registry.image()
    const listed = registry.attached(image, BUNDLE, ['{}'])
    const stray = registry.attached(registry.image(), BUNDLE, ['{}'])
    for (const one of [listed, stray]) registry.put(one)
    registry.put(indexManifest([listed, stray].map((one) => member(one))), tagOf(image.digest))
    const calls = since()
    expect(await reader().attachedTo(image)).toMatchObject({
      unread: 0,
      manifests: [{ digest: listed.digest }, { digest: stray.digest, refused: 'its manifest is about another one' }],
    })
    expect(calls()).toEqual(['ListImageReferrers', 'BatchGetImage', 'BatchGetImage'])
  })

  test.each(['{"manifests": "none"}', '{"manifests": [1]}'])('is nothing more where that list is %s', async (text) => {
    const image = registry.image()
    const tag = tagOf(image.digest)
    aws.faults.inject({
      ...{ service: 'ecr', operation: 'BatchGetImage' },
      error: {
        body: JSON.stringify({
          images: [{ imageId: { imageDigest: stored(text).digest, imageTag: tag }, imageManifest: text }],
        }),
      },
    })
    expect(await reader().attachedTo(image)).toEqual({ manifests: [], unread: 0 })
  })
})

describe('whoever may push can attach', () => {
  test('a hundred things, of which some are left unread, and what proves nothing by its type before others', async () => {
    const image = registry.image()
    for (let n = 0; n < 100; n++) registry.put(registry.attached(image, 'application/x', [`junk ${n}`]))
    const good = registry.attached(image, BUNDLE, ['{"good":1}'])
    registry.put(good)
    const calls = since()
    const { manifests, unread } = await reader().attachedTo(image)
    expect([manifests.length, unread]).toEqual([96, 5])
    expect(manifests[0]?.digest).toBe(good.digest)
    expect(calls()).toEqual(['ListImageReferrers', 'ListImageReferrers', 'ListImageReferrers', 'BatchGetImage'])
  })

  test('so much that nobody counts it', async () => {
    const image = registry.image()
    for (let n = 0; n < 201; n++) registry.put(registry.attached(image, BUNDLE, [`${n}`]))
    const calls = since()
    expect((await reader().attachedTo(image)).unread).toBe(200 - 96 + 1)
    expect(calls()).toHaveLength(5)
  })

  test('large manifests, which take nothing from small ones', async () => {
    const image = registry.image()
    const filler = { annotations: { x: 'x'.repeat(2_100_000) } }
    for (const n of [1, 2]) registry.put(registry.attached(image, BUNDLE, [`large ${n}`], filler))
    const small = registry.attached(image, BUNDLE, ['{"small":1}'])
    registry.put(small)
    const { manifests, unread } = await reader().attachedTo(image)
    expect([manifests.length, unread]).toEqual([2, 1])
    expect(manifests[0]?.digest).toBe(small.digest)
  })

  test.each<[string, object, string]>([
    ['about another image', { subject: { digest: stored('other').digest } }, 'its manifest is about another one'],
    ['of a blob that is none', { layers: ['x'] }, 'its manifest lists something that is no blob'],
    ['of a digest that is none', { layers: [{ digest: 'sha512:0', size: 1 }] }, 'names a digest that is not of sha256'],
    ['of a size that is none', { layers: [{ ...layer('x'), size: -1 }] }, 'names a size that is none'],
    ['of many blobs', { layers: Array.from({ length: 1_001 }, () => layer('x')) }, 'lists more than 1000 blobs'],
    ['that is an index', { manifests: [] }, 'it is an index'],
    ['nested deep', { x: JSON.parse('['.repeat(70) + ']'.repeat(70)) }, 'nested more than 64 deep'],
  ])('a manifest %s under a tag, which is refused', async (_, change, why) => {
    const image = registry.image()
    const lie = registry.attached(image, SIMPLE_SIGNING, [], change)
    const tag = tagOf(image.digest, '.sig')
    aws.faults.inject({
      ...{ service: 'ecr', operation: 'BatchGetImage' },
      error: {
        body: JSON.stringify({
          images: [{ imageId: { imageDigest: lie.digest, imageTag: tag }, imageManifest: lie.text }],
        }),
      },
    })
    expect(await reader().attachedTo(image)).toEqual({
      manifests: [
        ...[{ digest: lie.digest, tag, type: '', layers: [], annotations: {}, refused: expect.stringContaining(why) }],
      ],
      unread: 0,
    })
  })
})

describe('nothing is known to be missing', () => {
  const body = (answer: unknown) => ({ body: JSON.stringify(answer) })

  test.each([
    ['ListImageReferrers', 'ServerException', 'ECR answered ServerException to ListImageReferrers'],
    [
      'ListImageReferrers',
      'UnableToListUpstreamImageReferrersException',
      'ECR answered UnableToListUpstreamImageReferrersException to ListImageReferrers',
    ],
    ['BatchGetImage', 'AccessDeniedException', 'ECR answered AccessDeniedException to BatchGetImage'],
  ])('where %s answers %s', async (operation, code, why) => {
    const status = code === 'ServerException' ? 500 : 400
    aws.faults.inject({ service: 'ecr', operation, times: 3, error: { code, status } })
    await expect(reader().attachedTo(registry.image())).rejects.toMatchObject({ name: 'Unreadable', message: why })
  })

  test('where the second page does not come', async () => {
    const image = registry.image()
    for (let n = 0; n < 51; n++) registry.put(registry.attached(image, BUNDLE, [`${n}`]))
    const when = ({ nextToken }: Readonly<Record<string, unknown>>) => nextToken !== undefined
    const error = { code: 'ServerException', status: 500 }
    aws.faults.inject({ service: 'ecr', operation: 'ListImageReferrers', when, times: 3, error })
    await expect(reader().attachedTo(image)).rejects.toThrow('ServerException')
  })

  test('where a manifest has not the digest that ECR gives it for, is out of reach, or does not show yet', async () => {
    const image = registry.image()
    const [bundle, other, late] = ['1', '2', '3'].map((text) => registry.attached(image, BUNDLE, [text])) as [
      ...[Stored, Stored, Stored],
    ]
    for (const one of [bundle, other, late]) registry.put(one)
    aws.faults.inject({
      ...{ service: 'ecr', operation: 'BatchGetImage' },
      error: body({
        images: [{ imageId: { imageDigest: bundle.digest }, imageManifest: `${bundle.text} ` }],
        failures: [
          { imageId: { imageDigest: other.digest }, failureCode: 'KmsError' },
          { imageId: { imageDigest: late.digest }, failureCode: 'ImageNotFound' },
          { imageId: { imageTag: tagOf(image.digest) }, failureCode: 'ImageNotFound' },
        ],
      }),
    })
    expect(await reader().attachedTo(image)).toEqual({ manifests: [], unread: 3 })
  })

  test('where it is in the archive', async () => {
    const image = registry.image()
    const { text } = registry.attached(image, BUNDLE, ['archived'])
    const archivedAt = new Date('2026-01-01T00:00:00Z')
    aws.ecr.putImage({
      repositoryName: REPOSITORY,
      imageManifest: text,
      imageManifestMediaType: OCI_MANIFEST,
      archivedAt,
    })
    expect(await reader().attachedTo(image)).toEqual({ manifests: [], unread: 1 })
  })

  test('where the repository is gone', async () => {
    const image = { ...registry.image(), repository: 'prod/none' }
    await expect(reader().attachedTo(image)).rejects.toMatchObject({ name: 'Gone' })
  })
})

describe('a blob', () => {
  test('is had, and asked for once where it is small', async () => {
    const image = registry.image()
    const blob = registry.blob('a signature')
    const calls = since()
    const { blob: read } = reader()
    for (const limit of [1_048_576, 8 * 1_048_576])
      expect((await read(image, blob, limit)).toString()).toBe('a signature')
    expect(calls()).toEqual(['GetDownloadUrlForLayer', 'GetObject'])
  })

  test('is had each time where it is large, but once by those who ask together', async () => {
    const image = registry.image()
    const blob = registry.blob('x'.repeat(1_100_000))
    const calls = since()
    const { blob: read } = reader()
    await Promise.all([read(image, blob, 2_000_000), read(image, blob, 2_000_000)])
    expect(calls()).toHaveLength(2)
    expect(await read(image, blob, 2_000_000)).toHaveLength(1_100_000)
    expect(calls()).toHaveLength(4)
  })

  test('that is larger than is read is not asked for', async () => {
    const calls = since()
    const read = reader().blob(registry.image(), { digest: stored('x').digest, size: 1_048_577 }, 1_048_576)
    await expect(read).rejects.toThrow('it has more than 1 MiB')
    expect(calls()).toEqual([])
  })

  test('of other bytes is none', async () => {
    const image = registry.image()
    const { digest, size } = stored('a signature')
    aws.ecr.putBlob(REPOSITORY, 'A signature', digest)
    await expect(reader().blob(image, { digest, size }, 100)).rejects.toThrow(
      'what is attached does not have its digest',
    )
  })

  test('that is gone is unreadable', async () => {
    const blob = { digest: stored('nowhere').digest, size: 7 }
    await expect(reader().blob(registry.image(), blob, 100)).rejects.toMatchObject({ name: 'Unreadable' })
  })
})
