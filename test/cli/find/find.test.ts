import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { gzipSync } from 'node:zlib'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { folderStore } from '../../../cli/clean-up/folder-store.ts'
import { FindResultSchema } from '../../../cli/find/result.ts'
import { s3Store } from '../../../functions/adapters/s3-store.ts'
import { signedSend } from '../../../functions/adapters/signed-aws.ts'
import type { IndexedImage } from '../../../functions/domain/supply-chain/package-index/entry.ts'
import type { Store } from '../../../functions/planning/store.ts'
import { KEYS, SWEEP_PREFIX } from '../../../functions/sweep/contract.ts'
import { indexing } from '../../../functions/sweep/package-index.ts'
import { packed } from '../../../functions/sweep/packed.ts'
import { startLocalAws } from '../../../local/aws/server.ts'
import { envOf } from '../../adapters/env.ts'
import { type IndexedRow, indexOf, REPOSITORY, row } from '../../domain/supply-chain/package-index/rows.ts'
import { rows as parsedCsv } from '../../rfc4180.ts'
import { steward } from '../cli.ts'

const LOG4J = 'org.apache.logging.log4j/log4j-core'
const digest = (n: number): string => `sha256:${String(n).repeat(64)}`
const maven = (version?: string) => ({ name: LOG4J, ecosystem: 'maven', ...(version !== undefined && { version }) })

const image = (n: number, change: Partial<IndexedImage> = {}): Partial<IndexedImage> => ({
  digest: digest(n),
  ...change,
})
/** Two of three images have an old log4j, one of which is in use. */
const ROWS: readonly IndexedRow[] = [
  row([maven('2.14.1')], { repository: 'team/shop' }, image(1, { users: [], tags: ['1.0', '1.1', '1.2', 'latest'] })),
  row([maven('2.17.1')], {}, image(2, { users: ['ECS service web'] })),
  row([maven('2.10.0'), { name: 'zlib', version: '1' }], {}, image(3, { users: ['ECS service web'], tags: [] })),
]

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steward-find-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (rows: readonly IndexedRow[], name = 'index.jsonl'): void =>
  writeFileSync(join(folder, name), indexOf(rows))

const find = (argv: readonly string[], columns?: number, env: NodeJS.ProcessEnv = {}) =>
  steward(['find', ...argv], { cwd: folder, env, ...(columns !== undefined && { columns }) })

const inFile = (rows: readonly IndexedRow[], argv: readonly string[], columns?: number) => {
  write(rows)
  return find([...argv, '--index', 'index.jsonl'], columns)
}

test('on a terminal says first how many images have it, and what is in use comes first', async () => {
  const { code, out } = await inFile(ROWS, ['log4j-core@<2.17.1'], 100)
  expect(code).toBe(1)
  expect(stripVTControlCharacters(out)).toBe(
    [
      '2 images in 2 repositories have log4j-core@<2.17.1; 1 is in use.',
      'REPOSITORY  TAGS              DIGEST        VERSION  OWNER  IN USE BY',
      'team/web    (none)            333333333333  2.10.0   team   ECS service web',
      'team/shop   1.0, 1.1, 1.2 +1  111111111111  2.14.1   team   nobody',
      'All as of 2026-11-24 21:00 UTC or later.',
      '',
    ].join('\n'),
  )
})

test('in a pipe the table is its lines alone', async () => {
  const { out, err } = await inFile(ROWS, ['log4j-core', '<2.12'])
  expect(out).toBe('team/web\t(none)\t333333333333\t2.10.0\tteam\tECS service web\n')
  expect(err).toContain('1 image in 1 repository has log4j-core <2.12; 1 is in use.')
})

const NO_SBOM = row('it has no SBOM', { repository: 'old' }, image(4))

