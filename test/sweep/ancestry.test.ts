import { afterAll, beforeAll, expect, test } from 'vitest'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import { sweepReaders } from '../../functions/adapters/sweep-readers.ts'
import type { SweepRecord } from '../../functions/domain/sweep/record.ts'
import { judgeRepositories } from '../../functions/sweep/judge-repositories.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import type { SeedFinding } from '../../local/seed/findings.ts'
import { API_FINDINGS, BASE_FINDINGS, GATEWAY_FINDINGS, WEB_FINDINGS } from '../../local/seed/findings-debian.ts'
import { putScan } from '../../local/seed/put-scan.ts'
import { seed } from '../../local/seed/seed.ts'
import { envOf } from '../adapters/env.ts'
import { sweep } from '../domain/sweep/recorded.ts'
import { memoryStore } from '../functions/clean-up/memory-store.ts'
import { configOf } from './local-sweep.ts'

const NOW = new Date('2026-11-25T21:00:00Z')
const REPOSITORIES = ['base/node', 'prod/api', 'prod/gateway', 'prod/web']

/** What the base image of June has itself. */
const JUNE = API_FINDINGS.filter(({ layer }) => layer === 'debian-june')
/** As an enhanced scan of today would find it in the registry of the story, which scans them basically. */
const SCANNED: Readonly<Record<string, readonly SeedFinding[]>> = {
  ...{ 'base/node:20': JUNE, 'base/node:22': BASE_FINDINGS },
  ...{ 'prod/api:1.4.2': API_FINDINGS, 'prod/web:5.12.0': WEB_FINDINGS, 'prod/gateway:2.8.0': GATEWAY_FINDINGS },
}

let aws: LocalAws
beforeAll(async () => {
  aws = await startLocalAws()
  await seed(aws, NOW.getTime())
  for (const [image, enhanced] of Object.entries(SCANNED))
    putScan(aws, { image, status: 'ACTIVE', enhanced }, NOW.getTime())
})
afterAll(() => aws.close())

test('the registry of the story says which base to rebuild on, and what that closes', async () => {
  const { account, region, url: endpoint } = aws
  const readers = sweepReaders(signedAws(envOf(aws)), { region, endpoint })
  const deps = { config: configOf([]), readers, store: memoryStore().store, now: NOW }
  const refs = REPOSITORIES.map((repository) => ({ account, region, repository }))
  const records: SweepRecord[] = []
  for await (const record of judgeRepositories(refs, deps)) records.push(record)
  const { ancestry, fixes } = sweep(records, { now: NOW }).report

  const inJune = ({ id, package: name }: SeedFinding) => JUNE.some((one) => one.id === id && one.package === name)
  const inNewer = ({ id, package: name }: SeedFinding) =>
    BASE_FINDINGS.some((one) => one.id === id && one.package === name)
  const inherited = [...API_FINDINGS, ...WEB_FINDINGS].filter(({ layer }) => layer === 'debian-june')
  const gone = inherited.filter((one) => inJune(one) && !inNewer(one))

  const [node, debian, ...others] = ancestry.bases
  expect(others).toEqual([])
  expect(node).toMatchObject({
    ...{ name: 'base/node:20.14-bookworm-slim', isRead: true, layers: 2, images: 2, named: ['prod/api', 'prod/web'] },
    rebuild: { on: 'base/node:22.11-bookworm-slim', fixes: gone.length },
  })
  expect(Object.values(node?.findings ?? {}).reduce((sum, count) => sum + count, 0)).toBe(inherited.length)
  // What base/node itself is built upon, and others without Node: nobody has scanned it alone.
  expect(debian).toMatchObject({ name: null, layers: 1, images: 2, named: ['base/node', 'prod/gateway'] })
  expect(debian).not.toHaveProperty('rebuild')
  expect(fixes.find(({ title }) => title.startsWith('Rebuild on base/node:22.11'))?.closes).toMatchObject({
    ...{ findings: gone.length, images: 2, repositories: 2 },
  })
})
