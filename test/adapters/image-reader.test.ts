import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ecrCall } from '../../functions/adapters/ecr-call.ts'
import { ecrConfigs } from '../../functions/adapters/image-configs.ts'
import { imageReader } from '../../functions/adapters/image-reader.ts'
import { type AwsCall, signedAws } from '../../functions/adapters/signed-aws.ts'
import type { ImageRef } from '../../functions/domain/image.ts'
import { type OpenedImage, openManifest } from '../../functions/policy/image/manifest.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import {
  attestation,
  configuration,
  imageManifest,
  indexManifest,
  layer,
  member,
  type Stored,
  stored,
} from '../policy/image/manifests.ts'
import { envOf } from './env.ts'

const at = new Date('2026-11-20T08:00:00Z')
const arm = { platform: { os: 'linux', architecture: 'arm64' } }

let aws: LocalAws
const call = (): AwsCall => signedAws(envOf(aws))
const reader = (bases: readonly string[] = []) => imageReader(call(), { region: aws.region, endpoint: aws.url, bases })
const refOf = (digest: string, repository = 'prod/api'): ImageRef => ({
  account: aws.account,
  region: aws.region,
  repository,
  digest,
  tags: [],
})

function put(manifest: Stored, tag?: string, repositoryName = 'prod/api'): ImageRef {
  if (aws.ecr.repository(repositoryName)?.images.has(manifest.digest)) return refOf(manifest.digest, repositoryName)
  const { digest } = aws.ecr.putImage({
    repositoryName,
    imageManifest: manifest.text,
    pushedAt: at,
    ...(tag && { imageTag: tag }),
  })
  return refOf(digest, repositoryName)
}

function putImage(config: Stored, tag?: string): ImageRef {
  aws.ecr.putBlob('prod/api', config.text)
  return put(imageManifest(config), tag)
}

/** Of both platforms, with an attestation. */
function putIndex(): { readonly index: ImageRef; readonly amd64: ImageRef; readonly arm64: ImageRef } {
  const configs = [configuration({ config: { User: 'root' } }), configuration({ architecture: 'arm64' })]
  const [amd64, arm64] = configs.map((config) => putImage(config)) as [ImageRef, ImageRef]
  const [first, second] = configs.map((config) => imageManifest(config)) as [Stored, Stored]
  const proof = attestation()
  put(proof)
  const unknown = { platform: { os: 'unknown', architecture: 'unknown' } }
  const index = put(indexManifest([member(first), member(second, arm), member(proof, unknown)]), '2.0.0')
  return { index, amd64, arm64 }
}

const since = () => {
  const from = aws.calls.length
  return () => aws.calls.slice(from).map(({ operation }) => operation)
}

beforeAll(async () => {
  aws = await startLocalAws()
  for (const repositoryName of ['prod/api', 'base/node']) aws.ecr.createRepository({ repositoryName })
})
beforeEach(() => aws.faults.clear())
afterAll(() => aws.close())

describe('an image', () => {
  test('has its tags, when it was pushed, and what ECR takes it for', async () => {
    const ref = putImage(configuration(), '1.4.2')
    expect(await reader().detail(ref)).toEqual({
      tags: ['1.4.2'],
      pushedAt: '2026-11-20T08:00:00.000Z',
      sizeInBytes: expect.any(Number),
      artifactMediaType: 'application/vnd.oci.image.config.v1+json',
    })
  })

  test('is read with one call for its manifest, and two requests for its configuration, whoever asks', async () => {
    const ref = putImage(configuration({ config: { User: '1000', Env: ['DB_PASSWORD=hunter2'] } }))
    const calls = since()
    const { manifest, content, scan } = reader()
    const [told, whole] = await Promise.all([manifest(ref), content(ref), scan(ref), content(ref), manifest(ref)])
    expect(told).toMatchObject({ kind: 'image', platforms: [{ digest: ref.digest }] })
    expect(whole).toMatchObject({
      kind: 'image',
      platforms: [
        {
          digest: ref.digest,
          platform: 'linux/amd64',
          layers: [layer('base').digest, layer('app').digest],
          config: { user: '1000', suspects: [{ where: 'ENV DB_PASSWORD', what: 'a name that says password' }] },
        },
      ],
    })
    expect(JSON.stringify(whole)).not.toContain('hunter2')
    expect(calls().toSorted()).toEqual([
      'BatchGetImage',
      'DescribeImageScanFindings',
      'GetDownloadUrlForLayer',
      'GetObject',
    ])
  })

  test('of several platforms is read with one call more for all of them, and the attestation left out', async () => {
    const { index } = putIndex()
    const calls = since()
    const content = await reader().content(index)
    expect(content).toMatchObject({
      platforms: [
        { platform: 'linux/amd64', config: { user: 'root' } },
        { platform: 'linux/arm64', config: { user: 'app' } },
      ],
    })
    expect(calls().filter((operation) => operation === 'BatchGetImage')).toHaveLength(2)
  })

  test('may be a signature', async () => {
    const layers = [layer('a', 'application/vnd.dev.cosign.simplesigning.v1+json')]
    const ref = put(imageManifest(undefined, { layers }))
    const { manifest, content, scan } = reader()
    expect(await manifest(ref)).toMatchObject({ kind: 'artifact', what: 'a signature' })
    expect(await content(ref)).toMatchObject({ kind: 'artifact', what: 'a signature' })
    expect(await scan(ref)).toEqual({ platforms: [] })
  })

  test('that was asked for a while ago is asked for again, since only the last ones are kept', async () => {
    const { manifest } = reader()
    const refs = Array.from({ length: 33 }, (_, n) =>
      put(imageManifest(configuration({ created: `${2000 + n}-01-01` }))),
    )
    for (const ref of refs) await manifest(ref)
    const calls = since()
    await manifest(refs[32] as ImageRef)
    expect(calls()).toEqual([])
    await manifest(refs[0] as ImageRef)
    expect(calls()).toEqual(['BatchGetImage'])
  })
})

