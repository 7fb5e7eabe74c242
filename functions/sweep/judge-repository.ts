import type { RepositoryRef, RepositorySettings, RepositoryValues } from '../domain/facts/repository-facts.ts'
import { ownerOf } from '../domain/sweep/owner.ts'
import type { NotJudged, RepositoryRecord } from '../domain/sweep/record.ts'
import { Gone, Unreadable } from '../faults.ts'
import { type Judging, judgeSubject } from '../judging/judge-subject.ts'
import type { Policy } from '../judging/policy.ts'
import type { RepositoryReader } from '../policy/reader.ts'
import { openFirstSeen } from './first-seen.ts'
import { type JudgedImages, type JudgingImages, judgeImages } from './judge-images.ts'
import type { SweepDeps } from './judging.ts'
import { orUndefined } from './kept.ts'
import { createKeptImages } from './kept-images.ts'
import { createLineages } from './lineages.ts'
import { lintsOf } from './lints.ts'
import { openPart, type PackagePart, type SbomReading } from './package-part.ts'
import { createRuleTally, recordedVerdicts } from './recorded.ts'
import { type PlanningBy, type PlanningOf, removableOf } from './removable.ts'
import { createUnread, PARTS, type Unread } from './unread.ts'

/** A repository to be judged; a listing that has its settings saves a call. */
export type SweptRepository = RepositoryRef & { readonly settings?: RepositorySettings | undefined }

export type JudgingRepositories = SweepDeps & {
  readonly inForce: Policy
  readonly planning: PlanningOf
  /** Runs so many works on images side by side. */
  readonly limit: JudgingImages['limit']
  readonly sboms: SbomReading
}

/** What several ask about one repository is read once, also at the same time. */
function once(
  reader: RepositoryReader,
  ref: RepositoryRef,
  settings: RepositorySettings | undefined,
): RepositoryReader {
  const known = new Map<string, Promise<unknown>>()
  const read = <K extends keyof RepositoryValues>(name: K): Promise<RepositoryValues[K]> => {
    const reading = (known.get(name) as Promise<RepositoryValues[K]> | undefined) ?? reader[name](ref)
    known.set(name, reading)
    return reading
  }
  return {
    settings: async () => settings ?? read('settings'),
    lifecyclePolicy: () => read('lifecyclePolicy'),
    policy: () => read('policy'),
    tags: () => read('tags'),
    scanning: () => read('scanning'),
  }
}

/** All of them to their end: nobody works on for a repository that is given up. @throws the first error */
async function settled<T extends readonly unknown[]>(
  works: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  await Promise.allSettled(works)
  return (await Promise.all(works)) as unknown as T
}

/** A value, or nothing and why not. */
async function orUnread<T>(reading: Promise<T>, what: string, unread: Unread): Promise<{ readonly value?: T }> {
  try {
    return { value: await reading }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    unread.add(what, error.message)
    return {}
  }
}

const nothing = (): JudgedImages => ({
  ...{ judged: 0, gone: 0, pages: 0 },
  stored: { images: 0, untagged: 0, archived: 0, bytes: 0, archivedBytes: 0 },
})

/** Reads all images to the end, planned or not. @returns what clean-up would delete, where it is planned */
async function walk(ref: RepositoryRef, by: PlanningBy | undefined, walking: JudgingImages, sums: JudgedImages) {
  const pages = judgeImages(walking, sums)
  if (by) return removableOf(ref, pages, walking.images, { ...by, now: walking.judging.now })
  for await (const _ of pages);
  return undefined
}

/** Where its part cannot be read, that of an earlier sweep stays. */
async function openPackages(ref: RepositoryRef, deps: JudgingRepositories): Promise<PackagePart | undefined> {
  if (deps.config.sweep.packages === undefined) return undefined
  const { store, protection, now, sboms: reading } = deps
  return orUndefined(openPart(ref, { store, protection, now, reading }))
}

