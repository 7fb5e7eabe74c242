import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ecrHoldings } from '../../functions/adapters/holdings.ts'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import { type Planning, planCleanUp } from '../../functions/clean-up/plan.ts'
import { openPlan, planText } from '../../functions/domain/clean-up/seal.ts'
import type { Use } from '../../functions/domain/in-use/use.ts'
import { Unreadable } from '../../functions/faults.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { envOf } from '../adapters/env.ts'
import { cleanUp, indexOf, inventoryOf, lifecycle, manifestOf, NOW, push } from './registry.ts'

let aws: LocalAws
const call = () => signedAws(envOf(aws))
const policyFor = (account: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'pull', Effect: 'Allow', Principal: { AWS: account }, Action: 'ecr:BatchGetImage' }],
  })

const plan = (change: Partial<Planning> = {}) =>
  planCleanUp({
    registry: { account: aws.account, region: aws.region },
    policy: cleanUp(),
    holdings: ecrHoldings(call(), aws.region),
    readInventory: async () => inventoryOf(aws),
    registryPolicy: async () => undefined,
    now: NOW,
    id: '2026-11-28t03-00-00z-test',
    atOnce: 4,
    ...change,
  })

const use = (change: Partial<Use['image']>): Use => ({
  image: { account: aws.account, region: aws.region, repository: 'ci/web', ...change },
  by: 'ECS task definition web:42',
})

beforeEach(async () => {
  aws = await startLocalAws()
  for (const repositoryName of ['ci/web', 'ci/api', 'prod/api']) aws.ecr.createRepository({ repositoryName })
  push(aws, 'ci/web', manifestOf('old'), 40, 'pr-1')
  push(aws, 'ci/web', manifestOf('older'), 50, 'pr-0')
  push(aws, 'ci/web', manifestOf('new'), 3, 'pr-2')
  push(aws, 'ci/api', manifestOf('oldest'), 400, 'pr-9')
  push(aws, 'prod/api', manifestOf('ancient'), 900, 'v1')
})

afterEach(() => aws.close())

test('a plan says what goes, why, and what that saves; it is sealed, and expires in a day', async () => {
  const made = await plan()
  expect(openPlan(planText(made))).toEqual(made)
  expect(made).toMatchObject({
    id: '2026-11-28t03-00-00z-test',
    ...{ createdAt: '2026-11-28T03:00:00.000Z', expiresAt: '2026-11-29T03:00:00.000Z' },
    population: { 'ci/api': 1, 'ci/web': 3 },
    ...{ blocked: [], heldBack: [], protected: [] },
  })
  expect(made.inventory).toEqual({
    at: '2026-11-28T02:59:59.000Z',
    sources: [{ source: 'ecs', account: aws.account, region: aws.region, uses: 0, incomplete: null }],
  })
  expect(made.items.map(({ repository, tags }) => `${repository}:${tags}`)).toEqual([
    'ci/api:pr-9',
    'ci/web:pr-0',
    'ci/web:pr-1',
  ])
  expect(made.items[2]).toMatchObject({
    ...{ digest: manifestOf('old').digest, action: 'delete', isIndex: false, policy: 'lifecycle/ci.json', rule: 1 },
    ...{ pushedAt: '2026-10-19T03:00:00.000Z', pulledAt: null, status: 'ACTIVE' },
  })
  expect(made.items[2]?.reason).toContain('pushed 2026-10-19')
  expect(made.totals.delete.images).toBe(3)
})

test('each page of images is read once, and nothing of a repository that no entry is about', async () => {
  const uncovered: string[] = []
  await plan({ onUncovered: ({ repository }) => uncovered.push(repository) })
  const reads = aws.calls.filter(({ operation }) => operation === 'DescribeImages')
  expect(reads.map(({ input }) => (input as { repositoryName: string }).repositoryName).toSorted()).toEqual([
    'ci/api',
    'ci/web',
  ])
  expect(uncovered).toEqual(['prod/api'])
})