describe('the scan', () => {
  const scanned = (digest: string, scan: Parameters<LocalAws['ecr']['putScan']>[2]) =>
    aws.ecr.putScan('prod/api', digest, scan)

  test('of an image that was never scanned is none', async () => {
    const ref = putImage(configuration({ created: '2026-01-01' }))
    expect(await reader().scan(ref)).toEqual({
      platforms: [{ digest: ref.digest, outcome: 'never', counts: {}, findings: [], saysFixes: false }],
    })
  })

  test('of an index is that of each of its platforms', async () => {
    const { index, amd64, arm64 } = putIndex()
    const details = { awsEcrContainerImage: { platform: 'DEBIAN_12' } }
    scanned(amd64.digest, { status: { status: 'COMPLETE' }, findings: [{ name: 'CVE-1', severity: 'HIGH' }] })
    scanned(arm64.digest, {
      status: { status: 'ACTIVE' },
      enhancedFindings: [
        {
          severity: 'LOW',
          resources: [{ details }],
          packageVulnerabilityDetails: { vulnerabilityId: 'CVE-2', vulnerablePackages: [{ name: 'zlib' }] },
        },
      ],
    })
    expect((await reader().scan(index)).platforms).toMatchObject([
      { platform: 'linux/amd64', status: 'COMPLETE', outcome: 'complete', counts: { HIGH: 1 }, saysFixes: false },
      { platform: 'linux/arm64', outcome: 'complete', findings: [{ id: 'CVE-2' }], os: 'DEBIAN_12', saysFixes: true },
    ])
  })

  test('without a status is not that of a clean image', async () => {
    const manifest = imageManifest()
    const answers: AwsCall = async (_, operation) =>
      operation === 'BatchGetImage'
        ? { images: [{ imageId: { imageDigest: manifest.digest }, imageManifest: manifest.text }] }
        : {}
    const { scan } = imageReader(answers, { region: aws.region })
    expect((await scan(refOf(manifest.digest))).platforms).toMatchObject([{ status: 'UNKNOWN', outcome: 'failed' }])
  })
})

describe('base images', () => {
  const base = imageManifest(configuration({ created: '2026-10-01' }), { layers: [layer('debian'), layer('node')] })
  const other = imageManifest(configuration({ created: '2026-10-02' }), { layers: [layer('alpine')] })

  test('are those of the repositories named, by every tag and platform, asked for once in a while', async () => {
    put(base, '22-slim', 'base/node')
    aws.ecr.putImage({ repositoryName: 'base/node', imageManifest: base.text, imageTag: '22', pushedAt: at })
    put(other, undefined, 'base/node')
    put(indexManifest([member(other)]), '22-alpine', 'base/node')
    const { bases } = reader(['base/node'])
    const calls = since()
    const known = await bases(refOf(base.digest))
    expect(known.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: 'base/node:22', layers: [layer('debian').digest, layer('node').digest] },
      { name: 'base/node:22-alpine', layers: [layer('alpine').digest] },
      { name: 'base/node:22-slim', layers: [layer('debian').digest, layer('node').digest] },
    ])
    await bases(refOf(other.digest))
    expect(calls()).toEqual(['DescribeImages', 'BatchGetImage', 'BatchGetImage'])
  })

  test('are none without a repository', async () => {
    const calls = since()
    expect(await reader().bases(refOf(base.digest))).toEqual([])
    expect(calls()).toEqual([])
  })

  test('do not suffer from one that cannot be read', async () => {
    put(indexManifest([]), 'empty', 'base/node')
    put(indexManifest([member(indexManifest([]))]), 'nested', 'base/node')
    put(imageManifest(configuration(), { layers: Array(1_001).fill(layer('a')) }), 'huge', 'base/node')
    const known = await reader(['base/node']).bases(refOf(base.digest))
    expect(known.map(({ name }) => name)).toEqual(expect.arrayContaining(['base/node:22']))
  })

  test('of a repository that is not there are unread, which does not say that the image is gone', async () => {
    await expect(reader(['base/nowhere']).bases(refOf(base.digest))).rejects.toMatchObject({
      name: 'Unreadable',
      permanent: true,
      message: 'the base repository base/nowhere is not there',
    })
  })
})

