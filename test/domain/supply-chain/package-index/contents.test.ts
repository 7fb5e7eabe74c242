import { expect, test } from 'vitest'
import type { AttachedSbom, ImageSboms } from '../../../../functions/domain/supply-chain/attached.ts'
import { contentsOfImage } from '../../../../functions/domain/supply-chain/package-index/contents.ts'

const [INDEX, AMD64, ARM64] = ['sha256:index', 'sha256:amd64', 'sha256:arm64'] as const

const sbom = (names: readonly string[], about: readonly string[] = []): AttachedSbom => ({
  ...{ digest: 'sha256:sbom', format: 'document' },
  sbom: { format: 'SPDX 2.3', about, packages: names.map((name) => ({ name, version: '1' })) },
})
const refused: AttachedSbom = { digest: 'sha256:sbom', format: 'document', refused: 'it is not JSON' }

type Manifest = ImageSboms['manifests'][number]
const of = (digest: string, sboms: readonly AttachedSbom[], rest: Partial<Manifest> = {}): Manifest => ({
  ...{ digest, sboms, unread: 0 },
  ...rest,
})
const single = (sboms: readonly AttachedSbom[], rest: Partial<Manifest> = {}) =>
  contentsOfImage({ isIndex: false, manifests: [of(AMD64, sboms, rest)] })
const index = (own: readonly AttachedSbom[], amd64: readonly AttachedSbom[], arm64: readonly AttachedSbom[]) =>
  contentsOfImage({
    isIndex: true,
    manifests: [
      of(INDEX, own),
      of(AMD64, amd64, { platform: 'linux/amd64' }),
      of(ARM64, arm64, { platform: 'linux/arm64' }),
    ],
  })

const names = (all: ReturnType<typeof contentsOfImage>) =>
  all.map(({ platform = 'all', contents }) => [
    platform,
    'packages' in contents ? contents.packages.map(({ name }) => name) : contents.without,
  ])

test.each([
  ['two SBOMs', [sbom(['a']), sbom(['b', 'a'])], {}, ['a', 'b', 'a']],
  ['one about this very digest', [sbom(['a'], [AMD64])], {}, ['a']],
  ['one about another', [sbom(['a'], [ARM64])], {}, 'its SBOM is about another image'],
  ['none', [], {}, 'it has no SBOM'],
  ['one that cannot be read', [refused], {}, 'its SBOM cannot be read: it is not JSON'],
  ['one that can, and one that cannot', [refused, sbom(['a'])], {}, ['a']],
  ['more than is read', [], { unread: 3 }, 'more is attached to it than is read'],
  ['an SBOM, and more than is read', [sbom(['a'])], { unread: 3 }, ['a']],
] as const)('of an image with %s', (_, sboms, rest, expected) => {
  expect(names(single(sboms, rest))).toEqual([['all', expected]])
})

test('each platform of an index is known by itself', () => {
  const all = index([], [sbom(['a'], [INDEX])], [])
  expect(names(all)).toEqual([
    ['linux/amd64', ['a']],
    ['linux/arm64', 'it has no SBOM'],
  ])
  expect(all[0]).toMatchObject({ manifest: AMD64, platform: 'linux/amd64' })
})

test('what is attached to an index is about the platforms that have nothing of their own', () => {
  expect(names(index([sbom(['a'])], [sbom(['b'])], [refused]))).toEqual([
    ['all', ['a']],
    ['linux/amd64', ['b']],
  ])
})

test('an index without a platform, and without a word of itself, is not known', () => {
  expect(names(contentsOfImage({ isIndex: true, manifests: [of(INDEX, [])] }))).toEqual([['all', 'it has no SBOM']])
  expect(names(contentsOfImage({ isIndex: true, manifests: [] }))).toEqual([['all', 'it has no SBOM']])
})

test('a platform whose name is not known has none', () => {
  const [one] = contentsOfImage({ isIndex: true, manifests: [of(INDEX, []), of(AMD64, [])] })
  expect(one).toEqual({ manifest: AMD64, contents: { without: 'it has no SBOM' } })
})
