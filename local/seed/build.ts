import { digestOf } from './digest.ts'
import { type ArtifactSpec, artifactManifest, type ImageSpec, imageManifest, type SeedManifest } from './manifests.ts'

/** An image, an index or another artifact of the seeded registry. */
export type SeedImage = SeedManifest & {
  /** What the tables of this folder call it. */
  readonly name: string
  readonly repository: string
  readonly tags: readonly string[]
  /** ISO 8601 instant. */
  readonly pushed: string
  readonly architecture?: string
  /** Layers by name, the lowest first. */
  readonly layers: readonly string[]
}

type Entry = { readonly tags: readonly string[]; readonly pushed: string }

export const entry = (
  name: string,
  { tags, pushed }: Entry,
  manifest: SeedManifest,
  layers: readonly string[] = [],
) => ({
  ...manifest,
  name,
  repository: name.split(/[:@]/)[0] ?? name,
  tags,
  pushed,
  layers,
})

export const image = (name: string, at: Entry, spec: Omit<ImageSpec, 'created'>): SeedImage => ({
  ...entry(name, at, imageManifest({ ...spec, created: at.pushed }), spec.layers),
  architecture: spec.architecture ?? 'amd64',
})

export const artifact = (name: string, at: Entry, spec: ArtifactSpec): SeedImage =>
  entry(name, at, artifactManifest(spec))

const HEALTH = 'wget -qO- http://localhost:8080/health || exit 1'
const REGISTRY = '123456789012.dkr.ecr.ap-northeast-1.amazonaws.com'

/** @see https://github.com/opencontainers/image-spec/blob/main/annotations.md */
export const labelsOf = (repository: string, version: string, base?: SeedImage): Readonly<Record<string, string>> => ({
  'org.opencontainers.image.source': `https://git.example.com/${repository}`,
  'org.opencontainers.image.revision': digestOf(`${repository} ${version}`).slice(7, 47),
  'org.opencontainers.image.version': version,
  'org.opencontainers.image.licenses': 'Apache-2.0',
  ...(base && {
    'org.opencontainers.image.base.name': `${REGISTRY}/${base.repository}:${base.tags[0]}`,
    'org.opencontainers.image.base.digest': base.digest,
  }),
})

/** What runs as it should: a user, labels, a healthcheck. */
export const well = (
  name: string,
  layers: readonly string[],
  user: string,
  base?: SeedImage,
): Omit<ImageSpec, 'created'> => {
  const [repository = '', version = ''] = name.split(':')
  return { layers, user, labels: labelsOf(repository, version, base), healthcheck: HEALTH }
}
