import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { folderStore } from '../../cli/clean-up/folder-store.ts'
import { ecrHoldings } from '../../functions/adapters/holdings.ts'
import { ecrRegistry } from '../../functions/adapters/registry-reader.ts'
import { ecrHands } from '../../functions/adapters/removal-hands.ts'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import { takeLease } from '../../functions/clean-up/lease.ts'
import { type RunDeps, runCleanUp } from '../../functions/clean-up/run.ts'
import { setStopSwitch } from '../../functions/clean-up/stop-switch.ts'
import type { Alert } from '../../functions/domain/alert.ts'
import type { Use } from '../../functions/domain/in-use/use.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { envOf } from '../adapters/env.ts'
import { cleanUp, inventoryOf, manifestOf, NOW, push, THIRTY_DAYS } from './registry.ts'

const PLAN = '2026-11-28t03-00-00z-scheduled'
const DAY = 86_400_000

let aws: LocalAws
let folder: string
let told: Alert[]

const store = () => folderStore(folder)
const call = () => signedAws(envOf(aws))
const tagsIn = async (repository: string): Promise<readonly string[]> => {
  const found: string[] = []
  const ref = { account: aws.account, region: aws.region, repository }
  for await (const page of ecrHoldings(call(), aws.region).images(ref)) found.push(...page.flatMap(({ tags }) => tags))
  return found.toSorted()
}

/** Runs as it would on schedule; in mode apply unless the hands are taken away. */
function run(change: Partial<RunDeps> = {}, scheduledAt = NOW) {
  const now = change.now ?? (() => NOW)
  return runCleanUp(scheduledAt, {
    registry: { account: aws.account, region: aws.region },
    policy: cleanUp({ mode: 'apply', slack: ['platform'] }),
    store: store(),
    holdings: ecrHoldings(call(), aws.region),
    hands: ecrHands(call(), aws.region),
    readInventory: async () => ({ ...inventoryOf(aws), at: now().getTime() }),
    registryPolicy: () => ecrRegistry(call(), aws.region).policy(aws),
    alerts: { publish: async (alert) => void told.push(alert) },
    ...{ who: 'Lambda function clean-up', run: `run-${told.length}-${Math.random()}`, now },
    until: new Date(now().getTime() + 10 * 60_000),
    ...change,
  })
}

const use = (repository: string, tag: string, by = 'ECS task definition web:42'): Use => ({
  image: { account: aws.account, region: aws.region, repository, tag },
  by,
})

const using =
  (...uses: readonly Use[]) =>
  async () => ({ ...inventoryOf(aws, uses), at: NOW.getTime() })

/** Another account may pull from every repository. */
const PULLED = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      ...{ Sid: 'pull', Effect: 'Allow', Principal: { AWS: '222222222222' } },
      ...{ Action: 'ecr:BatchGetImage', Resource: '*' },
    },
  ],
})

beforeEach(async () => {
  aws = await startLocalAws()
  folder = mkdtempSync(join(tmpdir(), 'steward-run-'))
  told = []
  for (const repositoryName of ['ci/web', 'prod/api']) aws.ecr.createRepository({ repositoryName })
  push(aws, 'ci/web', manifestOf('old'), 40, 'pr-1')
  push(aws, 'ci/web', manifestOf('older'), 50, 'pr-0')
  push(aws, 'ci/web', manifestOf('new'), 3, 'pr-2')
  push(aws, 'prod/api', manifestOf('ancient'), 900, 'v1')
})

afterEach(async () => {
  await aws.close()
  rmSync(folder, { recursive: true })
})

