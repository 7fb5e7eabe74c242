import { beforeEach, expect, test } from 'vitest'
import type { ImageDetail, ImageManifest } from '../../functions/domain/facts/image-facts.ts'
import { createProtection, type Protection } from '../../functions/domain/in-use/protection.ts'
import type { StoredImage } from '../../functions/domain/lifecycle/image.ts'
import type { ImageSboms } from '../../functions/domain/supply-chain/attached.ts'
import { readIndex } from '../../functions/domain/supply-chain/package-index/read.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import type { ListedImage } from '../../functions/judging/repository-images.ts'
import { KEYS } from '../../functions/sweep/contract.ts'
import type { ExportedSboms } from '../../functions/sweep/exported-sboms.ts'
import { openPart, sbomReading } from '../../functions/sweep/package-part.ts'
import { memoryStore } from '../functions/clean-up/memory-store.ts'

const REF = { account: '123456789012', region: 'eu-central-1', repository: 'team/web' }
const digest = (n: number): string => `sha256:${String(n).repeat(64)}`
const DAY = 86_400_000
const NOW = new Date('2026-11-28T21:00:00Z')

let memory: ReturnType<typeof memoryStore>
beforeEach(() => {
  memory = memoryStore()
})

/** The newer, the higher its number. */
function listed(
  n: number,
  tags: readonly string[] = [`1.${n}`],
  status: StoredImage['status'] = 'ACTIVE',
): ListedImage {
  const pushedAt = new Date(NOW.getTime() - (9 - n) * DAY).toISOString()
  return {
    ref: { ...REF, digest: digest(n), tags },
    detail: { tags, pushedAt, sizeInBytes: 1 } as ImageDetail,
    stored: { digest: digest(n), tags, status } as StoredImage,
    isClean: false,
  }
}

type World = Readonly<Record<string, ImageSboms | 'artifact' | Error>>

/** SBOMs by digest; an image that is not there has none. */
function readerOf(world: World) {
  const read: string[] = []
  const at = (of: string) => world[of]
  return {
    read,
    async manifest({ digest: of }: { digest: string }): Promise<ImageManifest> {
      return at(of) === 'artifact' ? { kind: 'artifact', what: 'a Helm chart' } : { kind: 'image', platforms: [] }
    },
    async sboms({ digest: of }: { digest: string }): Promise<ImageSboms> {
      read.push(of)
      const found = at(of)
      if (found instanceof Error) throw found
      return (found as ImageSboms) ?? { isIndex: false, manifests: [{ digest: of, sboms: [], unread: 0 }] }
    },
  }
}

const sbomOf = (of: string, ...names: readonly string[]): ImageSboms['manifests'][number] => ({
  ...{ digest: of, unread: 0 },
  sboms: [
    {
      ...{ digest: digest(9), format: 'document' },
      sbom: { format: 'SPDX 2.3', about: [], packages: names.map((name) => ({ name, version: '1' })) },
    },
  ],
})
const single = (n: number, ...names: readonly string[]): ImageSboms => ({
  isIndex: false,
  manifests: [sbomOf(digest(n), ...names)],
})

const using = (...uses: readonly { digest?: string; tag?: string; by: string }[]): Protection =>
  createProtection(
    {
      at: 0,
      reports: [
        { source: 'ecs', registry: REF, uses: uses.map(({ by, ...image }) => ({ by, image: { ...REF, ...image } })) },
      ],
    },
    [{ repositories: ['**'], reason: 'a contract', line: 3 }],
  )

type Options = { world?: World; protection?: Protection | undefined; most?: number; exported?: ExportedSboms }

async function sweep(images: readonly ListedImage[], { world = {}, protection, most, exported }: Options = {}) {
  const reader = readerOf(world)
  const reading = sbomReading((work) => work(), exported, most)
  const part = await openPart(REF, { store: memory.store, protection, reading, now: NOW })
  for (const image of images) if (part.wants(image)) await part.add(image, reader)
  await part.save('team-a')
  return { read: reader.read, rows: rows() }
}

function rows() {
  const text = memory.files.get(KEYS.packagesOf(REF))?.text ?? ''
  const names: string[] = []
  return [...readIndex(text)].flatMap((entry) => {
    if (entry.kind === 'package') names.push(entry.package.name)
    if (entry.kind !== 'image') return []
    const { contents, image } = entry
    const of = image.manifest ?? image.digest
    return [[of, 'without' in contents ? contents.without : contents.numbers.map((n) => names[n]).join(), image.users]]
  })
}

test('images with a tag are in the part, newest first, with what their SBOMs say', async () => {
  const world = { [digest(1)]: single(1, 'zlib', 'musl', 'zlib'), [digest(3)]: single(3, 'musl') }
  const { rows } = await sweep([listed(1), listed(2), listed(3), listed(4, []), listed(5, ['old'], 'ARCHIVED')], {
    world,
  })
  expect(rows).toEqual([
    [digest(3), 'musl', undefined],
    [digest(2), 'it has no SBOM', undefined],
    [digest(1), 'zlib,musl', undefined],
  ])
})