/** What the images of a repository are judged with; its own settings and the images share one reader. */
function walkingOf(ref: RepositoryRef, isPlanned: boolean, reader: RepositoryReader, deps: JudgingRepositories) {
  const { config, inForce, readers, protection, limit, now, store } = deps
  const images = readers.imagesOf(ref, isPlanned)
  const judging: Judging = {
    readers: { registry: readers.registry, repositories: reader, images: images.reader },
    ...{ policy: inForce, exceptions: config.exceptions, now },
  }
  const firstSeen = openFirstSeen(store, ref, now)
  // Whoever awaits it learns of its end, which may be later.
  firstSeen.catch(() => undefined)
  const [isAsked, isBase] = [inForce.asksOfImages(ref.repository), inForce.bases.includes(ref.repository)]
  return {
    ...{ judging, images, protection, limit, firstSeen, isAsked, isBase, lineages: createLineages(isBase) },
    ...{ kept: createKeptImages(), rules: createRuleTally(), packages: openPackages(ref, deps) },
  }
}

/** The images that are kept, with what they are made of. */
function keptOf({ kept, lineages }: Pick<JudgingImages, 'kept' | 'lineages'>) {
  const { images, omitted } = kept.end()
  const placed = images.map((image) => {
    const lineage = lineages.of(image.digest)
    return lineage ? { ...image, lineage } : image
  })
  return { images: placed, omitted }
}

const GONE = 'it was deleted while the sweep ran'

const notJudged = ({ account, region, repository }: RepositoryRef, unread: readonly string[]): NotJudged => ({
  ...{ kind: 'not-judged', account, region, repository },
  why: unread[0] ?? 'nothing of it could be read',
})

async function recordOf(subject: SweptRepository, deps: JudgingRepositories): Promise<RepositoryRecord | NotJudged> {
  const { settings, ...ref } = subject
  const unread = createUnread()
  const reader = once(deps.readers.repositories, ref, settings)
  const planning = await orUnread(deps.planning(ref, reader), PARTS.policy, unread)
  const walking = { ...walkingOf(ref, planning.value !== undefined, reader, deps), unread }
  const sums = nothing()
  const [own, tags, lifecycle, removable] = await settled([
    judgeSubject({ kind: 'repository', ref }, walking.judging),
    orUnread(reader.tags(ref), PARTS.tags, unread),
    orUnread(reader.lifecyclePolicy(ref), PARTS.lifecyclePolicy, unread),
    orUnread(walk(ref, planning.value, walking, sums), 'its images', unread),
  ])
  walking.rules.add(own.verdicts)
  unread.addFacts(own.facts)
  // Images that are gone may be all that went, or the last that was seen of the repository.
  if (sums.gone > 0) await orUnread(deps.readers.repositories.settings(ref), PARTS.settings, unread)
  if (!('value' in tags) && !('value' in lifecycle) && sums.pages === 0) return notJudged(ref, unread.end())
  await (await walking.firstSeen).save()
  const owner = ownerOf(ref, tags.value ?? {}, deps.config.sweep.ownerTag)
  // Of images that were not read to their end, what an earlier sweep knows is more.
  const packages = await walking.packages
  if (packages && 'value' in removable) await orUndefined(packages.save(owner))
  return {
    ...{ kind: 'repository', ...ref, owner },
    ...{ verdicts: recordedVerdicts(own.verdicts), rules: walking.rules.end(), judged: sums.judged },
    ...{ stored: sums.stored, ...(removable.value && { removable: removable.value }) },
    ...{ lints: lintsOf(lifecycle.value), ...keptOf(walking), unread: unread.end() },
  }
}

/**
 * Judges a repository and its tagged images, each page once. What cannot be read of it is said in `unread`; what nothing at
 * all could be read of was not judged.
 * Where it is gone meanwhile, nothing is missing of it: `isGone`.
 */
export async function judgeRepository(
  subject: SweptRepository,
  deps: JudgingRepositories,
): Promise<RepositoryRecord | NotJudged> {
  try {
    return await recordOf(subject, deps)
  } catch (error) {
    if (!(error instanceof Gone)) throw error
    const { account, region, repository } = subject
    return { kind: 'not-judged', account, region, repository, why: GONE, isGone: true }
  }
}