test('an image that comes on two pages counts once', async () => {
  const { images, ...holdings } = ecrHoldings(call(), aws.region)
  const shifting = {
    ...holdings,
    async *images(repository: Parameters<typeof images>[0]) {
      for await (const page of images(repository)) yield* [page, page]
    },
  }
  const text = lifecycle({ tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 2, countUnit: undefined })
  const made = await plan({ holdings: shifting, policy: cleanUp({}, text) })
  expect(made.items.map(({ tags }) => tags)).toEqual([['pr-0']])
  expect(made.population).toEqual({ 'ci/api': 1, 'ci/web': 3 })
})

describe('an image that the rules would remove', () => {
  test('stays where it is in use by tag or by digest, whatever the registry, and it is told by whom', async () => {
    const uses = [
      use({ tag: 'pr-0' }),
      use({ repository: 'copy', account: '999999999999', digest: manifestOf('old').digest }),
    ]
    const made = await plan({ readInventory: async () => inventoryOf(aws, uses) })
    expect(made.items.map(({ repository }) => repository)).toEqual(['ci/api'])
    expect(made.protected).toEqual([
      { repository: 'ci/web', digest: manifestOf('old').digest, tags: ['pr-1'], by: ['ECS task definition web:42'] },
      { repository: 'ci/web', digest: manifestOf('older').digest, tags: ['pr-0'], by: ['ECS task definition web:42'] },
    ])
  })

  test('stays where it is pinned', async () => {
    const pins = [{ repositories: ['ci/**'], tags: ['pr-*'], reason: 'contract', line: 30 }]
    const made = await plan({ policy: cleanUp({ inUse: { ...cleanUp().inUse, pins } }) })
    expect(made.items).toEqual([])
    expect(made.protected[0]?.by).toEqual(['pinned in steward.yaml, line 30: contract'])
  })
})

describe('an index', () => {
  const [amd64, arm64] = [manifestOf('amd64'), manifestOf('arm64')]
  const index = indexOf('both', [amd64, arm64])
  beforeEach(() => {
    for (const child of [amd64, arm64]) push(aws, 'ci/web', child, 60)
    push(aws, 'ci/web', index, 60, 'multi')
  })

  test('goes before what it lists, and with it', async () => {
    const { items } = await plan()
    expect(
      items.map(({ digest }) => digest).filter((one) => [index, amd64, arm64].some(({ digest }) => digest === one))[0],
    ).toBe(index.digest)
    const child = items.find(({ digest }) => digest === arm64.digest)
    expect(child).toMatchObject({ rule: null, tags: [], reason: `index ${index.digest} goes, which lists it` })
  })

  test('stays with all that it lists where a child is in use; what would have gone with it is not told', async () => {
    const made = await plan({ readInventory: async () => inventoryOf(aws, [use({ digest: amd64.digest })]) })
    expect(made.items.map(({ tags }) => tags[0])).toEqual(['pr-9', 'pr-0', 'pr-1'])
    expect(made.protected).toEqual([
      {
        ...{ repository: 'ci/web', digest: index.digest, tags: ['multi'] },
        by: [`it lists ${amd64.digest}, which is in use: ECS task definition web:42`],
      },
    ])
  })

  test('is not parted from what it lists by a limit', async () => {
    const made = await plan({ policy: cleanUp({ atMost: { images: 4, shareOfRepository: 1, shareOfRegistry: 1 } }) })
    expect(made.items.map(({ tags }) => tags[0])).toEqual(['pr-9', 'multi', undefined, undefined])
    expect(made.heldBack).toEqual([{ repository: 'ci/web', images: 2, why: 'a plan takes at most 4 images' }])
  })
})

