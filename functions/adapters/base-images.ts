import type { BaseImage } from '../domain/facts/image-facts.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { registryKey } from '../domain/registry.ts'
import { Gone, Unreadable } from '../faults.ts'
import { kept } from '../kept.ts'
import { type Opened, openManifest } from '../policy/image/manifest.ts'
import { membersToRead } from '../policy/image/platforms.ts'
import { type EcrCall, pages } from './ecr-call.ts'
import type { Manifests } from './ecr-manifests.ts'

/** How long the images of a repository are not asked for again. Milliseconds. */
const FRESH = 15 * 60_000
/** Registries whose base images are kept. */
const REGISTRIES = 100
/** Images of a repository that are known as bases: those pushed last. */
const NEWEST = 100
/** Manifests of one call, so that its answer stays small. */
const AT_ONCE = 25

type Described = {
  readonly imageDetails: readonly {
    readonly imageDigest?: string
    readonly imageTags?: readonly string[]
    readonly imagePushedAt?: number
  }[]
}
type Tagged = { readonly digest: string; readonly tags: readonly string[]; readonly pushedAt: number }

async function newestOf(call: EcrCall, ref: RepositoryRef): Promise<readonly Tagged[]> {
  const input = { registryId: ref.account, repositoryName: ref.repository, filter: { tagStatus: 'TAGGED' } }
  let newest: readonly Tagged[] = []
  for await (const { imageDetails = [] } of pages<Described>(call, ref, 'DescribeImages', input)) {
    const found = imageDetails.flatMap(({ imageDigest: digest, imageTags: tags = [], imagePushedAt: pushedAt = 0 }) =>
      digest ? [{ digest, tags, pushedAt }] : [],
    )
    newest = [...newest, ...found].toSorted((a, b) => b.pushedAt - a.pushedAt).slice(0, NEWEST)
  }
  return newest
}

/** What cannot be relied upon is no known base, and takes nothing from the others. */
function orNone<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read()
  } catch (error) {
    if (error instanceof Unreadable) return []
    throw error
  }
}

const openedIn = (texts: ReadonlyMap<string, string>, digest: string): readonly Opened[] => {
  const text = texts.get(digest)
  return text === undefined ? [] : orNone(() => [openManifest(text, digest)])
}

const membersIn = (opened: Opened): readonly string[] =>
  opened.kind === 'index' ? orNone(() => membersToRead(opened.members).map(({ digest }) => digest)) : []

async function manifestsOf(manifests: Manifests, ref: RepositoryRef, digests: readonly string[]) {
  const wanted = [...new Set(digests)]
  const groups = Array.from({ length: Math.ceil(wanted.length / AT_ONCE) }, (_, group) =>
    wanted.slice(group * AT_ONCE, (group + 1) * AT_ONCE),
  )
  const texts = new Map<string, string>()
  for (const group of groups) for (const [digest, text] of await manifests(ref, group)) texts.set(digest, text)
  return texts
}

async function basesOf(call: EcrCall, manifests: Manifests, ref: RepositoryRef): Promise<readonly BaseImage[]> {
  const tagged = await newestOf(call, ref)
  const tops = await manifestsOf(
    manifests,
    ref,
    tagged.map(({ digest }) => digest),
  )
  const opened = tagged.flatMap(({ digest, tags }) => openedIn(tops, digest).map((image) => ({ image, tags })))
  const members = await manifestsOf(
    manifests,
    ref,
    opened.flatMap(({ image }) => membersIn(image)),
  )
  return opened.flatMap(({ image, tags }) =>
    [image, ...membersIn(image).flatMap((digest) => openedIn(members, digest))].flatMap((one) =>
      one.kind === 'image' && one.layers.length > 0
        ? tags.map((tag) => ({ name: `${ref.repository}:${tag}`, layers: one.layers }))
        : [],
    ),
  )
}

/** Not the image that is judged is not there: its reader would be told of something else. */
const asUnreadable = (repository: string) => (error: unknown) => {
  if (error instanceof Gone) throw new Unreadable(`the base repository ${repository} is not there`, true, error)
  throw error
}

/**
 * The images that others are built upon, of the repositories named: read once in a quarter of an hour.
 * @throws {Unreadable} also where one of the repositories is not there
 */
export const baseImages = (
  call: EcrCall,
  manifests: Manifests,
  repositories: readonly string[],
  now?: () => number,
): ((registry: RegistryRef) => Promise<readonly BaseImage[]>) =>
  kept({ keyOf: registryKey, most: REGISTRIES, fresh: FRESH, ...(now && { now }) }, async ({ account, region }) => {
    const bases = repositories.map((repository) =>
      basesOf(call, manifests, { account, region, repository }).catch(asUnreadable(repository)),
    )
    return (await Promise.all(bases)).flat()
  })