test('an image whose SBOM was read is not read again; its tags and users are those of today', async () => {
  await sweep([listed(1)], { world: { [digest(1)]: single(1, 'zlib') } })
  const again = await sweep([listed(1, ['latest'])], { protection: using({ tag: 'latest', by: 'ECS service web' }) })
  expect(again).toEqual({ read: [], rows: [[digest(1), 'zlib', ['ECS service web']]] })
})

test('an image without an SBOM is looked at again, also where a platform of it has none', async () => {
  const index = (arm: ImageSboms['manifests'][number]): ImageSboms => ({
    isIndex: true,
    manifests: [{ digest: digest(1), sboms: [], unread: 0 }, sbomOf(digest(2), 'zlib'), arm],
  })
  const bare = { digest: digest(3), sboms: [], unread: 0 }
  expect((await sweep([listed(1)], { world: { [digest(1)]: index(bare) } })).rows).toHaveLength(2)
  const again = await sweep([listed(1)], { world: { [digest(1)]: index(sbomOf(digest(3), 'musl')) } })
  expect(again.rows).toEqual([
    [digest(2), 'zlib', undefined],
    [digest(3), 'musl', undefined],
  ])
  expect((await sweep([listed(1)])).read).toEqual([])
})

test('what cannot be read is said of the image, and is tried by the next sweep', async () => {
  const refused = new Unreadable('AccessDenied for ecr:ListImageReferrers', true, undefined)
  expect((await sweep([listed(1)], { world: { [digest(1)]: refused } })).rows).toEqual([
    [digest(1), 'its SBOM cannot be read: AccessDenied for ecr:ListImageReferrers', undefined],
  ])
  expect((await sweep([listed(1)], { world: { [digest(1)]: single(1, 'zlib') } })).rows).toEqual([
    [digest(1), 'zlib', undefined],
  ])
})

test('what is no image, and what is gone, is not there', async () => {
  const world: World = { [digest(1)]: 'artifact', [digest(2)]: new Gone('it was deleted') }
  expect((await sweep([listed(1), listed(2)], { world })).rows).toEqual([])
  await expect(sweep([listed(3)], { world: { [digest(3)]: new Error('a bug') } })).rejects.toThrow('a bug')
})

test('too many at once are left for the next sweep', async () => {
  const world = { [digest(1)]: single(1, 'zlib'), [digest(2)]: single(2, 'zlib') }
  const { rows } = await sweep([listed(1), listed(2)], { world, most: 1 })
  expect(rows[0]).toEqual([digest(2), 'there were too many at once, and the next sweep reads on', undefined])
  expect((await sweep([listed(1), listed(2)], { world, most: 1 })).rows[0]).toEqual([digest(2), 'zlib', undefined])
})

test('who uses an image is known where all were asked, and a pin is no user', async () => {
  const world = { [digest(1)]: single(1, 'zlib'), [digest(2)]: single(2, 'zlib') }
  const complete = using({ tag: '1.1', by: 'ECS service web' })
  expect((await sweep([listed(1), listed(2)], { world, protection: complete })).rows).toEqual([
    [digest(2), 'zlib', []],
    [digest(1), 'zlib', ['ECS service web']],
  ])
  const partly = { ...complete, blocks: ['lambda is not known completely'] }
  expect((await sweep([listed(1), listed(2)], { world, protection: partly })).rows).toEqual([
    [digest(2), 'zlib', undefined],
    [digest(1), 'zlib', ['ECS service web']],
  ])
})

test('an image without a tag is there where something uses it, and a platform of an index with its index alone', async () => {
  const world: World = {
    [digest(1)]: single(1, 'zlib'),
    [digest(3)]: { isIndex: true, manifests: [{ digest: digest(3), sboms: [], unread: 0 }, sbomOf(digest(4), 'musl')] },
    [digest(4)]: single(4, 'musl'),
  }
  const protection = using({ digest: digest(1), by: 'Lambda function old' }, { digest: digest(4), by: 'ECS task' })
  const { rows } = await sweep([listed(1, []), listed(2, []), listed(3), listed(4, [])], { world, protection })
  expect(rows).toEqual([
    [digest(4), 'musl', ['ECS task']],
    [digest(1), 'zlib', ['Lambda function old']],
  ])
})

test('a part that cannot be understood is made anew', async () => {
  await memory.store.create(KEYS.packagesOf(REF), '{')
  expect((await sweep([listed(1)], { world: { [digest(1)]: single(1, 'zlib') } })).rows).toHaveLength(1)
})
