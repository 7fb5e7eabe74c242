import { afterAll, beforeAll, expect, test } from 'vitest'
import { ecrImageList } from '../../functions/adapters/image-list.ts'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { imageManifest } from '../policy/image/manifests.ts'
import { envOf } from './env.ts'

let aws: LocalAws
const list = () => ecrImageList(signedAws(envOf(aws)), aws.region)
const ref = (repository = 'prod/api') => ({ account: aws.account, region: aws.region, repository })
const pushedAt = new Date('2026-11-20T08:00:00Z')

beforeAll(async () => {
  aws = await startLocalAws()
  aws.ecr.createRepository({ repositoryName: 'prod/api' })
  const put = (imageManifestText: string, imageTag?: string) =>
    aws.ecr.putImage({
      repositoryName: 'prod/api',
      imageManifest: imageManifestText,
      pushedAt,
      ...(imageTag && { imageTag }),
    })
  for (let i = 0; i < 1_200; i++) put(JSON.stringify({ i }), `1.0.${i}`)
  put(imageManifest().text)
})

afterAll(() => aws.close())

test('every tagged image is listed with what ECR tells of it, a thousand a page', async () => {
  const pages = []
  for await (const page of list().listTagged(ref())) pages.push(page)
  expect(pages.map(({ length }) => length)).toEqual([1_000, 200])
  const [[first] = []] = pages
  expect(first).toMatchObject({
    ref: { ...ref(), digest: expect.stringMatching(/^sha256:/), tags: first?.detail.tags },
    detail: { pushedAt: pushedAt.toISOString(), sizeInBytes: expect.any(Number) },
  })
})

test('an image is found by its tag or its digest', async () => {
  const { digest } = imageManifest()
  expect((await list().find(ref(), { tag: '1.0.7' })).ref.tags).toEqual(['1.0.7'])
  expect((await list().find(ref(), { digest })).ref).toEqual({ ...ref(), digest, tags: [] })
})

test.each([
  [{ tag: 'nothing' }, 'prod/api', 'the image is not there'],
  [{ digest: `sha256:${'0'.repeat(64)}` }, 'prod/api', 'the image is not there'],
  [{ tag: '1' }, 'prod/apu', 'the repository is not there'],
])('%j of %s is gone: %s', async (name, repository, message) => {
  await expect(list().find(ref(repository), name)).rejects.toThrow(new Gone(message))
})

test('an answer without images is no empty repository', async () => {
  aws.faults.inject({ service: 'ecr', operation: 'DescribeImages', error: { body: '{}' } })
  await expect(list().listTagged(ref())[Symbol.asyncIterator]().next()).rejects.toThrow(Unreadable)
})