describe('a run in mode apply', () => {
  test('removes nothing where the registry policy lets others pull, of whom nobody looks what runs', async () => {
    await call()('ecr', 'PutRegistryPolicy', { policyText: PULLED })
    await run()
    expect(await tagsIn('ci/web')).toEqual(['pr-0', 'pr-1', 'pr-2'])
  })

  test('removes nothing where the registry policy lets others pull since the plan was made', async () => {
    const before = { alerts: { publish: () => Promise.reject(new Error('down')) } }
    await run({ ...before, hands: undefined, policy: cleanUp({ mode: 'apply' }) }).catch(() => {})
    await call()('ecr', 'PutRegistryPolicy', { policyText: PULLED })

    expect((await run()).outcome).toMatchObject({ planned: 2, deleted: 0 })
    expect(await tagsIn('ci/web')).toEqual(['pr-0', 'pr-1', 'pr-2'])
    expect(told[0]?.summary).toContain('the registry policy lets 222222222222 pull')
  })

  test('removes what the plan says, keeps what is in use, and tells both', async () => {
    const { outcome, metrics } = await run({ readInventory: using(use('ci/web', 'pr-0')) })

    expect(await tagsIn('ci/web')).toEqual(['pr-0', 'pr-2'])
    expect(await tagsIn('prod/api')).toEqual(['v1'])
    expect(outcome).toMatchObject({ outcome: 'alerted', event: PLAN, planned: 1, deleted: 1, kept: 1, failed: 0 })
    expect(told).toMatchObject([{ kind: 'clean-up', channels: ['platform'], events: [PLAN] }])
    expect(told[0]?.title).toMatch(/^Removed 1 image: /)
    expect(told[0]?.facts).toContainEqual({ name: 'Stay', value: '1 image, by ECS task definition web:42' })
    expect(metrics).toMatchObject({
      CleanUpDeleted: { value: 1 },
      CleanUpKept: { value: 1 },
      CleanUpFailed: { value: 0 },
    })
    expect(metrics?.CleanUpFreedBytes?.value).toBeGreaterThan(0)
    expect(await store().read(`plans/${PLAN}.json`)).toBeDefined()
  })

  test('takes the oldest of a small repository, whose share is less than one image', async () => {
    const atMost = { images: 500, shareOfRepository: 0.2, shareOfRegistry: 1 }
    const { outcome } = await run({ policy: cleanUp({ mode: 'apply', atMost }) })

    expect(await tagsIn('ci/web')).toEqual(['pr-1', 'pr-2'])
    expect(outcome).toMatchObject({ planned: 1, deleted: 1, failed: 0 })
  })

  test('that is started again with the same time does nothing, and tells nothing', async () => {
    await run()
    push(aws, 'ci/web', manifestOf('another'), 60, 'pr-7')
    expect(await run()).toEqual({
      outcome: { outcome: 'known', reason: 'this run came to its end before', event: PLAN },
    })
    expect(await tagsIn('ci/web')).toEqual(['pr-2', 'pr-7'])
    expect(told).toHaveLength(1)
  })

  test('that could not tell is started again: nothing is removed twice, and all of it is told', async () => {
    const failing = { publish: () => Promise.reject(new Error('SNS is down')) }
    await expect(run({ alerts: failing })).rejects.toThrow('SNS is down')
    expect(await tagsIn('ci/web')).toEqual(['pr-2'])

    expect((await run()).outcome).toMatchObject({ outcome: 'alerted', deleted: 2 })
    expect(told[0]?.title).toMatch(/^Removed 2 images: /)
    expect(await store().list('plans/')).toEqual([`plans/${PLAN}.json`])
  })

  test('that is started twice at once makes one plan, and one of the two carries it out', async () => {
    const ends = await Promise.allSettled([run(), run()])

    expect(await tagsIn('ci/web')).toEqual(['pr-2'])
    expect(ends).toContainEqual({
      ...{ status: 'fulfilled', value: expect.objectContaining({ outcome: expect.objectContaining({ deleted: 2 }) }) },
    })
    expect(new Set(told.map(({ id }) => id)).size).toBe(1)
    expect(told[0]?.title).toMatch(/^Removed 2 images: /)
    expect(await store().list('plans/')).toHaveLength(1)
  })

  test('while somebody else applies a plan leaves it to the next', async () => {
    await takeLease({ store: store(), run: 'other', by: 'alice', plan: 'hers', now: () => NOW })

    expect(await run()).toMatchObject({
      outcome: { outcome: 'busy', reason: expect.stringContaining('alice'), leaseOf: 'hers' },
    })
    expect(await tagsIn('ci/web')).toEqual(['pr-0', 'pr-1', 'pr-2'])
    expect(told).toEqual([])
  })

  test('that was cut off and is started again fails until its lease is over: nobody else would end it', async () => {
    await takeLease({ store: store(), run: 'cut-off', by: 'Lambda function clean-up', plan: PLAN, now: () => NOW })

    await expect(run()).rejects.toThrow(
      `Plan ${PLAN} is not carried out to its end. Lambda function clean-up is at it with plan ${PLAN}.`,
    )
    expect(await store().read(`runs/${PLAN}.json`)).toBeUndefined()

    const later = new Date(NOW.getTime() + 11 * 60_000)
    expect((await run({ now: () => later })).outcome).toMatchObject({ outcome: 'alerted', deleted: 2 })
  })

  test('that loses its lease, nobody knows to whom, is started again', async () => {
    const losing = { ...store(), replace: async () => false }
    await expect(run({ store: losing })).rejects.toThrow('Another run took the lease.')
  })

  test('ends where the stop switch is on, and says so once', async () => {
    await setStopSwitch(store(), { reason: 'migration', by: 'alice', at: 'noon' })
    const tomorrow = new Date(NOW.getTime() + DAY)
    await run()
    await run({ now: () => tomorrow }, tomorrow)

    expect(await tagsIn('ci/web')).toEqual(['pr-0', 'pr-1', 'pr-2'])
    expect(told).toMatchObject([{ severity: 'LOW', title: 'Clean-up stopped: nothing was removed' }])
    expect(told[0]?.summary).toContain('migration')
  })

  test('removes nothing where it is not known what is in use, and says why', async () => {
    const denied = async () => inventoryOf(aws, [], 'AccessDenied for ecs:ListTasks')
    const { outcome } = await run({ readInventory: denied })

    expect(await tagsIn('ci/web')).toEqual(['pr-0', 'pr-1', 'pr-2'])
    expect(outcome).toMatchObject({ outcome: 'alerted', planned: 0, deleted: 0, blocked: 1 })
    expect(told).toMatchObject([{ severity: 'MEDIUM', title: 'Clean-up is blocked: nothing is removed' }])
    expect(told[0]?.notices.join()).toContain('AccessDenied for ecs:ListTasks')
  })

  test('does nothing by a plan that was edited', async () => {
    await run({ hands: undefined, alerts: { publish: () => Promise.reject(new Error('down')) } }).catch(() => {})
    const key = `plans/${PLAN}.json`
    const stored = await store().read(key)
    await store().replace(key, String(stored?.text).replace('pr-1', 'pr-2'), String(stored?.version))

    await expect(run()).rejects.toThrow('edited')
    expect(await tagsIn('ci/web')).toEqual(['pr-0', 'pr-1', 'pr-2'])
  })
})

