import { expect, test } from 'vitest'
import { evidenceWhenNeeded, readStoredSbom } from '../../functions/adapters/evidence-reading.ts'
import { registryAccess } from '../../functions/adapters/registry-access.ts'
import { readIndex } from '../../functions/domain/supply-chain/package-index/read.ts'
import { collectBare } from '../../functions/sweep/ask-for-sboms.ts'
import { KEYS } from '../../functions/sweep/contract.ts'
import { exportedSboms } from '../../functions/sweep/exported-sboms.ts'
import { digestOf } from '../../local/aws/ecr/manifest.ts'
import { envOf } from '../adapters/env.ts'
import { indexOf, REPOSITORY, row } from '../domain/supply-chain/package-index/rows.ts'
import { memoryStore } from '../functions/clean-up/memory-store.ts'
import { imageManifest } from '../policy/image/manifests.ts'
import { stack, sweepConfigOf } from './world.ts'

const world = stack()
const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/0ab1c2d3-0000-4000-8000-000000000000'
const BUCKET = 'sweeps'

const config = (() => {
  const one = sweepConfigOf()
  return { ...one, sweep: { ...one.sweep, packages: 'attached-else-inspector' } } as const
})()

/** Lets Inspector watch the repositories that begin with `prod/`, or none. */
function watch(scanType = 'ENHANCED'): void {
  const filters = [{ filter: scanType === 'ENHANCED' ? 'prod/*' : '*', filterType: 'WILDCARD' }]
  const scanFrequency = scanType === 'ENHANCED' ? 'CONTINUOUS_SCAN' : 'SCAN_ON_PUSH'
  const rules = [{ scanFrequency, repositoryFilters: filters }]
  world.all.aws.call('ecr', 'PutRegistryScanningConfiguration', { scanType, rules })
  world.all.aws.inspector.setEcrScanning('ENABLED')
}

/** Pushes an image without an SBOM. @param purls what Inspector has found in it; undefined: nothing that it looked into */
function push(repositoryName: string, purls?: readonly string[]): string {
  const { aws } = world.all
  aws.ecr.createRepository({ repositoryName })
  const { text } = imageManifest(undefined, { annotations: { name: repositoryName } })
  aws.ecr.putImage({ repositoryName, imageManifest: text, imageTag: '1', pushedAt: new Date('2026-11-20T08:00:00Z') })
  if (purls) aws.inspector.setPackages(`${repositoryName}@${digestOf(text)}`, [...purls])
  return digestOf(text)
}

/** A sweep on a day, with what the index has of each repository after it. */
async function sweep(day: number, bucket = BUCKET) {
  const { aws } = world.all
  world.all.now = new Date(Date.UTC(2026, 10, day, 21, 0, 5))
  const env = envOf(aws)
  const now = () => world.all.now
  const evidence = evidenceWhenNeeded({ signers: [] })
  const exports = { bucket, key: KEY.replace('eu-central-1', aws.region) }
  const open = registryAccess({ env, home: world.home(), config, now, evidence, exports })
  await world.run(config, { open, readSbom: readStoredSbom })
  return Object.fromEntries(
    ['dev/web', 'prod/api', 'prod/web'].flatMap((repository) => {
      const key = `sweep/${KEYS.packagesOf({ ...world.home(), repository })}`
      const entries = [...readIndex(world.objects()[key] ?? '')]
      const names = entries.flatMap((entry) => (entry.kind === 'package' ? [entry.package.name] : []))
      const image = entries.find((entry) => entry.kind === 'image')
      if (image?.kind !== 'image') return []
      return [[repository, 'without' in image.contents ? image.contents.without : names]]
    }),
  )
}

/** What Inspector was asked, by its operations. */
const asked = () =>
  world.all.aws.calls.filter(({ service }) => service === 'inspector2').map(({ operation }) => operation)

test('images without an SBOM are asked for once, and the next sweep reads what Inspector has exported', async () => {
  watch()
  world.all.aws.inspector.setExporting({ overAt: 1 })
  push('prod/web', ['pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1'])
  push('prod/api')
  push('dev/web', ['pkg:npm/left-pad@1.3.0'])
  const bare = 'it has no SBOM'
  expect(await sweep(28)).toEqual({ 'prod/web': bare, 'prod/api': bare, 'dev/web': bare })
  expect(asked()).toEqual(['CreateSbomExport'])
  const known = {
    'prod/web': ['org.apache.logging.log4j/log4j-core'],
    'prod/api': `${bare}, and Inspector has none of it`,
  }
  expect(await sweep(29)).toEqual({ ...known, 'dev/web': bare })
  expect(await sweep(30)).toEqual({ ...known, 'dev/web': bare })
  expect(asked()).toEqual(['CreateSbomExport', 'GetSbomExport'])
})

