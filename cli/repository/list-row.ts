import { ecrHoldings } from '../../functions/adapters/holdings.ts'
import { ecrRepositories } from '../../functions/adapters/repository-reader.ts'
import type {
  RegistryScanning,
  RepositoryRef,
  RepositorySettings,
} from '../../functions/domain/facts/repository-facts.ts'
import { OWN_TAGS, type Tags } from '../../functions/domain/new-repository/tags.ts'
import { frequencyFor } from '../../functions/domain/scanning.ts'
import { Unreadable } from '../../functions/faults.ts'
import type { Session } from '../aws/session.ts'
import type { RepositorySubject } from '../repositories.ts'
import { flagCounts } from './scanning.ts'

/** A value that was read; undefined where it could not be. */
type Maybe<T> = { readonly value: T } | undefined

/** A repository of the list. What was not asked for is absent. */
export type ListRow = {
  readonly ref: RepositoryRef
  readonly settings: RepositorySettings
  /** Whether images are scanned on push: by the rules of the registry, where it has some. */
  readonly scan: 'on push' | 'continuous' | 'no' | undefined
  readonly hasLifecycle?: Maybe<boolean>
  /** AWS tag `Owner`, also where its case is another one. */
  readonly owner?: Maybe<string | undefined>
  readonly images?: Maybe<{ readonly count: number; readonly bytes: number }>
  /** Why something could not be read. */
  readonly problems: readonly string[]
}

export type Listing = {
  readonly session: Session
  readonly scanning: RegistryScanning | undefined
  readonly quick: boolean
  readonly images: boolean
}

const BY_FREQUENCY = { MANUAL: 'no', SCAN_ON_PUSH: 'on push', CONTINUOUS_SCAN: 'continuous' } as const

function scanOf(
  { scanning }: Listing,
  { repository }: RepositoryRef,
  { scanOnPush }: RepositorySettings,
): ListRow['scan'] {
  if (!scanning) return undefined
  if (flagCounts(scanning)) return scanOnPush ? 'on push' : 'no'
  return BY_FREQUENCY[frequencyFor(scanning, repository)]
}

async function imagesOf({ aws, registry: { region } }: Session, ref: RepositoryRef) {
  const held = { count: 0, bytes: 0 }
  for await (const page of ecrHoldings(aws, region).images(ref)) {
    held.count += page.length
    for (const { sizeInBytes } of page) held.bytes += sizeInBytes
  }
  return held
}

/** What is shown of a repository, and nothing more, is read. @throws {Gone} @throws {Unreadable} of a repository that was named */
/** To AWS another case is another key; whoever reads a list means the same. */
const ownerIn = (tags: Tags): string | undefined =>
  Object.entries(tags).find(([key]) => key.toLowerCase() === OWN_TAGS.owner.toLowerCase())?.[1]

export async function listRow({ ref, settings: listed }: RepositorySubject, listing: Listing): Promise<ListRow> {
  const { session, quick } = listing
  const repositories = ecrRepositories(session.aws, session.registry.region)
  const problems: string[] = []
  const maybe = async <T>(read: Promise<T>): Promise<Maybe<T>> => {
    try {
      return { value: await read }
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      problems.push(error.message)
      return undefined
    }
  }
  const settings = listed ?? (await repositories.settings(ref))
  const [hasLifecycle, owner, images] = await Promise.all([
    quick ? undefined : maybe(repositories.lifecyclePolicy(ref).then((text) => text !== undefined)),
    quick ? undefined : maybe(repositories.tags(ref).then(ownerIn)),
    listing.images ? maybe(imagesOf(session, ref)) : undefined,
  ])
  return {
    ...{ ref, settings, scan: scanOf(listing, ref, settings), problems },
    ...(!quick && { hasLifecycle, owner }),
    ...(listing.images && { images }),
  }
}
