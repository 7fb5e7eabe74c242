import pLimit from 'p-limit'
import { ecrHoldings } from '../../functions/adapters/holdings.ts'
import { readInventory } from '../../functions/adapters/in-use.ts'
import { keepers } from '../../functions/domain/clean-up/keepers.ts'
import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import { createProtection, type Protection } from '../../functions/domain/in-use/protection.ts'
import type { StoredImage } from '../../functions/domain/lifecycle/image.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import { readRepository } from '../../functions/planning/read-repository.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { openSession, type Session } from '../aws/session.ts'
import type { Missing } from '../check/subjects.ts'
import { type Target, targetOf } from '../check/target.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { inUsePolicy } from './clean-up-policy.ts'
import { type UsedImage, usedJson, usedReferences, writeUsed } from './in-use-report.ts'
import { sourcesFor } from './in-use-sources.ts'
import { namedRepositories, oneRegistry } from './named-repositories.ts'
import { AT_ONCE } from './options.ts'
import { readingProgress } from './reading-progress.ts'
import { exitOf, tellMissing } from './unread.ts'

export type InUseOptions = Values<typeof AWS_OPTIONS> & {
  readonly config: string | undefined
  readonly json: boolean
}

type Named = Extract<Target, { readonly kind: 'image' }>

type Looking = {
  readonly session: Session
  readonly protection: Protection
  readonly now: Date
  readonly atOnce: number
  readonly onImages: (images: number) => void
  readonly onRepository: () => void
  readonly onMissing: (missing: Missing) => void
}

const isNamed = ({ tag, digest }: Named, image: Pick<StoredImage, 'digest' | 'tags'>): boolean =>
  digest === undefined ? image.tags.includes(tag ?? '') : image.digest === digest

const nameOf = ({ repository, tag, digest }: Named): string =>
  digest === undefined ? `${repository}:${tag}` : `${repository}@${digest}`

/** Images that were asked for, or those that stay where the whole repository was. */
async function lookAt(repository: RepositoryRef, named: readonly Named[], looking: Looking): Promise<UsedImage[]> {
  const { session, protection, now, onImages, onMissing } = looking
  const holdings = ecrHoldings(session.aws, session.registry.region)
  const { images } = await readRepository(repository, [], { holdings, now, onImages })
  const [missing, found]: [Set<Named>, UsedImage[]] = [new Set(named), []]
  for (const part of images.all()) {
    const kept = keepers({ ...part, repository }, new Set(part.images.map(({ digest }) => digest)), protection, now)
    for (const image of part.images) {
      const asked = named.filter((one) => isNamed(one, image))
      for (const one of asked) missing.delete(one)
      const { digest, tags } = image
      if (named.length > 0 ? asked.length > 0 : kept.has(digest))
        found.push({ ...repository, digest, tags, usedBy: kept.get(digest) ?? [] })
    }
  }
  for (const one of missing) onMissing({ name: nameOf(one), problem: 'the image is not there' })
  return found
}

/** What cannot be read is told, and the others are looked at. */
async function lookAtSafely(
  repository: RepositoryRef,
  named: readonly Named[],
  looking: Looking,
): Promise<UsedImage[]> {
  try {
    return await lookAt(repository, named, looking)
  } catch (error) {
    if (!(error instanceof Unreadable || error instanceof Gone)) throw error
    looking.onMissing({ name: repository.repository, problem: error.message })
    return []
  } finally {
    looking.onRepository()
  }
}

/** A repository, and which of its images are asked for; none in particular where it is all that stay. */
type Wanted = { readonly repository: RepositoryRef; readonly named: readonly Named[] }

async function wantedOf(targets: readonly Target[], { session, onMissing }: Looking): Promise<readonly Wanted[]> {
  const wanted = new Map<string, Wanted>()
  const images = targets.filter((target): target is Named => target.kind === 'image')
  for (const [repository, named] of Map.groupBy(images, (image) => image.repository))
    wanted.set(repository, { repository: { ...session.registry, repository }, named })
  const wholes = targets.filter(({ kind }) => kind !== 'image')
  if (wholes.length === 0) return [...wanted.values()]
  for await (const page of namedRepositories(session, wholes, onMissing))
    for (const repository of page) wanted.set(repository.repository, { repository, named: [] })
  return [...wanted.values()]
}

async function lookAtAll(targets: readonly Target[], looking: Looking): Promise<readonly UsedImage[]> {
  const limit = pLimit(looking.atOnce)
  const wanted = await wantedOf(targets, looking)
  const found = await Promise.all(
    wanted.map(({ repository, named }) => limit(() => lookAtSafely(repository, named, looking))),
  )
  return found.flat()
}

/** Shows who uses what: all that is known to run, or what keeps the images that are named. */
export async function cleanUpInUse(words: readonly string[], options: InUseOptions, io: Io): Promise<Exit> {
  const targets = words.map(targetOf)
  const session = await openSession({ ...options, ...oneRegistry(targets) }, io)
  const policy = inUsePolicy(options.config, io)
  const missing: Missing[] = []
  const onMissing = (one: Missing): void => void missing.push(one)
  const { end, ...progress } = readingProgress(io, options.verbose)
  try {
    const inventory = await readInventory(sourcesFor(session, policy, options.config, io), io.now)
    const protection = createProtection(inventory, policy.pins)
    const [atOnce, now] = [options.concurrency ?? AT_ONCE, io.now()]
    const looking = { session, protection, now, atOnce, onMissing, ...progress }
    const images = targets.length === 0 ? usedReferences(inventory) : await lookAtAll(targets, looking)
    end()
    const outcome = exitOf({ missing, reasons: protection.blocks }, session)
    if (options.json) io.stdout.write(`${JSON.stringify(usedJson(images, inventory, { missing, outcome }), null, 2)}\n`)
    else writeUsed(images, inventory, io)
    tellMissing(missing, session, io)
    return outcome
  } finally {
    end()
  }
}
