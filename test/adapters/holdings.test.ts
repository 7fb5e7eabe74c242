import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ecrHoldings } from '../../functions/adapters/holdings.ts'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { imageManifest, indexManifest, member, OCI_INDEX, OCI_MANIFEST, stored } from '../policy/image/manifests.ts'
import { envOf } from './env.ts'

const PUSHED = new Date('2026-11-20T08:00:00.250Z')
const amd64 = imageManifest()
const arm64 = imageManifest(undefined, { annotations: { arch: 'arm64' } })
const index = indexManifest([member(amd64), member(arm64)])
const signature = imageManifest(undefined, {
  subject: { mediaType: OCI_MANIFEST, digest: amd64.digest, size: amd64.size },
  artifactType: 'application/vnd.dev.cosign.artifact.sig.v1+json',
})

let aws: LocalAws
const holdings = () => ecrHoldings(signedAws(envOf(aws)), aws.region)
const ref = (repository = 'prod/api') => ({ account: aws.account, region: aws.region, repository })
let before = 0
/** Calls of the test that runs. */
const calls = (operation: string) => aws.calls.slice(before).filter((call) => call.operation === operation).length
const answer = (operation: string, body: unknown) =>
  aws.faults.inject({ service: 'ecr', operation, error: { body: JSON.stringify(body) } })

beforeAll(async () => {
  aws = await startLocalAws()
  for (const repositoryName of ['prod/api', 'many', 'policies']) aws.ecr.createRepository({ repositoryName })
  const put = (repositoryName: string, imageManifestText: string, imageTag?: string) =>
    aws.ecr.putImage({
      repositoryName,
      imageManifest: imageManifestText,
      pushedAt: PUSHED,
      ...(imageTag && { imageTag }),
    })
  put('prod/api', amd64.text)
  put('prod/api', arm64.text)
  put('prod/api', index.text, 'v1')
  put('prod/api', signature.text)
  for (let i = 0; i < 1_200; i++) put('many', JSON.stringify({ i }), `1.0.${i}`)
})

beforeEach(() => {
  aws.faults.clear()
  before = aws.calls.length
})

afterAll(() => aws.close())

async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly (readonly T[])[]> {
  const found = []
  for await (const page of pages) found.push(page)
  return found
}

test('every repository is listed', async () => {
  expect(await all(holdings().repositories(ref()))).toEqual([[ref('many'), ref('policies'), ref()]])
})

describe('images', () => {
  test('are read a thousand a call', async () => {
    const pages = await all(holdings().images(ref('many')))
    expect(pages.map(({ length }) => length)).toEqual([1_000, 200])
    expect(calls('DescribeImages')).toBe(2)
  })

  test('come with all that their removal is judged by', async () => {
    const images = new Map((await all(holdings().images(ref()))).flat().map((image) => [image.digest, image]))
    expect(images.size).toBe(4)
    expect(images.get(amd64.digest)).toMatchObject({
      tags: [],
      pushedAt: PUSHED.getTime(),
      status: 'ACTIVE',
      mediaType: OCI_MANIFEST,
    })
    expect(images.get(index.digest)).toMatchObject({ tags: ['v1'], mediaType: OCI_INDEX, sizeInBytes: 0 })
    expect(images.get(signature.digest)).toMatchObject({
      subject: amd64.digest,
      artifactType: 'application/vnd.dev.cosign.artifact.sig.v1+json',
    })
  })

  test('in the archive, and on their way out of it, are asked for and told as such', async () => {
    const described = (imageStatus: string | undefined) => ({
      ...{ imageDigest: amd64.digest, imagePushedAt: 1_000, imageSizeInBytes: 7, imageStatus },
      ...{ lastRecordedPullTime: 1_001.5, lastArchivedAt: 1_002, lastActivatedAt: 1_003 },
    })
    answer('DescribeImages', { imageDetails: ['ARCHIVED', 'ACTIVATING', 'NEW', undefined].map(described) })
    const [page = []] = await all(holdings().images(ref()))
    expect(page.map(({ status }) => status)).toEqual(['ARCHIVED', 'ACTIVATING', 'ACTIVATING', 'ACTIVE'])
    expect(page[0]).toMatchObject({
      ...{ pushedAt: 1_000_000, pulledAt: 1_001_500, archivedAt: 1_002_000, activatedAt: 1_003_000, sizeInBytes: 7 },
    })
    expect(aws.calls[before]?.input).toMatchObject({ filter: { imageStatus: 'ANY' } })
  })

  test.each([
    ['without images', {}],
    ['without a digest', { imageDetails: [{ imagePushedAt: 1 }] }],
    ['without the time of a push', { imageDetails: [{ imageDigest: amd64.digest }] }],
  ])('of an answer %s cannot be read', async (_, body) => {
    answer('DescribeImages', body)
    await expect(all(holdings().images(ref()))).rejects.toThrow(Unreadable)
  })

  test('of a repository that is not there are gone', async () => {
    await expect(all(holdings().images(ref('nothing')))).rejects.toThrow(new Gone('the repository is not there'))
  })
})

