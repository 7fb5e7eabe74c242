import { afterEach, beforeEach, expect, test } from 'vitest'
import { ecrHoldings } from '../../functions/adapters/holdings.ts'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import { type GuardDeps, guardRegistry } from '../../functions/clean-up/guard.ts'
import { createProtection } from '../../functions/domain/in-use/protection.ts'
import type { Use } from '../../functions/domain/in-use/use.ts'
import { parsePolicy } from '../../functions/domain/lifecycle/parse-policy.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { envOf } from '../adapters/env.ts'
import { OCI_MANIFEST } from '../policy/image/manifests.ts'
import { indexOf, inventoryOf, lifecycle, manifestOf, NOW, push, THIRTY_DAYS } from './registry.ts'

let aws: LocalAws
const call = () => signedAws(envOf(aws))
const put = (repositoryName: string, lifecyclePolicyText: string) =>
  call()('ecr', 'PutLifecyclePolicy', { repositoryName, lifecyclePolicyText })

const use = (image: Partial<Use['image']>, by = 'ECS task web'): Use => ({
  image: { account: aws.account, region: aws.region, repository: 'prod/api', ...image },
  by,
})

const guard = (uses: readonly Use[], change: Partial<GuardDeps> = {}) =>
  guardRegistry({
    registry: { account: aws.account, region: aws.region },
    holdings: ecrHoldings(call(), aws.region),
    protection: createProtection(inventoryOf(aws, uses), []),
    now: NOW,
    atOnce: 4,
    ...change,
  })

beforeEach(async () => {
  aws = await startLocalAws()
  for (const repositoryName of ['prod/api', 'prod/web', 'bare']) aws.ecr.createRepository({ repositoryName })
  await put('prod/api', THIRTY_DAYS)
  push(aws, 'prod/api', manifestOf('old'), 40, 'v1')
  push(aws, 'prod/api', manifestOf('soon'), 29, 'v2')
  push(aws, 'prod/api', manifestOf('new'), 2, 'v3')
  push(aws, 'bare', manifestOf('bare'), 900, 'v1')
})

afterEach(() => aws.close())

test('what is in use and expires now or soon is found, with when and by whom; what is new or unused is not', async () => {
  const report = await guard([
    use({ tag: 'v1' }),
    use({ digest: manifestOf('soon').digest }, 'Lambda function f'),
    use({ tag: 'v3' }),
  ])
  expect([report.guarded, report.unread]).toEqual([1, []])
  expect(report.endangered).toMatchObject([
    {
      repository: { repository: 'prod/api' },
      images: [
        { tags: ['v1'], action: 'expire', rule: 1, dueAt: '2026-11-18T03:00:00.000Z', usedBy: ['ECS task web'] },
        { tags: ['v2'], dueAt: '2026-11-29T03:00:00.000Z', usedBy: ['Lambda function f'] },
      ],
    },
  ])
  const nearer = await guard([use({ tag: 'v1' }), use({ tag: 'v2' })], { within: 0 })
  expect(nearer.endangered[0]?.images.map(({ tags }) => tags[0])).toEqual(['v1'])
})

test('the policy that keeps what is in use does so once it is put', async () => {
  const uses = [use({ tag: 'v1' }), use({ tag: 'v2' })]
  const [found] = (await guard(uses)).endangered
  expect(parsePolicy(found?.keeping ?? '').rules).toHaveLength(3)
  await put('prod/api', found?.keeping ?? '')
  expect((await guard(uses)).endangered).toEqual([])
})

test('an image is in danger with what it takes along: the children of an index, and what is about it', async () => {
  const [child, signed] = [manifestOf('child'), manifestOf('signed')]
  const subject = { mediaType: OCI_MANIFEST, digest: signed.digest, size: signed.size }
  const about = manifestOf('about', { subject })
  push(aws, 'prod/api', child, 50)
  push(aws, 'prod/api', indexOf('index', [child]), 50, 'multi')
  push(aws, 'prod/api', signed, 50, 'signed')
  push(aws, 'prod/api', about, 50)
  const { endangered } = await guard([use({ digest: child.digest }), use({ digest: about.digest }, 'somebody')])
  expect(endangered[0]?.images.map(({ tags, usedBy }) => [tags[0], usedBy])).toEqual([
    ['multi', ['ECS task web']],
    ['signed', ['somebody']],
  ])
})

test('untagged images in use are found too; no rule can keep them by name', async () => {
  await put(
    'prod/web',
    lifecycle({ tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 1, countUnit: undefined }),
  )
  for (let i = 0; i < 2; i++) push(aws, 'prod/web', manifestOf(`untagged-${i}`), 9 - i)
  const { endangered } = await guard([use({ digest: manifestOf('untagged-0').digest })])
  expect(endangered).toMatchObject([
    { repository: { repository: 'prod/web' }, images: [{ dueAt: null }], keeping: undefined },
  ])
})

test('repositories are told in the order of their names', async () => {
  await put('prod/web', THIRTY_DAYS)
  push(aws, 'prod/web', manifestOf('old'), 40, 'v1')
  const { endangered } = await guard([use({ digest: manifestOf('old').digest })])
  expect(endangered.map(({ repository }) => repository.repository)).toEqual(['prod/api', 'prod/web'])
})

test('what cannot be read or understood is told, and what is gone meanwhile is not', async () => {
  const holdings = ecrHoldings(call(), aws.region)
  const odd: typeof holdings = {
    ...holdings,
    async lifecyclePolicy(repository) {
      if (repository.repository === 'bare') return '{"rules": "none"}'
      if (repository.repository === 'prod/web') await call()('ecr', 'DeleteRepository', { repositoryName: 'prod/web' })
      return holdings.lifecyclePolicy(repository)
    },
  }
  aws.faults.inject({ service: 'ecr', operation: 'DescribeImages', error: { code: 'AccessDeniedException' } })
  const gone: string[] = []
  const report = await guard([], { holdings: odd, onGone: ({ repository }) => gone.push(repository) })
  expect(report.unread.toSorted((a, b) => a.why.localeCompare(b.why))).toEqual([
    { repository: 'prod/api', why: 'ECR answered AccessDeniedException to DescribeImages' },
    { repository: 'bare', why: expect.stringContaining('its lifecycle policy is not understood: ') },
  ])
  expect(gone).toEqual(['prod/web'])
})

test('repositories that cannot be listed are told; a fault of ours is thrown', async () => {
  aws.faults.inject({ service: 'ecr', operation: 'DescribeRepositories', error: { code: 'AccessDeniedException' } })
  expect((await guard([])).unread).toEqual([
    {
      repository: null,
      why: 'the list of repositories cannot be read: ECR answered AccessDeniedException to DescribeRepositories',
    },
  ])
  const broken = { ...ecrHoldings(call(), aws.region), lifecyclePolicy: () => Promise.reject(new Error('a bug')) }
  await expect(guard([], { holdings: broken })).rejects.toThrow('a bug')
})
