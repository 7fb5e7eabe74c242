import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ecrRegistry } from '../../../functions/adapters/registry-reader.ts'
import { ecrRepositories } from '../../../functions/adapters/repository-reader.ts'
import { signedAws } from '../../../functions/adapters/signed-aws.ts'
import { frequencyFor } from '../../../functions/domain/scanning.ts'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { createClock } from '../../../local/clock.ts'
import { changes } from '../../../local/seed/changes.ts'
import { seedImage } from '../../../local/seed/images.ts'
import { seed } from '../../../local/seed/seed.ts'
import { applyStage } from '../../../local/seed/stages.ts'
import { envOf } from '../../adapters/env.ts'

const STORY = Date.parse('2026-11-20T00:00:00Z')

let aws: LocalAws
beforeAll(async () => {
  aws = await startLocalAws({ clock: createClock(STORY) })
  await seed(aws, STORY)
})
afterAll(() => aws.close())

const call = () => signedAws(envOf(aws))
const home = () => ({ account: aws.account, region: aws.region })
const of = (repository: string) => ({ ...home(), repository })
const repositories = () => ecrRepositories(call(), aws.region)
const registry = () => ecrRegistry(call(), aws.region)
const settingsOf = (repository: string) => repositories().settings(of(repository))
const frequencyOf = async (repository: string) => frequencyFor(await registry().scanning(home()), repository)
const isThere = (repository: string) => aws.ecr.repository(repository) !== undefined
const stableOf = () => aws.ecr.repository('prod/gateway')?.tagged.get('stable')

/** How much is attached to an image of team-ledger, by its subject or a tag; undefined where it is not there. */
function attachedTo(name: string): number | undefined {
  const { repository, digest } = seedImage(`team-ledger/${name}`)
  const images = aws.ecr.repository(repository)?.images
  if (!images?.has(digest)) return undefined
  const isAbout = (tag: string): boolean => tag.startsWith(`${digest.replace(':', '-')}.`)
  return [...images.values()].filter(({ subject, tags }) => subject === digest || [...tags].some(isAbout)).length
}

/** What the registry is asked, and what it says before and after. In the order of the story, each after those before. */
const CASES: readonly (readonly [file: string, ask: () => unknown, before: unknown, after: unknown])[] = [
  ['push-that-moves-a-tag', stableOf, seedImage('prod/gateway:2.8.0').digest, seedImage('prod/gateway:2.9.0').digest],
  ['push-of-signed-image', () => attachedTo('api:1.4.0'), undefined, 1],
  ['push-of-unsigned-image', () => attachedTo('api:1.5.0'), undefined, 0],
  ['push-of-signature-afterwards', () => attachedTo('api:1.5.0'), 0, 1],
  ['push-of-forbidden-package', () => attachedTo('vault:2.1.0'), undefined, 2],
  ['push-of-wrongly-signed-image', () => attachedTo('web:3.2.0'), undefined, 1],
  ['call-create-repository', () => isThere('prod/intake'), false, true],
  ['call-put-image-tag-mutability', async () => (await settingsOf('prod/web')).tagMutability, 'IMMUTABLE', 'MUTABLE'],
  [
    'call-delete-lifecycle-policy',
    async () => typeof (await repositories().lifecyclePolicy(of('prod/edge'))),
    'string',
    'undefined',
  ],
  [
    'call-set-repository-policy',
    async () => typeof (await repositories().policy(of('team-b/batch'))),
    'undefined',
    'string',
  ],
  ['call-put-registry-scanning-configuration', () => frequencyOf('team-a/worker'), 'SCAN_ON_PUSH', 'MANUAL'],
  [
    'call-put-registry-policy',
    async () => (await registry().policy(home()))?.includes('AllowPullFromEverywhere'),
    false,
    true,
  ],
  ['call-by-aws-service', () => isThere('docker-hub/library/nginx'), false, true],
  ['call-that-mends', async () => (await settingsOf('prod/web')).tagMutability, 'MUTABLE', 'IMMUTABLE'],
  ['scan-frequency-changed', async () => (await registry().scanning(home())).scanType, 'BASIC', 'ENHANCED'],
  ['scan-frequency-weakened', () => frequencyOf('prod/payments'), 'CONTINUOUS_SCAN', 'MANUAL'],
  ['scan-frequency-strengthened', () => frequencyOf('prod/payments'), 'MANUAL', 'CONTINUOUS_SCAN'],
]

describe('the changes of the story', () => {
  it.each(CASES)('%s changes what the registry says', async (file, ask, before, after) => {
    const change = changes.find((one) => one.file === `${file}.json`)
    expect(await ask()).toEqual(before)
    applyStage(aws, String(change?.event))
    expect(await ask()).toEqual(after)
    // An event may come twice.
    applyStage(aws, String(change?.event))
    expect(await ask()).toEqual(after)
  })

  it('are each shown here', () => {
    expect(CASES.map(([file]) => `${file}.json`)).toEqual(changes.map(({ file }) => file))
  })

  it('have come to pass in a registry that is looked at later', async () => {
    const later = await startLocalAws()
    await seed(later, Date.parse('2026-12-01T00:00:00Z'))
    expect(later.ecr.repository('prod/intake')).toBeDefined()
    expect(later.ecr.repository('prod/edge')?.lifecyclePolicyText).toBeUndefined()
    await later.close()
  })
})