describe('describing by digest', () => {
  const absent = (number: number): string => `sha256:${String(number).padStart(64, '0')}`

  test('finds what is there among what is not', async () => {
    const asked = [absent(1), amd64.digest, absent(2), index.digest, amd64.digest, absent(3)]
    const found = await holdings().describe(ref(), asked)
    expect(found.map(({ digest }) => digest).toSorted()).toEqual([amd64.digest, index.digest].toSorted())
    expect(await holdings().describe(ref(), [absent(1)])).toEqual([])
    expect(await holdings().describe(ref(), [])).toEqual([])
  })

  test('asks for a hundred a call', async () => {
    const digests = (await all(holdings().images(ref('many')))).flat().map(({ digest }) => digest)
    before = aws.calls.length
    expect(await holdings().describe(ref('many'), digests.slice(0, 250))).toHaveLength(250)
    expect(calls('DescribeImages')).toBe(3)
  })

  test('does not take a repository that is gone, or a refusal, for images that are gone', async () => {
    await expect(holdings().describe(ref('nothing'), [amd64.digest])).rejects.toThrow(Gone)
    aws.faults.inject({ service: 'ecr', operation: 'DescribeImages', error: { code: 'AccessDeniedException' } })
    await expect(holdings().describe(ref(), [amd64.digest])).rejects.toThrow(Unreadable)
  })
})

describe('what indexes list', () => {
  test('is in their manifests; what is no index lists nothing', async () => {
    expect(await holdings().children(ref(), [index.digest, amd64.digest])).toEqual(
      new Map([
        [index.digest, [amd64.digest, arm64.digest]],
        [amd64.digest, []],
      ]),
    )
  })

  test('is read of a hundred a call', async () => {
    await holdings().children(
      ref('many'),
      Array.from({ length: 250 }, (_, i) => stored({ i }).digest),
    )
    expect(calls('BatchGetImage')).toBe(3)
  })

  test.each([
    ['gone', { images: [], failures: [{ failureCode: 'ImageNotFound' }] }],
    ['in the archive', { images: [], failures: [{ failureCode: 'ImageInaccessible' }] }],
    ['left out of the answer', {}],
    ['another one', { images: [{ imageId: { imageDigest: index.digest }, imageManifest: amd64.text }] }],
    ['not JSON', { images: [{ imageId: { imageDigest: index.digest }, imageManifest: '[' }] }],
  ])('is not known of one that is %s', async (_, body) => {
    answer('BatchGetImage', body)
    expect(await holdings().children(ref(), [index.digest])).toEqual(new Map())
  })

  test('is not known of any where the call fails', async () => {
    aws.faults.inject({ service: 'ecr', operation: 'BatchGetImage', error: { code: 'AccessDeniedException' } })
    await expect(holdings().children(ref(), [index.digest])).rejects.toThrow(Unreadable)
  })
})

test('policies are read, and may be none', async () => {
  expect(await holdings().lifecyclePolicy(ref('policies'))).toBeUndefined()
  expect(await holdings().repositoryPolicy(ref('policies'))).toBeUndefined()
  const policyText = JSON.stringify({ Version: '2012-10-17', Statement: [] })
  answer('GetRepositoryPolicy', { policyText })
  answer('GetLifecyclePolicy', { lifecyclePolicyText: '{"rules":[]}' })
  expect(await holdings().repositoryPolicy(ref('policies'))).toBe(policyText)
  expect(await holdings().lifecyclePolicy(ref('policies'))).toBe('{"rules":[]}')
})
