import { ecrHoldings } from '../../functions/adapters/holdings.ts'
import { ecrRepositories } from '../../functions/adapters/repository-reader.ts'
import type { InUsePolicy } from '../../functions/domain/clean-up/policy.ts'
import { pulledElsewhere } from '../../functions/domain/clean-up/pulled-elsewhere.ts'
import { counted } from '../../functions/domain/counted.ts'
import type { RepositoryRef, RepositorySettings } from '../../functions/domain/facts/repository-facts.ts'
import type { Protection } from '../../functions/domain/in-use/protection.ts'
import type { StoredImage } from '../../functions/domain/lifecycle/image.ts'
import { listed } from '../../functions/domain/listed.ts'
import type { Tags } from '../../functions/domain/new-repository/tags.ts'
import type { Session } from '../aws/session.ts'
import { imageName } from '../clean-up/words.ts'

/** What a repository holds. */
export type Held = {
  readonly images: number
  readonly tags: number
  /** Of what is there to be pulled, and of what is in the archive. */
  readonly bytes: number
  readonly archivedBytes: number
  /** Of the newest. Milliseconds since 1970; undefined without images. */
  readonly pushedAt: number | undefined
  /** Milliseconds since 1970; undefined where none was ever pulled. */
  readonly pulledAt: number | undefined
}

/**
 * Why a repository is not deleted. `unknown`: something that could be in use could not be read; `images`: it holds some, and it
 * was not said that they go.
 */
export type Reason = {
  readonly kind: 'in-use' | 'managed' | 'unknown' | 'images'
  readonly why: string
  readonly next: string
}

/** A repository that is to be deleted, as it is now. */
export type Doomed = {
  readonly ref: RepositoryRef
  readonly settings: RepositorySettings
  readonly tags: Tags
  readonly lifecyclePolicy: string | undefined
  readonly policy: string | undefined
  readonly held: Held
  /** None where it may go. */
  readonly reasons: readonly Reason[]
}

/** What is known of the use of images: read when the first image comes, since an empty repository can be used by nobody. */
export type Guard = {
  readonly protection: Protection
  /** Why nobody can tell who pulls by the registry policy. */
  readonly byRegistry: readonly string[]
}

export type Looking = {
  readonly session: Session
  readonly inUse: InUsePolicy
  readonly force: boolean
  readonly guard: () => Promise<Guard>
}

/** Reads it once, and only where somebody asks. */
export function guardOnce(read: () => Promise<Guard>): () => Promise<Guard> {
  let known: Promise<Guard> | undefined
  return () => {
    known ??= read()
    return known
  }
}

/** Images in use that are named; the rest is counted. */
const MOST = 5

type Use = { readonly image: Pick<StoredImage, 'tags' | 'digest'>; readonly by: readonly string[] }

type Contents = { readonly held: Held; readonly uses: readonly Use[]; readonly used: number }

const later = (one: number | undefined, other: number | undefined): number | undefined =>
  Math.max(one ?? 0, other ?? 0) || undefined

const NOTHING: Held = { images: 0, tags: 0, bytes: 0, archivedBytes: 0, pushedAt: undefined, pulledAt: undefined }

const withImage = (held: Held, image: StoredImage): Held => {
  const isArchived = image.status === 'ARCHIVED'
  return {
    ...{ images: held.images + 1, tags: held.tags + image.tags.length },
    bytes: held.bytes + (isArchived ? 0 : image.sizeInBytes),
    archivedBytes: held.archivedBytes + (isArchived ? image.sizeInBytes : 0),
    ...{ pushedAt: later(held.pushedAt, image.pushedAt), pulledAt: later(held.pulledAt, image.pulledAt) },
  }
}

async function contentsOf(ref: RepositoryRef, { session, guard }: Looking): Promise<Contents> {
  const { aws, registry } = session
  const uses: Use[] = []
  let [held, used] = [NOTHING, 0]
  for await (const page of ecrHoldings(aws, registry.region).images(ref)) {
    if (page.length === 0) continue
    const { protection } = await guard()
    for (const image of page) {
      held = withImage(held, image)
      const by = protection.usersOf(ref, image)
      if (by.length === 0) continue
      used += 1
      if (uses.length < MOST) uses.push({ image, by })
    }
  }
  return { held, uses, used }
}

const inUseReason = ({ uses, used }: Contents): Reason => ({
  kind: 'in-use',
  why: [
    ...uses.map(({ image, by }) => `${imageName(image)} is in use: ${listed(by)}`),
    ...(used > uses.length ? [`${counted(used - uses.length, 'more image')} in use`] : []),
  ].join('; '),
  next: 'Stop what uses them, or have it use other images. There is no option that deletes them all the same.',
})

const MANAGED_BY = 'aws:cloudformation:stack-name'

const managedReason = (stack: string): Reason => ({
  kind: 'managed',
  why: `the CloudFormation stack ${stack} made it, and would drift`,
  next: `Delete it there: take it out of the template of ${stack}, or delete the stack.`,
})

const unknownReason = (why: string): Reason => ({
  kind: 'unknown',
  why: `nobody can tell whether its images are in use: ${why}`,
  next: 'What is read, and what could not be: ecr-steward clean-up in-use',
})

async function unknownsOf(ref: RepositoryRef, policy: string | undefined, { guard, inUse }: Looking) {
  const { protection, byRegistry } = await guard()
  const elsewhere = policy === undefined ? undefined : pulledElsewhere(policy, ref.account, inUse)
  return [...protection.blocks, ...byRegistry, ...(elsewhere === undefined ? [] : [elsewhere])].map(unknownReason)
}

const imagesReason = ({ images }: Held): Reason => ({
  kind: 'images',
  why: `it holds ${counted(images, 'image')}, and --force does not say that they go`,
  next: 'Add --force, which deletes them with it, for ever.',
})

/** Reads a repository whole, with all that speaks against its end. @throws {Unreadable} @throws {Gone} */
export async function lookAt(ref: RepositoryRef, looking: Looking): Promise<Doomed> {
  const { session, force } = looking
  const repositories = ecrRepositories(session.aws, session.registry.region)
  const settings = await repositories.settings(ref)
  const [tags, lifecyclePolicy, policy, contents] = await Promise.all([
    repositories.tags(ref),
    repositories.lifecyclePolicy(ref),
    repositories.policy(ref),
    contentsOf(ref, looking),
  ])
  const { held, used } = contents
  const stack = tags[MANAGED_BY]
  const reasons = [
    ...(used > 0 ? [inUseReason(contents)] : []),
    ...(stack === undefined ? [] : [managedReason(stack)]),
    ...(held.images > 0 ? await unknownsOf(ref, policy, looking) : []),
    ...(held.images > 0 && !force ? [imagesReason(held)] : []),
  ]
  return { ref, settings, tags, lifecyclePolicy, policy, held, reasons }
}