describe('nothing goes', () => {
  test('where the inventory is not complete; how much would is told', async () => {
    const made = await plan({ readInventory: async () => inventoryOf(aws, [], 'AccessDenied for ecs:ListTasks') })
    expect(made.items).toEqual([])
    expect(made.blocked).toEqual([
      {
        repository: null,
        why: `ecs in ${aws.account}, ${aws.region}, is not known completely: AccessDenied for ecs:ListTasks`,
      },
    ])
    const why = 'what is in use is not known completely, and it could be any image'
    expect(made.heldBack).toEqual([
      { repository: 'ci/api', images: 1, why },
      { repository: 'ci/web', images: 2, why },
    ])
    expect(made.totals.delete).toEqual({ images: 0, bytes: 0, dollarsPerMonth: 0 })
  })

  test('of a repository that others may pull from, of whom nobody looks what runs; its images are not even read', async () => {
    await call()('ecr', 'SetRepositoryPolicy', { repositoryName: 'ci/web', policyText: policyFor('222222222222') })
    const made = await plan()
    expect(made.items.map(({ repository }) => repository)).toEqual(['ci/api'])
    expect(made.blocked).toEqual([{ repository: 'ci/web', why: expect.stringContaining('lets 222222222222 pull') }])
    expect(Object.keys(made.population)).toEqual(['ci/api'])
    const read = await plan({ policy: cleanUp({ inUse: { ...cleanUp().inUse, accounts: ['222222222222'] } }) })
    expect([read.items.length, read.blocked]).toEqual([3, []])
  })

  test('where the registry policy lets others pull, of whom nobody looks what runs, or cannot be read', async () => {
    const registryPolicy = async () => policyFor('222222222222')
    const { items, blocked, heldBack } = await plan({ registryPolicy })
    expect([items, heldBack.length]).toEqual([[], 2])
    expect(blocked).toEqual([
      { repository: null, why: expect.stringContaining('the registry policy lets 222222222222 pull') },
    ])
    const inUse = { ...cleanUp().inUse, ignoreAccounts: ['222222222222'] }
    expect((await plan({ registryPolicy, policy: cleanUp({ inUse }) })).items).toHaveLength(3)
    expect((await plan({ registryPolicy: async () => undefined })).items).toHaveLength(3)

    const refused = await plan({ registryPolicy: () => Promise.reject(new Unreadable('ECR says no', true, undefined)) })
    const why = 'the registry policy cannot be read, which may let other accounts pull: ECR says no'
    expect([refused.items, refused.blocked]).toEqual([[], [{ repository: null, why }]])
    await expect(plan({ registryPolicy: () => Promise.reject(new Error('a bug')) })).rejects.toThrow('a bug')
  })

  test.each(['DescribeImages', 'BatchGetImage', 'GetRepositoryPolicy'])(
    'of a repository where %s is refused, and it is told; the others go',
    async (operation) => {
      push(aws, 'ci/api', manifestOf('x'), 1)
      push(aws, 'ci/api', indexOf('i', [manifestOf('x')]), 40, 'i')
      aws.faults.inject({ service: 'ecr', operation, times: 1, error: { code: 'AccessDeniedException' } })
      const made = await plan({ atOnce: 1 })
      expect(made.blocked).toEqual([
        { repository: 'ci/api', why: `ECR answered AccessDeniedException to ${operation}` },
      ])
      expect(made.items.map(({ repository }) => repository)).toEqual(['ci/web', 'ci/web'])
    },
  )

  test('of a repository of which a page is missing', async () => {
    const holdings = ecrHoldings(call(), aws.region)
    for (let i = 0; i < 1_001; i++) push(aws, 'ci/web', manifestOf(`many-${i}`), 90)
    const half: typeof holdings = {
      ...holdings,
      async *images(repository) {
        for await (const page of holdings.images(repository)) {
          yield page
          const error = { code: 'ServerException' }
          if (page.length === 1_000) aws.faults.inject({ service: 'ecr', operation: 'DescribeImages', times: 3, error })
        }
      },
    }
    const made = await plan({ holdings: half, atOnce: 1 })
    expect(made.items.map(({ repository }) => repository)).toEqual(['ci/api'])
    expect(made.blocked).toEqual([{ repository: 'ci/web', why: 'ECR answered ServerException to DescribeImages' }])
  })
})

