import type { ListedRepository } from '../../functions/adapters/repository-reader.ts'
import type { ImageScan } from '../../functions/domain/facts/image-facts.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import type { ImageRef } from '../../functions/domain/image.ts'
import type { Fact } from '../../functions/domain/rule/fact.ts'
import type { AnyFacts } from '../../functions/domain/rule/rule.ts'
import type { Verdict } from '../../functions/domain/verdict.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import { inOrder } from '../../functions/judging/in-order.ts'
import { judgeSubject } from '../../functions/judging/judge-subject.ts'
import type { Readers } from '../check/readers.ts'
import type { Missing } from '../check/subjects.ts'
import type { RowScan } from '../images/result.ts'
import { emptyScan, scanOf } from '../images/scan-of.ts'
import { EVERY_RULE } from './all-rules.ts'
import { newestImage } from './newest-image.ts'
import { byName, spread } from './spread.ts'

/** Pages of a thousand images that are looked through for the newest of a repository. */
const MOST_PAGES = 5

/** A repository or the registry with all that was read of it: it is judged again with other parameters. */
export type Read<R> = { readonly ref: R; readonly facts: AnyFacts }

export type JudgedImage = {
  readonly ref: ImageRef
  readonly verdicts: readonly Verdict[]
  readonly scan: RowScan
  /** Why something of it could not be read. */
  readonly unread: readonly string[]
}

/** An account as it was seen in one region, in the order of names. */
export type Account = {
  readonly registry: Read<RegistryRef>
  readonly repositories: readonly Read<RepositoryRef>[]
  /** Why not every repository is among them. */
  readonly unlisted?: string
  /** The newest of each repository that has one, of those that were looked at. */
  readonly images: readonly JudgedImage[]
  /** Repositories whose images were looked at. */
  readonly looked: number
  /** Of these, those with more images than were looked at: a newer one may be among the rest. */
  readonly cut: readonly string[]
  /** Repositories whose images could not be listed, and why. */
  readonly missing: readonly Missing[]
  readonly now: Date
}

export type Looking = {
  readonly registry: RegistryRef
  readonly readers: Readers
  readonly now: Date
  /** How many repositories or images are judged side by side. */
  readonly atOnce: number
  /** Repositories whose newest image is judged. */
  readonly mostImages: number
  readonly progress: { listed(count: number): void; judged(): void; images(of: number): void; image(): void }
}

type Listed = { readonly repositories: readonly ListedRepository[]; readonly unlisted?: string }

/** @throws {Unreadable} where nothing at all can be listed */
async function listAll({ registry, readers, progress }: Looking): Promise<Listed> {
  const repositories: ListedRepository[] = []
  try {
    for await (const page of readers.repositories.listRepositories(registry)) {
      repositories.push(...page)
      progress.listed(page.length)
    }
  } catch (error) {
    if (!(error instanceof Unreadable) || repositories.length === 0) throw error
    return { repositories, unlisted: error.message }
  }
  return { repositories }
}

/** What is gone meanwhile is of no interest. */
async function unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Gone) return undefined
    throw error
  }
}

const judgingOf = ({ readers, now }: Looking) => ({ readers, now, policy: EVERY_RULE, exceptions: [] })

async function readRepositories(
  listed: readonly ListedRepository[],
  looking: Looking,
): Promise<readonly Read<RepositoryRef>[]> {
  async function* subjects() {
    for (const { ref, settings } of listed) yield { kind: 'repository', ref, settings } as const
  }
  const read: Read<RepositoryRef>[] = []
  const judge = (subject: { kind: 'repository'; ref: RepositoryRef }) =>
    unlessGone(judgeSubject(subject, judgingOf(looking)))
  for await (const judged of inOrder(subjects(), looking.atOnce, judge)) {
    looking.progress.judged()
    if (judged) read.push({ ref: judged.subject.ref as RepositoryRef, facts: judged.facts })
  }
  return read.toSorted((a, b) => byName(a.ref.repository, b.ref.repository))
}

type Seen = { readonly image?: JudgedImage; readonly isCut?: boolean; readonly missing?: Missing }

/** Why something could not be read. */
export const unreadIn = (facts: AnyFacts): readonly string[] =>
  Object.values(facts).flatMap((fact) => ('unread' in fact ? [fact.unread] : []))

/** A scan without its findings, of which there may be thousands. */
const scanIn = ({ scan }: AnyFacts, ref: ImageRef, now: Date): RowScan => {
  const fact = scan as Fact<ImageScan> | undefined
  return fact && 'value' in fact ? scanOf(fact.value, [], ref, now) : emptyScan('unread')
}

async function lookAtNewest(repository: RepositoryRef, looking: Looking): Promise<Seen> {
  try {
    const { image, isCut } = await newestImage(looking.readers.list.listTagged(repository), MOST_PAGES)
    if (!image) return { isCut }
    const { facts, verdicts } = await judgeSubject({ kind: 'image', ...image }, judgingOf(looking))
    const scan = scanIn(facts, image.ref, looking.now)
    return { isCut, image: { ref: image.ref, verdicts, scan, unread: unreadIn(facts) } }
  } catch (error) {
    if (error instanceof Gone) return {}
    if (!(error instanceof Unreadable)) throw error
    return { missing: { name: `the images of ${repository.repository}`, problem: error.message } }
  }
}

async function lookAtImages(
  repositories: readonly Read<RepositoryRef>[],
  looking: Looking,
): Promise<Pick<Account, 'images' | 'looked' | 'cut' | 'missing'>> {
  const names = spread(
    repositories.map(({ ref }) => ref.repository),
    looking.mostImages,
  ).toSorted(byName)
  looking.progress.images(names.length)
  async function* refs() {
    for (const repository of names) yield { ...looking.registry, repository }
  }
  const [images, cut, missing]: [JudgedImage[], string[], Missing[]] = [[], [], []]
  const look = async (ref: RepositoryRef) => ({ ref, seen: await lookAtNewest(ref, looking) })
  for await (const { ref, seen } of inOrder(refs(), looking.atOnce, look)) {
    looking.progress.image()
    if (seen.image) images.push(seen.image)
    if (seen.isCut) cut.push(ref.repository)
    if (seen.missing) missing.push(seen.missing)
  }
  return { images, looked: names.length, cut, missing }
}

/**
 * Reads the registry, all of its repositories, and the newest image of some of them, and judges what no parameter changes.
 * What cannot be read of one of them is a fact that is unread: never a pass.
 * @throws {Unreadable} where the repositories cannot be listed
 */
export async function lookAt(looking: Looking): Promise<Account> {
  const subject = { kind: 'registry', ref: looking.registry } as const
  const registry = judgeSubject(subject, judgingOf(looking))
  registry.catch(() => undefined)
  const { repositories: listed, unlisted } = await listAll(looking)
  const { facts } = await registry
  const repositories = await readRepositories(listed, looking)
  const images = await lookAtImages(repositories, looking)
  return {
    ...{ registry: { ref: looking.registry, facts }, repositories, now: looking.now },
    ...images,
    ...(unlisted !== undefined && { unlisted }),
  }
}