describe('a dry run', () => {
  const dry = (change: Partial<RunDeps> = {}, at = NOW) =>
    run({ hands: undefined, policy: cleanUp({ slack: ['platform'] }), now: () => at, ...change }, at)

  test('makes the plan, tells the line that carries it out, and removes nothing', async () => {
    expect((await dry()).outcome).toMatchObject({ outcome: 'alerted', planned: 2 })
    expect(await tagsIn('ci/web')).toEqual(['pr-0', 'pr-1', 'pr-2'])
    expect(told[0]?.title).toMatch(/^Clean-up in dry-run: 2 images can go/)
    expect(told[0]?.command).toContain(`ecr-steward clean-up apply ${PLAN} --store `)
  })

  test('is told again neither tomorrow nor where there is nothing', async () => {
    await dry()
    expect((await dry({}, new Date(NOW.getTime() + DAY))).outcome).toMatchObject({ outcome: 'quiet', planned: 2 })
    expect((await dry({ policy: cleanUp({ entries: [] }) }, new Date(NOW.getTime() + 2 * DAY))).outcome).toMatchObject({
      ...{ outcome: 'quiet', planned: 0 },
    })
    expect(told).toHaveLength(1)
  })
})

describe('the guard', () => {
  const guarded = { policy: cleanUp({ entries: [], slack: ['platform'] }), hands: undefined }

  beforeEach(async () => {
    await call()('ecr', 'PutLifecyclePolicy', { repositoryName: 'prod/api', lifecyclePolicyText: THIRTY_DAYS })
  })

  test('tells of an image in use that ECR is about to expire, once', async () => {
    const readInventory = using(use('prod/api', 'v1'))
    await run({ ...guarded, readInventory })
    const tomorrow = new Date(NOW.getTime() + DAY)
    await run({ ...guarded, readInventory, now: () => tomorrow }, tomorrow)

    expect(told).toMatchObject([
      {
        ...{ kind: 'expiring-in-use', severity: 'CRITICAL', channels: ['platform'] },
        title: 'In use and about to expire: prod/api:v1',
        notices: [],
      },
    ])
    expect(told[0]?.items[0]?.notes).toEqual(['in use by ECS task definition web:42'])
  })

  test('tells again when another image of the repository comes to it', async () => {
    push(aws, 'prod/api', manifestOf('next'), 29, 'v2')
    push(aws, 'prod/api', manifestOf('young'), 2, 'v3')
    await run({ ...guarded, readInventory: using(use('prod/api', 'v1')) })
    const tomorrow = new Date(NOW.getTime() + DAY)
    const readInventory = using(use('prod/api', 'v1'), use('prod/api', 'v2'), use('prod/api', 'v3'))
    await run({ ...guarded, readInventory, now: () => tomorrow }, tomorrow)

    expect(told.map(({ items }) => items.map(({ id }) => id))).toEqual([
      ['prod/api:v1'],
      ['prod/api:v2', 'prod/api:v1'].toSorted(),
    ])
  })

  test('is silent about what nothing runs', async () => {
    expect((await run(guarded)).outcome).toMatchObject({ outcome: 'quiet' })
    expect(told).toEqual([])
  })

  test('says so where there may be more', async () => {
    const readInventory = async () => inventoryOf(aws, [use('prod/api', 'v1')], 'AccessDenied')
    await run({ ...guarded, readInventory })
    expect(told.find(({ kind }) => kind === 'expiring-in-use')?.notices).toEqual([
      'What is in use is not known completely: more images may be.',
    ])
  })
})