test.each([
  ['nothing found where all is known', ROWS, ['musl'], 0, 'musl: not found in the 3 images with an SBOM.'],
  [
    'nothing found where one has no SBOM',
    [...ROWS, NO_SBOM],
    ['musl'],
    3,
    'musl: not found in the 3 images with an SBOM; 1 has none, and may have it.\n--missing lists those without.',
  ],
  [
    'something found where one has no SBOM',
    [...ROWS, NO_SBOM],
    ['zlib'],
    1,
    'Of 1 image nothing is known, since it has no SBOM that can be read: --missing lists them.',
  ],
  [
    'a version that is not known',
    [row([maven()])],
    ['log4j-core@<2.17.1'],
    3,
    '1 image may have log4j-core@<2.17.1: the version is not known, or cannot be compared.',
  ],
  [
    'one that is not known beside one that is',
    [...ROWS, row([maven()], { repository: 'x' }, image(5))],
    ['log4j-core@<2.12'],
    1,
    '1 image more may: the version is not known, or cannot be compared.',
  ],
  ['nobody uses it', ROWS.slice(0, 1), ['log4j-core'], 1, '1 image in 1 repository has log4j-core; none is in use.'],
  [
    'a use that is not known',
    [row([maven('1')])],
    ['log4j-core'],
    1,
    '1 image in 1 repository has log4j-core; whether they are in use is not known.',
  ],
  [
    'some uses that are not known',
    [...ROWS, row([maven('1')], {}, image(6))],
    ['log4j-core@<2.17'],
    1,
    '3 images in 2 repositories have log4j-core@<2.17; 1 is in use, of 1 that is not known.',
  ],
])('%s is said, and is the exit code', async (_, rows, argv, code, text) => {
  const ended = await inFile(rows, argv)
  expect({ code: ended.code, err: ended.err }).toEqual({ code, err: expect.stringContaining(text) })
})

test('--in-use leaves out what nobody uses, and is no less sure', async () => {
  expect(await inFile(ROWS, ['log4j-core@2.14.1', '--in-use'])).toMatchObject({
    code: 0,
    err: expect.stringContaining('not found in the 2 images with an SBOM.'),
  })
})

