import { beforeEach, expect, test } from 'vitest'
import type { Alert } from '../../functions/domain/alert.ts'
import { composePackageFound } from '../../functions/domain/package-found-alert.ts'
import type { IndexedImage } from '../../functions/domain/supply-chain/package-index/entry.ts'
import type { WatchFor } from '../../functions/domain/sweep/policy.ts'
import { KEYS } from '../../functions/sweep/contract.ts'
import type { NotIndexed } from '../../functions/sweep/package-index.ts'
import { watchingFor } from '../../functions/sweep/watch-for.ts'
import { type IndexedRow, indexOf, REPOSITORY, row } from '../domain/supply-chain/package-index/rows.ts'
import { memoryStore } from '../functions/clean-up/memory-store.ts'

const WATCH: WatchFor = { package: 'maven/log4j-core <2.17.1', slack: ['security'], reason: 'Log4Shell.' }
const { account, region } = REPOSITORY

let memory: ReturnType<typeof memoryStore>
beforeEach(() => {
  memory = memoryStore()
})

const having = (n: number, version: string | undefined, change: Partial<IndexedImage> = {}): IndexedRow =>
  row(
    [{ name: 'org.apache.logging.log4j/log4j-core', ecosystem: 'maven', ...(version !== undefined && { version }) }],
    {},
    { digest: `sha256:${String(n).repeat(64)}`, tags: [`1.${n}`], ...change },
  )

/** What a sweep tells. */
async function told(
  rows: readonly IndexedRow[],
  watches = [WATCH],
  left: readonly NotIndexed[] = [],
): Promise<Alert[]> {
  const alerts: Alert[] = []
  const watching = watchingFor(watches, memory.store)
  watching.onShard(indexOf(rows))
  await watching.tell(left, async (watch, found, uncovered) => {
    const telling = {
      subject: { account, region, tags: [] },
      slack: watch.slack,
      facts: [],
      notices: [],
      events: ['sweep'],
    }
    const at = { ...telling, now: new Date('2026-11-24T21:05:00Z') }
    alerts.push(composePackageFound(at, watch, found, { uncovered, store: 's3://bucket/sweep' }))
  })
  return alerts
}

test('images that have it are told of in one message, those in use first, and never again', async () => {
  const rows = [having(1, '2.14.1'), having(2, '2.17.1'), having(3, '2.10.0', { users: ['ECS service web'] })]
  const [alert, ...more] = await told(rows)
  expect(more).toEqual([])
  expect(alert).toMatchObject({
    ...{ kind: 'package-found', severity: 'HIGH', channels: ['security'], omitted: 0 },
    title: 'maven/log4j-core <2.17.1 is in 2 images, 1 of them in use',
    summary: 'New in 1 repository. Log4Shell.',
    command: `ecr-steward find 'maven/log4j-core <2.17.1' --store s3://bucket/sweep --region ${region}`,
    notices: [],
    items: [
      {
        ...{ id: 'team/web:1.3', severity: 'HIGH', text: 'org.apache.logging.log4j/log4j-core 2.10.0' },
        notes: ['in use by ECS service web', 'owner team'],
      },
      { id: 'team/web:1.1', severity: 'MEDIUM', notes: ['whether it is in use is not known', 'owner team'] },
    ],
  })
  expect(await told(rows)).toEqual([])
  expect((await told([...rows, having(4, '2.0', { users: [] })]))[0]).toMatchObject({
    ...{ severity: 'MEDIUM', title: 'maven/log4j-core <2.17.1 is in 1 image' },
    items: [{ id: 'team/web:1.4', notes: ['nobody uses it', 'owner team'] }],
  })
})

test('what went is said by nobody, and told anew when it comes back', async () => {
  await told([having(1, '2.14.1')])
  expect(await told([])).toEqual([])
  expect(await told([having(1, '2.14.1')])).toHaveLength(1)
})

test('of a registry without a new index, what was told stays told', async () => {
  await told([having(1, '2.14.1')])
  await told([], [WATCH], [{ account, region, why: 'S3 answered AccessDenied' }])
  expect(await told([having(1, '2.14.1')])).toEqual([])
})

test('of an image whose SBOM cannot be read for once, what was told stays told', async () => {
  const one = having(1, '2.14.1')
  await told([one])
  await told([{ ...one, contents: 'its SBOM cannot be read: S3 answered SlowDown' }])
  expect(await told([one])).toEqual([])
})

test('a version that does not tell is told, and a platform is named', async () => {
  const other = row([{ name: 'log4j-core', version: '2.0' }], {}, { digest: 'sha256:2' })
  const platform = having(1, undefined, { platform: 'linux/arm64', manifest: 'sha256:arm' })
  const [alert] = await told([platform, other], [{ package: WATCH.package, slack: [] }])
  expect(alert).toMatchObject({ title: `${WATCH.package} may be in 2 images`, summary: 'New in 1 repository.' })
  expect(alert?.items.map(({ text }) => text).toSorted()).toEqual([
    'log4j-core 2.0, which cannot be compared',
    'org.apache.logging.log4j/log4j-core in a version that is not known on linux/arm64',
  ])
})

test('what is sure and what is not are told apart, and of how many images nothing is known', async () => {
  const none = row('it has no SBOM', {}, { digest: 'sha256:5' })
  const [alert] = await told([having(1, '2.14.1'), having(2, undefined), none])
  expect(alert).toMatchObject({
    title: `${WATCH.package} is or may be in 2 images`,
    notices: [
      'Of 1 image nothing is known, for want of an SBOM that can be read: the command with --missing lists them.',
    ],
  })
})

test('a message has a hundred images at most, and says how many more there are', async () => {
  const rows = Array.from({ length: 103 }, (_, n) => having(n, '2.0', { digest: `sha256:${n}` }))
  expect((await told(rows))[0]).toMatchObject({ omitted: 3, items: { length: 100 } })
})

test('a memory that cannot be understood is none, and what is not watched for is not remembered', async () => {
  memory.set(KEYS.watchedFor, '{"')
  expect(await told([having(1, '2.14.1')])).toHaveLength(1)
  await told([having(1, '2.14.1')], [{ package: 'xz', slack: [] }])
  expect(JSON.parse(memory.files.get(KEYS.watchedFor)?.text ?? '')).toEqual({ xz: [] })
})

test('nothing is written where nothing is watched for', async () => {
  expect(await told([having(1, '2.14.1')], [])).toEqual([])
  expect(memory.files.size).toBe(0)
})