describe('what cannot be read', () => {
  const digest = `sha256:${'0'.repeat(64)}`

  test('for it is gone says so', async () => {
    const { detail, manifest, content, scan } = reader()
    for (const read of [detail, manifest, content, scan]) {
      await expect(read(refOf(digest))).rejects.toMatchObject({ name: 'Gone', message: 'the image is not there' })
      await expect(read(refOf(digest, 'gone'))).rejects.toMatchObject({ name: 'Gone' })
    }
  })

  test('for lack of permission names the operation', async () => {
    const ref = putImage(configuration())
    aws.faults.inject({ service: 'ecr', operation: 'GetDownloadUrlForLayer', error: { code: 'AccessDeniedException' } })
    await expect(reader().content(ref)).rejects.toMatchObject({
      permanent: true,
      message: 'ECR answered AccessDeniedException to GetDownloadUrlForLayer',
    })
  })

  test('for what ECR says of a manifest names that', async () => {
    const answers: AwsCall = async () => ({ failures: [{ failureCode: 'KmsError' }] })
    await expect(imageReader(answers, { region: aws.region }).manifest(refOf(digest))).rejects.toMatchObject({
      message: 'ECR answered KmsError to BatchGetImage',
    })
  })

  test.each([
    ['leads elsewhere', { redirectTo: 'http://127.0.0.1:1/' }, 'a redirect, which is not followed'],
    ['has other bytes', { body: configuration().text.replace('amd64', 'arm64') }, 'does not have its digest'],
    ['has more bytes', { body: `${configuration().text} ` }, 'it has another size than its manifest says'],
  ])('is a configuration that %s, and is read again the next time', async (_, error, message) => {
    const ref = putImage(configuration())
    const { content } = reader()
    aws.faults.inject({ service: 's3', error })
    await expect(content(ref)).rejects.toMatchObject({ permanent: true, message: expect.stringContaining(message) })
    expect(await content(ref)).toMatchObject({ kind: 'image' })
  })

  test('is a configuration that says to be huge, which is not even asked for', async () => {
    const ref = put(imageManifest(configuration(), { config: { mediaType: '', digest, size: 8_388_609 } }))
    const calls = since()
    await expect(reader().content(ref)).rejects.toThrow('its configuration has more than 8 MiB')
    expect(calls()).toEqual(['BatchGetImage'])
  })

  test('is one of many platforms: the others are not waited for', async () => {
    const configs = [configuration(), ...Array.from({ length: 30 }, (_, n) => configuration({ created: `${n}` }))]
    const images = configs.map((config) => imageManifest(config))
    for (const image of images) put(image)
    for (const config of configs.slice(1)) aws.ecr.putBlob('prod/api', config.text)
    const ref = put(indexManifest(images.map((image) => member(image))))
    aws.faults.inject({ service: 'ecr', operation: 'GetDownloadUrlForLayer', error: { code: 'AccessDeniedException' } })
    const calls = since()
    await expect(reader().content(ref)).rejects.toThrow('AccessDeniedException')
    await reader().manifest(ref)
    expect(calls().filter((operation) => operation === 'GetDownloadUrlForLayer').length).toBeLessThan(12)
  })

  test('is a configuration that takes longer than all may take, and whatever else waits for its turn', async () => {
    const configs = Array.from({ length: 12 }, (_, n) => configuration({ created: `1999-${n}` }))
    const images = configs.map((config) => ({ ...imageManifest(config), config }))
    for (const config of configs) aws.ecr.putBlob('prod/api', config.text)
    aws.faults.inject({ service: 's3', times: 12, error: { delayMs: 500 } })
    const opened = images.map(({ text, digest }) => openManifest(text, digest) as OpenedImage)
    const read = ecrConfigs(ecrCall(call(), aws.region), { region: aws.region, endpoint: aws.url }, 100)
    const calls = since()
    const reading = read(refOf(digest), { kind: 'image', images: opened })
    await expect(reading).rejects.toMatchObject({ permanent: false, message: expect.stringContaining('too long') })
    expect(calls()).toHaveLength(8)
  })

  test('is an image of another region', async () => {
    const ref = { ...refOf(digest), region: 'eu-west-1' }
    await expect(reader().manifest(ref)).rejects.toThrow('it is in eu-west-1, not in ap-northeast-1')
  })

  test('is a text that is not that of the digest', async () => {
    const wrong = stored({}).text
    const answers: AwsCall = async () => ({ images: [{ imageId: { imageDigest: digest }, imageManifest: wrong }] })
    await expect(imageReader(answers, { region: aws.region }).manifest(refOf(digest))).rejects.toThrow(
      'its manifest does not have its digest',
    )
  })
})