test('--ecosystem asks for packages of one', async () => {
  const rows = [
    row([{ name: 'requests', version: '2', ecosystem: 'pypi' }]),
    row([{ name: 'requests', version: '1', ecosystem: 'npm' }], {}, image(2)),
  ]
  expect((await inFile(rows, ['requests', '--ecosystem', 'npm'])).out).toMatch(/^team\/web\t1\.4\.2\t2{12}\t1\t/)
  expect(await inFile(rows, ['requests', '--ecosystem', 'no/such'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('"no/such" is no ecosystem'),
  })
})

test('--missing lists what is not known, with the reason', async () => {
  const arm = row('it has no SBOM', { repository: 'old' }, image(4, { platform: 'linux/arm64', manifest: digest(5) }))
  const { code, out } = await inFile([...ROWS, arm], ['--missing'], 120)
  expect(code).toBe(0)
  expect(out).toContain('1 image without an SBOM that can be read; 3 have one.')
  expect(out).toContain('linux/arm64: it has no SBOM')
  const csv = (await inFile([NO_SBOM], ['--missing', '--output', 'csv'])).out
  expect(parsedCsv(csv)[1]?.at(-1)).toBe('it has no SBOM')
})

test('packages of several names, versions that cannot be compared and several registries are told apart', async () => {
  const rows = [
    row(
      [
        { name: '@a/core', version: '1' },
        { name: '@b/core', version: 'x y' },
      ],
      { region: 'us-east-1' },
    ),
    row([{ name: '@a/core' }]),
  ]
  const { out } = await inFile(rows, ['core@<9'])
  expect(out).toContain('123456789012/us-east-1/team/web')
  expect(out).toContain('@a/core version not known')
})

const HOSTILE = '=cmd|"/C calc"!A1\n\u001b[2J'

test('hostile texts stay what they are as JSON, and are tamed in a table and as CSV', async () => {
  const rows = [row([{ name: 'evil', version: HOSTILE }], { owner: HOSTILE }, { tags: [HOSTILE], users: [HOSTILE] })]
  const { out } = await inFile(rows, ['evil', '--output', 'json'])
  const result = v.parse(FindResultSchema, JSON.parse(out))
  expect(result.images[0]).toMatchObject({ owner: HOSTILE, tags: [HOSTILE], usedBy: [HOSTILE] })
  const table = await inFile(rows, ['evil'])
  expect(table.out.split('\n')).toHaveLength(2)
  expect(table.out).not.toContain('\u001b')
  const csv = (await inFile(rows, ['evil', '--output', 'csv'])).out
  for (const cell of parsedCsv(csv)[1] ?? []) expect(cell).toMatch(/^[^=\p{Cc}]*$|^'/u)
})

test.each([
  [[], 'No package is named.', 2],
  [['"'], 'no such', 2],
  [['log4j-core@<'], 'log4j-core@<', 2],
  [['a', '--index', 'nowhere'], 'nowhere cannot be read as an index: ENOENT.', 2],
  [['a', '--index', 'empty'], 'empty cannot be read as an index: no file of it ends in .jsonl or .jsonl.gz.', 2],
  [['a', '--index', 'broken.jsonl'], 'broken.jsonl" cannot be read as an index: line 1 is not JSON of an index.', 3],
  [['a', '--ecosystem', 'n m'], '"n m" is no ecosystem.', 2],
  [['a'], 'There is no index of packages in .ecr-steward/sweep.', 2],
  [['a', '--store', 'store'], 'is not what a sweep writes', 3],
] as const)('%j is refused with what to do', async (argv, message, code) => {
  mkdirSync(join(folder, 'empty'))
  writeFileSync(join(folder, 'broken.jsonl'), '{')
  const store = folderStore(join(folder, 'store/123456789012/eu-central-1'))
  await store.create(KEYS.packageIndex(REPOSITORY), '{}')
  const ended = await find(argv)
  expect(ended.code).toBe(code)
  if (message !== 'no such') expect(ended.err).toContain(message)
})

test('an index is read as it is, from gzip, and as the sweep packs it; a folder is all of its files', async () => {
  mkdirSync(join(folder, 'parts'))
  const [one = '', two = '', three = ''] = ROWS.map((each) => indexOf([each]))
  writeFileSync(join(folder, 'parts/1.jsonl'), one)
  writeFileSync(join(folder, 'parts/2.jsonl.gz'), gzipSync(two))
  writeFileSync(join(folder, 'parts/3.jsonl.gz'), packed(three))
  writeFileSync(join(folder, 'parts/other.txt'), '{')
  const { out } = await find(['log4j-core', '--index', 'parts'])
  expect(out.trimEnd().split('\n')).toHaveLength(3)
})

/** What a sweep leaves in a store: an index of one shard for each repository. */
async function sweep(store: Store, id: string, rows: readonly IndexedRow[]): Promise<void> {
  const making = indexing(store, { id, now: () => new Date('2026-11-24T21:05:00Z'), shard: 1 })
  for (const [repository, those] of Map.groupBy(rows, (one) => one.repository.repository)) {
    const ref = { ...REPOSITORY, repository }
    await store.create(KEYS.packagesOf(ref), indexOf(those))
    making.add({ kind: 'not-judged', ...ref, why: '' })
  }
  making.add({ kind: 'not-judged', ...REPOSITORY, repository: 'unread', why: 'throttled' })
  const { account, region } = REPOSITORY
  expect(await making.end([{ account, region, listed: 3, problem: null }])).toEqual([])
}

test('a folder of sweeps is asked, and repositories that no sweep could read are counted', async () => {
  await sweep(folderStore(join(folder, '.ecr-steward/sweep/123456789012/eu-central-1')), '2026-11-24t21', ROWS)
  const { code, err } = await find(['musl'])
  expect(code).toBe(3)
  expect(err).toContain('1 repository could not be read by any sweep yet.')
})

describe('a bucket', () => {
  test('is read once for each index: what has not changed is in the folder for caches', async () => {
    const aws = await startLocalAws()
    try {
      aws.s3.createBucket('sweeps')
      const store = s3Store(signedSend(envOf(aws)), 'sweeps', SWEEP_PREFIX)
      await sweep(store, '2026-11-24t21', ROWS)
      const env = { ...envOf(aws), XDG_CACHE_HOME: join(folder, 'cache') }
      const ask = () => find(['log4j-core@<2.17.1', '--store', 's3://sweeps'], undefined, env)
      const reads = () =>
        aws.calls.filter(({ service, operation }) => service === 's3' && operation === 'GetObject').length
      const [before, first] = [reads(), await ask()]
      expect(first).toMatchObject({ code: 1 })
      const [between, second] = [reads(), await ask()]
      expect(second).toEqual(first)
      expect([between - before, reads() - between]).toEqual([3, 1])
      // A copy that somebody has changed is no copy, and one of an index that was replaced goes.
      const [caches = ''] = readdirSync(join(folder, 'cache/ecr-steward/packages'))
      const copies = join(folder, 'cache/ecr-steward/packages', caches)
      for (const name of readdirSync(copies)) writeFileSync(join(copies, name), packed(indexOf([])))
      writeFileSync(join(copies, 'old'), '')
      expect(await ask()).toEqual(first)
      expect(readdirSync(copies)).toHaveLength(2)
      const [shard] = aws.s3.keys('sweeps').filter((key) => key.endsWith('.gz'))
      rmSync(copies, { recursive: true })
      const stored = await store.read((shard ?? '').slice(`${SWEEP_PREFIX}/`.length))
      await store.replace((shard ?? '').slice(`${SWEEP_PREFIX}/`.length), 'changed', stored?.version ?? '')
      expect(await ask()).toMatchObject({ code: 3, err: expect.stringContaining('is not what its index says') })
    } finally {
      await aws.close()
    }
  })
})
