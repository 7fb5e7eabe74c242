import { ecrHoldings } from '../../functions/adapters/holdings.ts'
import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import { isIndex, type StoredImage } from '../../functions/domain/lifecycle/image.ts'
import type { Evidence } from '../../functions/domain/lifecycle/lint.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import { inOrder } from '../../functions/judging/in-order.ts'
import { isListed } from '../../functions/judging/subject.ts'
import type { Holdings } from '../../functions/planning/ports.ts'
import type { Opening } from '../aws/session.ts'
import { type Part, partsOf } from '../check/parts.ts'
import { nearName } from '../check/run.ts'
import type { Missing } from '../check/subjects.ts'
import type { Io } from '../io.ts'
import { type RepositorySubject, repositoriesIn, repositoryTarget } from '../repositories.ts'

/** A repository that was named, or that fits a pattern. */
export type Repository = { readonly ref: RepositoryRef; readonly isNamed: boolean }

const BECAUSE = 'a lifecycle policy is of a whole repository'

/** The registries that the words are in, opened. @throws {CommandError} */
export const openRegistries = (words: readonly string[], opening: Opening, io: Io): Promise<readonly Part[]> =>
  partsOf(
    words.map((word) => repositoryTarget(word, BECAUSE)),
    opening,
    io,
  )

/** Repositories that are read side by side. */
const AT_ONCE = 10

type Reading<T> = {
  readonly atOnce: number | undefined
  readonly onMissing: (missing: Missing) => void
  readonly read: (repository: Repository, holdings: Holdings) => Promise<T>
}

/** The repositories of a part, with what is read of each, in their order. What cannot be read is told. */
export async function* readIn<T>({ session, targets }: Part, reading: Reading<T>): AsyncGenerator<T> {
  const { registry, aws } = session
  const { atOnce = AT_ONCE, onMissing } = reading
  const holdings = ecrHoldings(aws, registry.region)
  const repositories = repositoriesIn(session, targets, onMissing)
  const one = async (subject: RepositorySubject): Promise<{ readonly value: T } | undefined> => {
    const isNamed = !isListed(subject)
    const { repository: name } = subject.ref
    try {
      return { value: await reading.read({ ref: subject.ref, isNamed }, holdings) }
    } catch (error) {
      if (error instanceof Unreadable) onMissing({ name, problem: error.message })
      else if (!(error instanceof Gone)) throw error
      else if (isNamed) onMissing({ name, problem: error.message + (await nearName(session, name)) })
      return undefined
    }
  }
  for await (const read of inOrder(repositories, atOnce, one)) if (read) yield read.value
}

/** All images of a repository. */
export async function evidenceOf(holdings: Holdings, ref: RepositoryRef): Promise<Evidence> {
  const images: StoredImage[] = []
  for await (const page of holdings.images(ref)) images.push(...page)
  const indexes = images.filter(isIndex).map(({ digest }) => digest)
  return { images, children: indexes.length > 0 ? await holdings.children(ref, indexes) : new Map() }
}
