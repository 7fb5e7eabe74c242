import { didYouMean } from '../../config/suggest.ts'
import { ecrRepositories, type ListedRepository } from '../../functions/adapters/repository-reader.ts'
import type { Exception } from '../../functions/domain/exception.ts'
import { Gone } from '../../functions/faults.ts'
import { inOrder } from '../../functions/judging/in-order.ts'
import { judgeSubject } from '../../functions/judging/judge-subject.ts'
import type { Policy } from '../../functions/judging/policy.ts'
import { isListed, type Judged, type Subject, subjectName } from '../../functions/judging/subject.ts'
import type { Session } from '../aws/session.ts'
import type { Part } from './parts.ts'
import { readersOf } from './readers.ts'
import { type Missing, subjectsOf } from './subjects.ts'

/** Subjects that are judged side by side unless told otherwise: more gains nothing. */
export const AT_ONCE = 50

export type Run = {
  readonly policy: Policy
  readonly exceptions: readonly Exception[]
  /** Whether the tagged images of the repositories are judged too. */
  readonly images: boolean
  /** How many subjects are judged side by side. */
  readonly atOnce: number
  readonly now: Date
  readonly onMissing: (missing: Missing) => void
}

/** A name that was probably meant, of the first repositories that ECR lists, unless it is one of them. Whoever may not list gets none. */
export async function nearName({ asides, registry }: Session, name: string): Promise<string> {
  const pages = ecrRepositories(asides, registry.region).listRepositories(registry)
  const { value = [] } = await pages[Symbol.asyncIterator]()
    .next()
    .catch(() => ({ value: undefined }))
  const names = value.map(({ ref }: ListedRepository) => ref.repository)
  return names.includes(name) ? '' : didYouMean(name, names)
}

/** What was listed and is gone meanwhile needs no verdict; what was named and is not there was asked for. */
async function tellMissing(subject: Subject, { message }: Gone, session: Session, { onMissing }: Run): Promise<void> {
  if (isListed(subject)) return
  const name = subjectName(subject)
  onMissing({ name, problem: message + (await nearName(session, name)) })
}

/** Everything that is named in one registry, judged, in the order in which ECR lists it, as it comes. */
export async function* judgedIn({ session, targets }: Part, run: Run): AsyncGenerator<Judged> {
  const readers = readersOf(session, run.policy)
  const judge = async (subject: Subject): Promise<Judged | undefined> => {
    try {
      return await judgeSubject(subject, { ...run, readers })
    } catch (error) {
      if (!(error instanceof Gone)) throw error
      return void (await tellMissing(subject, error, session, run))
    }
  }
  const subjects = subjectsOf({ ...run, registry: session.registry, readers }, targets)
  for await (const judged of inOrder(subjects, run.atOnce, judge)) if (judged) yield judged
}
