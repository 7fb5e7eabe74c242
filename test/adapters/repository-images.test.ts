import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { repositoryImages } from '../../functions/adapters/repository-images.ts'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import type { ListedImage, RepositoryImages } from '../../functions/judging/repository-images.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { imageManifest, indexManifest, member, type Stored, stored } from '../policy/image/manifests.ts'
import { envOf } from './env.ts'

const SCHEMA1 = 'application/vnd.docker.distribution.manifest.v1+prettyjws'

let aws: LocalAws
let before = 0
let images: RepositoryImages
const ref = () => ({ account: aws.account, region: aws.region, repository: 'prod/api' })
const calls = (operation: string) => aws.calls.slice(before).filter((call) => call.operation === operation).length
const open = (isPlanned = false): RepositoryImages =>
  repositoryImages(signedAws(envOf(aws)), { region: aws.region, endpoint: aws.url })(ref(), isPlanned)

beforeAll(async () => {
  aws = await startLocalAws()
})
beforeEach(() => {
  aws.faults.clear()
  if (aws.ecr.repository('prod/api')) aws.call('ecr', 'DeleteRepository', { repositoryName: 'prod/api', force: true })
  aws.ecr.createRepository({ repositoryName: 'prod/api' })
  before = aws.calls.length
  images = open()
})
afterAll(() => aws.close())

const push = ({ text }: Stored, imageTag?: string): void =>
  void aws.ecr.putImage({ repositoryName: 'prod/api', imageManifest: text, ...(imageTag && { imageTag }) })
async function listed(from: RepositoryImages = images): Promise<readonly ListedImage[]> {
  const found: ListedImage[] = []
  for await (const page of from.pages()) found.push(...page)
  return found
}
/** What ECR lists has another media type, as it may say itself. */
const answer = (operation: string, body: unknown): void =>
  aws.faults.inject({ service: 'ecr', operation, error: { body: JSON.stringify(body) } })
const refOf = (some: readonly ListedImage[], tag: string) =>
  (some.find(({ stored: { tags } }) => tags.includes(tag)) as ListedImage).ref

test('an image comes with all that judging, planning and its costs need', async () => {
  const manifest = imageManifest()
  push(manifest, '1.0')
  expect(await listed()).toMatchObject([
    {
      ref: { ...ref(), digest: manifest.digest, tags: ['1.0'] },
      detail: { tags: ['1.0'], artifactMediaType: 'application/vnd.oci.image.config.v1+json' },
      stored: { digest: manifest.digest, status: 'ACTIVE' },
      isClean: false,
    },
  ])
})

describe('manifests', () => {
  const names = ['a', 'b', 'c']
  beforeEach(() => {
    for (const name of names) push(imageManifest(undefined, { annotations: { name } }), name)
  })

  test('of all that are judged next come with one call', async () => {
    const all = await listed()
    await images.prepare(all, true)
    for (const name of names) expect(await images.reader.manifest(refOf(all, name))).toMatchObject({ kind: 'image' })
    expect(calls('BatchGetImage')).toBe(1)
  })

  test('are not read where nobody asks for them, and one by one where somebody does', async () => {
    const all = await listed()
    await images.prepare(all, false)
    expect(calls('BatchGetImage')).toBe(0)
    await images.reader.manifest(refOf(all, 'a'))
    expect(calls('BatchGetImage')).toBe(1)
  })

  test('that ECR does not give out are unreadable for their images, and the others are there', async () => {
    const all = await listed()
    const [first] = all
    const digest = first?.ref.digest as string
    answer('BatchGetImage', {
      images: [
        {
          imageId: { imageDigest: digest },
          imageManifest: aws.ecr.repository('prod/api')?.images.get(digest)?.manifest,
        },
      ],
      failures: [{ failureCode: 'KmsError' }],
    })
    await images.prepare(all, true)
    expect(await images.reader.manifest(first?.ref as ListedImage['ref'])).toMatchObject({ kind: 'image' })
    const reading = images.reader.manifest((all[1] as ListedImage).ref)
    await expect(reading).rejects.toThrow('ECR answered KmsError to BatchGetImage')
    await expect(reading).rejects.toBeInstanceOf(Unreadable)
  })

  test('of an image that is gone meanwhile are not there', async () => {
    const all = await listed()
    aws.call('ecr', 'BatchDeleteImage', { repositoryName: 'prod/api', imageIds: [{ imageTag: 'a' }] })
    await images.prepare(all, true)
    await expect(images.reader.manifest(refOf(all, 'a'))).rejects.toBeInstanceOf(Gone)
    expect(await images.reader.manifest(refOf(all, 'b'))).toMatchObject({ kind: 'image' })
  })

  test('of a repository that is gone say so', async () => {
    const all = await listed()
    aws.call('ecr', 'DeleteRepository', { repositoryName: 'prod/api', force: true })
    await expect(images.prepare(all, true)).rejects.toBeInstanceOf(Gone)
  })
})

describe('an index', () => {
  test('that lists nothing that runs takes no further call, and its scan cannot be read', async () => {
    push(indexManifest([]), 'empty')
    const all = await listed()
    await images.prepare(all, false)
    await expect(images.reader.scan(refOf(all, 'empty'))).rejects.toThrow('its index lists no platform')
    expect(calls('BatchGetImage')).toBe(1)
  })

  test('has the children that were read on the way, and others are asked for', async () => {
    const [one, other] = ['one', 'other'].map((name) => imageManifest(undefined, { annotations: { name } })) as [
      Stored,
      Stored,
    ]
    for (const each of [one, other]) push(each)
    const [tagged, untagged] = [indexManifest([member(one)]), indexManifest([member(other)])]
    push(tagged, 'tagged')
    push(untagged)
    const planned = open(true)
    const all = await listed(planned)
    await planned.prepare(
      all.filter(({ stored: { tags } }) => tags.length > 0),
      false,
    )
    const asked = calls('BatchGetImage')
    expect(await planned.children([tagged.digest])).toEqual(new Map([[tagged.digest, [one.digest]]]))
    expect(calls('BatchGetImage')).toBe(asked)
    expect((await planned.children([tagged.digest, untagged.digest])).get(untagged.digest)).toEqual([other.digest])
    expect(calls('BatchGetImage')).toBe(asked + 1)
  })
})

test('what nobody can read as a manifest is no index, and says why when it is asked for', async () => {
  const old = stored({ schemaVersion: 1, fsLayers: [] })
  const image = { imageDigest: old.digest, imageTags: ['old'], imagePushedAt: 1_700_000_000 }
  answer('DescribeImages', { imageDetails: [{ ...image, imageManifestMediaType: SCHEMA1 }] })
  const all = await listed()
  answer('BatchGetImage', { images: [{ imageId: { imageDigest: old.digest }, imageManifest: old.text }] })
  await images.prepare(all, false)
  await expect(images.reader.scan(refOf(all, 'old'))).rejects.toThrow("Docker's schema 1")
})