test('an export that runs is waited for, and one that failed says why and is asked for again', async () => {
  watch()
  push('prod/web', ['pkg:npm/left-pad@1.3.0'])
  world.all.aws.inspector.setExporting({ overAt: Number.POSITIVE_INFINITY })
  await sweep(28)
  expect(await sweep(29)).toEqual({ 'prod/web': 'it has no SBOM, and Inspector has not exported it yet' })
  expect(asked()).toEqual(['CreateSbomExport', 'GetSbomExport'])
  world.all.aws.inspector.setExporting({ overAt: 1, errorCode: 'INVALID_PERMISSIONS' })
  expect((await sweep(30))['prod/web']).toBe(
    'it has no SBOM, and Inspector exports none: INVALID_PERMISSIONS: the policies of the bucket and of its key have to let Inspector write (docs/find.md)',
  )
  expect(asked()).toEqual(['CreateSbomExport', 'GetSbomExport', 'GetSbomExport', 'CreateSbomExport'])
})

test('of each repository the newest image says whether it is asked for', () => {
  const bare = collectBare()
  const pushed = (pushedAt: string, contents = 'it has no SBOM') => row(contents, {}, { pushedAt })
  bare.onShard(
    indexOf([pushed('2026-11-20T08:00:00Z'), pushed('2026-11-22T08:00:00Z'), pushed('2026-11-21T08:00:00Z')]),
  )
  bare.onShard(indexOf([pushed('2026-11-23T08:00:00Z', 'its SBOM cannot be read: it is not JSON')]))
  expect(bare.of(REPOSITORY)).toEqual([{ repository: 'team/web', pushedAt: '2026-11-22T08:00:00Z' }])
  expect(bare.of({ ...REPOSITORY, region: 'us-east-1' })).toEqual([])
})

test('what Inspector refuses stops no sweep', async () => {
  watch()
  push('prod/web')
  world.all.aws.faults.inject({
    ...{ service: 'inspector2', operation: 'CreateSbomExport' },
    error: { code: 'AccessDeniedException', status: 403 },
  })
  await sweep(28)
  expect((await sweep(29))['prod/web']).toMatch(
    /^it has no SBOM, and Inspector exports none: Inspector answered AccessDenied/,
  )
})

test('a registry that is not scanned continuously by Inspector is not asked', async () => {
  watch('BASIC')
  push('prod/web')
  await sweep(28)
  expect(asked()).toEqual([])
})

test('a document that is none is said of its image, and what has no document is bare', async () => {
  const [image, other] = ['a', 'b'].map((letter) => `sha256:${letter.repeat(64)}`) as [string, string]
  const registry = { account: '123456789012', region: 'eu-central-1' }
  const bare = { ...registry, repository: 'team/web', digest: image, pushedAt: '2026-11-20T08:00:00Z' }
  const contentsOf = async (document: object | string) => {
    const memory = memoryStore()
    const ended = [{ repository: 'team/web', id: 'r-1', at: '2026-11-27T21:00:00Z' }]
    memory.set(KEYS.askedExports(registry), JSON.stringify({ ended }))
    const folder = `${KEYS.sbomExport(registry, 'r-1')}account=1/resource=AWS_ECR_CONTAINER_IMAGE`
    memory.set(`${folder}/readme.txt`, '')
    const text = typeof document === 'string' ? document : JSON.stringify(document)
    memory.set(`${folder}/arn:aws:ecr:eu-central-1:1:repository_team_web_${image}_CYCLONEDX_1_4.json`, text)
    const now = new Date('2026-11-28T21:00:00Z')
    const exported = exportedSboms(registry, { store: memory.store, read: readStoredSbom, now })
    expect(await exported({ ...bare, digest: other })).toEqual({
      without: 'it has no SBOM, and Inspector has none of it',
    })
    return exported(bare)
  }
  const about = (digest: string) => ({
    ...{
      bomFormat: 'CycloneDX',
      specVersion: '1.4',
      components: [{ type: 'library', name: 'a', purl: 'pkg:npm/a@1' }],
    },
    metadata: { properties: [{ name: 'imageId', value: digest }] },
  })
  expect(await contentsOf(about(image))).toMatchObject({ packages: [{ name: 'a', version: '1' }] })
  expect(await contentsOf('{')).toEqual({
    without: 'the SBOM that Inspector exported cannot be read: it is not JSON',
  })
})
