import { artifact, entry, image, type SeedImage, well } from './build.ts'
import { digestOf } from './digest.ts'
import { shopLayer } from './layers.ts'
import { attestationManifest, indexManifest } from './manifests.ts'

const DAY = 86_400_000
const FIRST = Date.parse('2026-08-03T09:14:00Z')
/** Builds of the shop: one every other day, the last on the eve of the story. */
const BUILDS = 54

const pushedAt = (build: number): string => new Date(FIRST + (build - 1) * 2 * DAY + build * 47_000).toISOString()

/** Of three builds, two are of a pull request and one is of the main branch; of each ninth the tag has moved on. */
function tagOf(build: number): string | undefined {
  if (build % 9 === 0) return undefined
  return build % 3 === 0 ? `main-${digestOf(`shop ${build}`).slice(7, 14)}` : `pr-${400 + build}`
}

function shop(build: number): SeedImage {
  const tag = tagOf(build)
  const name = tag === undefined ? `ci/shop@build-${build}` : `ci/shop:${tag}`
  const at = { tags: tag === undefined ? [] : [tag], pushed: pushedAt(build) }
  return image(name, at, well(`ci/shop:build-${build}`, ['debian-june', 'node-20', shopLayer(build)], 'node'))
}

const builds = Array.from({ length: BUILDS }, (_, index) => shop(index + 1))

/** A build of the shop by its number, from 1. Throws where there is none. */
export function shopBuild(build: number): SeedImage {
  const found = builds[build - 1]
  if (!found) throw new Error(`No build ${build} of ci/shop in the seed`)
  return found
}

/** As cosign signs without referrers: a tag that names the digest. */
const signature = (of: SeedImage): SeedImage =>
  artifact(
    `${of.repository}@signature-of-${of.tags[0]}`,
    { tags: [`${of.digest.replace(':', '-')}.sig`], pushed: new Date(Date.parse(of.pushed) + 30_000).toISOString() },
    {
      config: 'application/vnd.oci.image.config.v1+json',
      content: { mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json', text: `signature of ${of.digest}` },
    },
  )

const sbom = (of: SeedImage): SeedImage =>
  artifact(
    `${of.repository}@sbom-of-${of.tags[0]}`,
    { tags: [], pushed: new Date(Date.parse(of.pushed) + 35_000).toISOString() },
    {
      config: 'application/vnd.oci.empty.v1+json',
      content: { mediaType: 'application/spdx+json', text: `sbom of ${of.digest}` },
      artifactType: 'application/spdx+json',
      subject: of,
    },
  )

type Nightly = {
  readonly amd64: SeedImage
  readonly arm64: SeedImage
  readonly index: SeedImage
  readonly all: readonly SeedImage[]
}

/** An index of two platforms with the provenance that BuildKit adds. */
function nightly(date: string): Nightly {
  const at = { tags: [], pushed: `${date}T01:30:00.000Z` }
  const on = (architecture: 'amd64' | 'arm64'): SeedImage =>
    image(`ci/shop@nightly-${date}-${architecture}`, at, {
      ...well(`ci/shop:nightly-${date}`, ['debian-june', `shop-${architecture}`], 'node'),
      architecture,
    })
  const platforms = { amd64: on('amd64'), arm64: on('arm64') }
  const provenance = entry(`ci/shop@nightly-${date}-provenance`, at, attestationManifest(platforms.amd64))
  const tag = `nightly-${date}`
  const index = entry(`ci/shop:${tag}`, { ...at, tags: [tag] }, indexManifest(platforms, provenance))
  return { ...platforms, index, all: [platforms.amd64, platforms.arm64, provenance, index] }
}

/** The first is of no use any more, of the second one platform still runs, the third is new. */
export const NIGHTLIES = { old: nightly('2026-08-20'), running: nightly('2026-09-10'), recent: nightly('2026-11-18') }

const builder = (tag: string, pushed: string, toolchain: string): SeedImage =>
  image(`ci/builder:${tag}`, { tags: [tag], pushed }, well(`ci/builder:${tag}`, ['debian-june', toolchain], 'builder'))

/** What continuous integration leaves behind: some of it runs, most of it nobody needs any more. */
export const CI_IMAGES: readonly SeedImage[] = [
  builder('2026.05', '2026-05-06T10:02:00.000Z', 'builder-2026.05'),
  builder('2026.08', '2026-08-05T10:11:00.000Z', 'builder-2026.08'),
  builder('2026.11', '2026-11-04T10:07:00.000Z', 'builder-2026.11'),
  ...builds,
  signature(shopBuild(3)),
  sbom(shopBuild(3)),
  signature(shopBuild(54 - 3)),
  ...NIGHTLIES.old.all,
  ...NIGHTLIES.running.all,
  ...NIGHTLIES.recent.all,
]
