import { expect, test } from 'vitest'
import type { RepositoryRecord } from '../../functions/domain/sweep/record.ts'
import { itemsOf } from '../../functions/sweep/kept.ts'
import { recordLine } from '../../functions/sweep/records.ts'
import { configuration, imageManifest, indexManifest, layer, member, type Stored } from '../policy/image/manifests.ts'
import { basic, configOf, localSweep, rule } from './local-sweep.ts'

const local = localSweep()
const { all, create, push, sweep, calls } = local

const LAYERS = [layer('debian'), layer('own')]
const IDS = LAYERS.map(({ digest }) => digest.slice(7, 23))
const NAME = 'org.opencontainers.image.base.name'
const built = (change: object = {}): Stored => imageManifest(undefined, { layers: LAYERS, ...change })

/** Pushes an image that enhanced scanning has scanned. */
function pushScanned(repository: string, tag: string, stored: Stored, layers: readonly (string | undefined)[]): void {
  const digest = push(repository, tag, undefined, stored)
  const enhancedFindings = layers.map((sourceLayerHash, n) => ({
    ...{ severity: 'HIGH' as const, status: 'ACTIVE' },
    packageVulnerabilityDetails: {
      vulnerabilityId: `CVE-${n}`,
      vulnerablePackages: [{ name: 'openssl', sourceLayerHash }],
    },
  }))
  all.aws.ecr.putScan(repository, digest, { status: { status: 'ACTIVE' }, enhancedFindings })
}

const tagged = (n: number) => built({ annotations: { n, [NAME]: 'docker.io/library/debian:12' } })
const lineages = ({ images }: Pick<RepositoryRecord, 'images'>) => images.map(({ lineage }) => lineage)

async function swept(...parameters: Parameters<typeof sweep>): Promise<RepositoryRecord> {
  const [record] = await sweep(...parameters)
  return record as RepositoryRecord
}

test('images with findings whose layer is known take one call for their manifests, and the others none', async () => {
  create('prod/api')
  for (let n = 0; n < 120; n++) pushScanned('prod/api', `t${n}`, tagged(n), [LAYERS[0]?.digest])
  pushScanned('prod/api', 'clean', tagged(120), [])
  push('prod/api', 'basic', [basic('CVE-1', 'HIGH')], tagged(121))
  const record = await swept(['prod/api'], configOf([]))
  expect(calls().BatchGetImage).toBe(2)
  const known = lineages(record).filter((one) => one !== undefined)
  expect(known).toHaveLength(120)
  expect(known[0]).toEqual({ platforms: [IDS], base: 'debian:12' })
})

test('where rules read manifests, nothing more is read; labels are known where configurations are', async () => {
  create('prod/api', 'prod/web')
  pushScanned('prod/api', '1', tagged(1), [LAYERS[0]?.digest])
  const record = await swept(['prod/api'], configOf([rule('max-image-size')]))
  expect(calls().BatchGetImage).toBe(1)
  expect(lineages(record)).toEqual([{ platforms: [IDS], base: 'debian:12' }])

  const config = configuration({ config: { Labels: { [NAME]: 'debian:12-slim' } } })
  all.aws.ecr.putBlob('prod/web', config.text)
  pushScanned('prod/web', '1', imageManifest(config, { layers: LAYERS }), [LAYERS[0]?.digest])
  const labelled = await swept(['prod/web'], configOf([rule('non-root-user')]))
  expect(lineages(labelled)).toEqual([{ platforms: [IDS], base: 'debian:12-slim' }])
})

test('of an index each platform is known', async () => {
  create('prod/api')
  const platforms = ['amd64', 'arm64'].map((arch) => built({ annotations: { arch } }))
  for (const [n, one] of platforms.entries()) pushScanned('prod/api', `p${n}`, one, [LAYERS[1]?.digest])
  push('prod/api', 'multi', undefined, indexManifest(platforms.map((one) => member(one))))
  const record = await swept(['prod/api'], configOf([]))
  const index = record.images.find(({ tags }) => tags.includes('multi'))
  expect(index?.lineage).toEqual({ platforms: [IDS, IDS] })
})

test('of repositories that base-image names, clean images are kept too: others may be rebuilt on them', async () => {
  create('base/debian')
  pushScanned('base/debian', 'clean', tagged(1), [])
  push('base/debian', 'basic', [], tagged(2))
  const named = configOf([rule('base-image', { allowed: [], discouraged: [], repositories: ['base/debian'] })])
  const record = await swept(['base/debian'], named)
  const byTag = new Map(record.images.map(({ tags, lineage }) => [tags[0], lineage]))
  // Basic scanning has nothing that could be compared with findings of layers.
  expect(byTag.get('basic')).toBeUndefined()
  expect(byTag.get('clean')).toEqual({ platforms: [IDS], base: 'debian:12' })
  expect((await swept(['base/debian'], configOf([]))).images).toEqual([])
})

test('manifests that cannot be read make no gap: nothing is said of layers', async () => {
  create('prod/api')
  pushScanned('prod/api', '1', tagged(1), [LAYERS[0]?.digest])
  all.aws.faults.inject({
    service: 'ecr',
    operation: 'BatchGetImage',
    error: { code: 'AccessDeniedException', status: 400 },
  })
  const record = await swept(['prod/api'], configOf([]))
  expect(record).toMatchObject({ unread: [], judged: 1 })
  expect(lineages(record)).toEqual([undefined])
})

test('a line has each layer once, and the record is the same again', async () => {
  create('prod/api')
  for (const n of [1, 2]) pushScanned('prod/api', `t${n}`, tagged(n), [LAYERS[0]?.digest])
  push('prod/api', 'basic', [basic('CVE-1', 'HIGH')], tagged(3))
  const line = recordLine(await swept(['prod/api'], configOf([])))
  expect(line.split(IDS[0] as string)).toHaveLength(3)
  expect([...itemsOf(line)]).toMatchObject([{ layers: IDS }])
})
