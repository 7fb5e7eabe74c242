import { expect, test } from 'vitest'
import { ecrRepositories } from '../../functions/adapters/repository-reader.ts'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import { createProtection } from '../../functions/domain/in-use/protection.ts'
import type { SweptRepository } from '../../functions/sweep/judge-repository.ts'
import { envOf } from '../adapters/env.ts'
import { cleanUp, inventoryOf } from '../clean-up/registry.ts'
import { imageManifest, indexManifest, member } from '../policy/image/manifests.ts'
import { basic, configOf, localSweep, rule } from './local-sweep.ts'

const local = localSweep()
const { all, create, push, sweep, calls } = local

const NAMES = ['ci/a', 'ci/b', 'prod/c']

/** In each repository 3 tagged images, an index of two platforms, and an image without a tag. */
function fill(): void {
  create(...NAMES)
  for (const name of NAMES) {
    for (const tag of ['1', '2', '3']) push(name, tag, tag === '1' ? [basic('CVE-1', 'HIGH')] : [])
    const platforms = ['amd64', 'arm64'].map((arch) => imageManifest(undefined, { annotations: { arch } }))
    for (const platform of platforms) push(name, undefined, [], platform)
    push(name, 'multi', undefined, indexManifest(platforms.map((one) => member(one))))
    push(name, undefined, [])
  }
}

test('of a repository tags and lifecycle policy are read, a page of images once, and the scan of each tagged image', async () => {
  fill()
  await sweep(NAMES, configOf([]))
  expect(calls()).toEqual({
    ...{ ListTagsForResource: 3, GetLifecyclePolicy: 3, DescribeImages: 3 },
    // Of an index the scans of its platforms, and the manifests that say which these are.
    ...{ DescribeImageScanFindings: 3 * (3 + 2), BatchGetImage: 3 * 2 },
  })
})

test('rules and planning ask for two more of a repository, and share what they read', async () => {
  fill()
  const rules = [
    rule('tag-immutability'),
    rule('lifecycle-policy'),
    rule('repository-policy'),
    rule('max-image-size'),
    rule('scan-on-push'),
  ]
  const protection = createProtection(inventoryOf(all.aws), [])
  await sweep(NAMES, configOf(rules, { cleanUp: cleanUp() }), { protection })
  expect(calls()).toEqual({
    ...{ ListTagsForResource: 3, GetLifecyclePolicy: 3, GetRepositoryPolicy: 3, DescribeRepositories: 3 },
    ...{ DescribeImages: 3, DescribeImageScanFindings: 3 * (3 + 2), BatchGetImage: 3 * 2 },
    // Once for all repositories.
    ...{ GetRegistryPolicy: 1, GetRegistryScanningConfiguration: 1 },
  })
})

test('what a listing has told of the settings is not asked for again', async () => {
  fill()
  const repositories = ecrRepositories(signedAws(envOf(all.aws)), all.aws.region)
  const listed: SweptRepository[] = []
  for await (const page of repositories.listRepositories(local.ref('')))
    listed.push(...page.map(({ ref, settings }) => ({ ...ref, settings })))
  await sweep(listed, configOf([rule('tag-immutability')]))
  expect(calls().DescribeRepositories).toBe(1)
})

test('a thousand images are a page, and a hundred manifests of theirs a call', async () => {
  create('many')
  for (let i = 0; i < 1_150; i++)
    push(
      'many',
      i < 230 ? `t${i}` : undefined,
      i < 230 ? [] : undefined,
      imageManifest(undefined, { annotations: { i } }),
    )
  const [record] = await sweep(['many'], configOf([rule('max-image-size')]))
  expect(record).toMatchObject({ judged: 230, stored: { images: 1_150, untagged: 920 }, unread: [] })
  expect(calls()).toMatchObject({ DescribeImages: 2, BatchGetImage: 3, DescribeImageScanFindings: 230 })
})
