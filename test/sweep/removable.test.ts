import { describe, expect, test } from 'vitest'
import type { InUsePolicy } from '../../functions/domain/clean-up/policy.ts'
import { createProtection } from '../../functions/domain/in-use/protection.ts'
import type { Use } from '../../functions/domain/in-use/use.ts'
import type { RepositoryRecord } from '../../functions/domain/sweep/record.ts'
import { cleanUp, inventoryOf, manifestOf, NOW, push } from '../clean-up/registry.ts'
import { indexManifest, member } from '../policy/image/manifests.ts'
import { configOf, localSweep } from './local-sweep.ts'

const local = localSweep()
const { all, create, sweep, calls } = local

const useOf = (tag: string, repository = 'ci/app'): Use => ({
  image: { account: all.aws.account, region: all.aws.region, repository, tag },
  by: 'ECS service web',
})
const protect = (uses: readonly Use[] = [], incomplete?: string) =>
  createProtection(inventoryOf(all.aws, uses, incomplete), [])

/** Two old images and a new one. */
function fill(repository = 'ci/app'): void {
  create(repository)
  push(all.aws, repository, manifestOf('old'), 40, 'old')
  push(all.aws, repository, manifestOf('used'), 40, 'used')
  push(all.aws, repository, manifestOf('new'), 2, 'new')
}
async function record(
  names: readonly string[],
  change: Parameters<typeof sweep>[2] = {},
  inUse: Partial<InUsePolicy> = {},
) {
  const policy = cleanUp()
  const config = configOf([], { cleanUp: { ...policy, inUse: { ...policy.inUse, ...inUse } } })
  return (await sweep(names, config, change))[0] as RepositoryRecord
}

const OTHERS = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999999999999:root' }, Action: ['ecr:BatchGetImage'] }],
})

test('what clean-up would delete is said, without what is in use, and who uses an image', async () => {
  fill()
  const { removable, images, stored } = await record(['ci/app'], { protection: protect([useOf('used')]) })
  expect(removable).toEqual({ images: 1, bytes: stored.bytes / 3 })
  expect(images.map(({ tags, users }) => [tags, users])).toEqual(
    expect.arrayContaining([
      [['used'], ['ECS service web']],
      [['old'], []],
    ]),
  )
})

test('an index goes with what it lists, which is read once', async () => {
  create('ci/app')
  const child = manifestOf('child')
  push(all.aws, 'ci/app', child, 40)
  push(all.aws, 'ci/app', indexManifest([member(child)]), 40, 'multi')
  const untagged = manifestOf('other')
  push(all.aws, 'ci/app', untagged, 40)
  push(all.aws, 'ci/app', indexManifest([member(untagged)], { annotations: { no: 'tag' } }), 40)
  expect((await record(['ci/app'], { protection: protect() })).removable).toMatchObject({ images: 4 })
  // Index and child of what is tagged; the index without a tag for the plan alone.
  expect(calls()).toMatchObject({ DescribeImages: 1, BatchGetImage: 3 })
})

describe('it is not known', () => {
  test('where no entry is about the repository', async () => {
    fill('prod/app')
    expect(await record(['prod/app'], { protection: protect() })).not.toHaveProperty('removable')
    expect(calls().GetRepositoryPolicy).toBeUndefined()
  })

  test('where nobody was asked what is in use', async () => {
    fill()
    expect(await record(['ci/app'])).not.toHaveProperty('removable')
  })

  test('where what is in use is not known completely', async () => {
    fill()
    expect(await record(['ci/app'], { protection: protect([], 'denied') })).not.toHaveProperty('removable')
  })

  test('where others may pull whom nobody asks, by the policy of the repository or of the registry', async () => {
    fill()
    all.aws.call('ecr', 'SetRepositoryPolicy', { repositoryName: 'ci/app', policyText: OTHERS })
    expect(await record(['ci/app'], { protection: protect() })).not.toHaveProperty('removable')
    all.aws.call('ecr', 'DeleteRepositoryPolicy', { repositoryName: 'ci/app' })
    const statement = { ...JSON.parse(OTHERS).Statement[0], Sid: 'a', Resource: '*' }
    const policyText = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
    all.aws.call('ecr', 'PutRegistryPolicy', { policyText })
    expect(await record(['ci/app'], { protection: protect() })).not.toHaveProperty('removable')
    expect(await record(['ci/app'], { protection: protect() }, { ignoreAccounts: ['999999999999'] })).toHaveProperty(
      'removable',
    )
    all.aws.call('ecr', 'DeleteRegistryPolicy', {})
  })

  test.each([
    ['ecr:GetRepositoryPolicy', 'its policy: ECR answered AccessDeniedException to GetRepositoryPolicy'],
    ['ecr:BatchGetImage', 'its images: ECR answered AccessDeniedException to BatchGetImage'],
  ])('where %s is denied, which is said', async (denied, sentence) => {
    create('ci/app')
    push(all.aws, 'ci/app', indexManifest([], { annotations: { a: 'b' } }), 40)
    all.aws.authorize = ({ action }) => (action === denied ? { allowed: false, reason: '' } : { allowed: true })
    const { removable, unread } = await record(['ci/app'], { protection: protect() })
    expect(removable).toBeUndefined()
    expect(unread).toEqual([sentence])
  })
})

test('what is pushed while pages are read, so that an image comes twice, counts once', async () => {
  create('ci/app')
  const digest = `sha256:${'1'.repeat(64)}`
  const page = (nextToken?: string) =>
    all.aws.faults.inject({
      ...{ service: 'ecr', operation: 'DescribeImages' },
      error: {
        body: JSON.stringify({
          imageDetails: [
            { imageDigest: digest, imagePushedAt: NOW.getTime() / 1_000 - 86_400 * 40, imageSizeInBytes: 5 },
          ],
          ...(nextToken && { nextToken }),
        }),
      },
    })
  page('more')
  page()
  expect((await record(['ci/app'], { protection: protect() })).stored).toMatchObject({ images: 1, bytes: 5 })
})