test('what is in the archive goes by a rule of its own, and the last pull is told', async () => {
  const holdings = ecrHoldings(call(), aws.region)
  const [pulledAt, archivedAt] = [Date.parse('2026-10-20T00:00:00Z'), Date.parse('2026-01-01T00:00:00Z')]
  const archived: typeof holdings = {
    ...holdings,
    async *images(repository) {
      for await (const page of holdings.images(repository))
        yield page.map((image) =>
          image.tags.includes('pr-0') ? { ...image, status: 'ARCHIVED' as const, archivedAt } : { ...image, pulledAt },
        )
    },
  }
  const text = lifecycle(
    { tagStatus: 'any', countType: 'sinceImagePulled', countNumber: 30, action: 'transition' },
    { tagStatus: 'any', countType: 'sinceImageTransitioned', countNumber: 90, storageClass: 'archive' },
  )
  const { items, totals } = await plan({ holdings: archived, policy: cleanUp({}, text) })
  expect(items.map(({ tags, action, status, pulledAt: pulled }) => [tags[0], action, status, pulled])).toEqual([
    ['pr-9', 'archive', 'ACTIVE', '2026-10-20T00:00:00.000Z'],
    ['pr-0', 'delete', 'ARCHIVED', null],
    ['pr-1', 'archive', 'ACTIVE', '2026-10-20T00:00:00.000Z'],
    ['pr-2', 'archive', 'ACTIVE', '2026-10-20T00:00:00.000Z'],
  ])
  expect([totals.archive.images, totals.archive.dollarsPerMonth]).toEqual([3, 0])
})

test('a repository that vanishes meanwhile is left out', async () => {
  const gone: string[] = []
  const holdings = ecrHoldings(call(), aws.region)
  const vanishing: typeof holdings = {
    ...holdings,
    async repositoryPolicy(repository) {
      if (repository.repository === 'ci/web')
        await call()('ecr', 'DeleteRepository', { repositoryName: 'ci/web', force: true })
      return holdings.repositoryPolicy(repository)
    },
  }
  const made = await plan({ holdings: vanishing, onGone: ({ repository }) => gone.push(repository) })
  expect(gone).toEqual(['ci/web'])
  expect(made.blocked).toEqual([])
  expect(made.items.map(({ repository }) => repository)).toEqual(['ci/api'])
})

test('where the repositories cannot be listed to the end, that is told', async () => {
  aws.faults.inject({ service: 'ecr', operation: 'DescribeRepositories', error: { code: 'AccessDeniedException' } })
  expect((await plan()).blocked).toEqual([
    {
      repository: null,
      why: 'the list of repositories cannot be read: ECR answered AccessDeniedException to DescribeRepositories',
    },
  ])
})

test('limits are those of the policy, and what they hold back is told', async () => {
  const atMost = { images: 1_000, shareOfRepository: 0.4, shareOfRegistry: 1 }
  const made = await plan({ policy: cleanUp({ atMost }) })
  expect(made.items.map(({ tags }) => tags[0])).toEqual(['pr-0'])
  expect(made.heldBack).toEqual([
    { repository: 'ci/api', images: 1, why: 'a plan takes at most 0 of its 1 images: 40 %' },
    { repository: 'ci/web', images: 1, why: 'a plan takes at most 1 of its 3 images: 40 %' },
  ])
})

test('the first entry that is about a repository decides, also where it says nothing', async () => {
  const [entry] = cleanUp().entries
  const entries = [{ repositories: ['ci/web'], policy: 'none.json', rules: [], line: 1 }, ...(entry ? [entry] : [])]
  const made = await plan({ policy: cleanUp({ entries }) })
  expect(made.items.map(({ repository }) => repository)).toEqual(['ci/api'])
  expect(made.population).toEqual({ 'ci/api': 1, 'ci/web': 3 })
})

test('what goes wrong by a fault of ours ends it, when all that was begun has ended', async () => {
  const broken = new Error('a bug')
  const holdings = { ...ecrHoldings(call(), aws.region), repositoryPolicy: () => Promise.reject(broken) }
  await expect(plan({ holdings })).rejects.toBe(broken)
  await expect(plan({ readInventory: () => Promise.reject(broken) })).rejects.toBe(broken)
})
