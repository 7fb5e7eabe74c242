import { didYouMean } from '../../config/suggest.ts'
import type { Exception } from '../../functions/domain/exception.ts'
import { Gone } from '../../functions/faults.ts'
import { inOrder } from './in-order.ts'
import { judgeSubject } from './judge-subject.ts'
import type { Part } from './parts.ts'
import type { Policy } from './policy.ts'
import { type Readers, readersOf } from './readers.ts'
import { isListed, type Judged, type Subject, subjectName } from './subject.ts'
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

/** A name that was probably meant, of the first repositories that ECR lists. */
async function nearName({ repositories }: Readers, { ref }: Subject, name: string): Promise<string> {
  for await (const page of repositories.listRepositories(ref))
    return didYouMean(
      name,
      page.map((listed) => listed.ref.repository),
    )
  return ''
}

/** What was listed and is gone meanwhile needs no verdict; what was named and is not there was asked for. */
async function tellMissing(subject: Subject, { message }: Gone, readers: Readers, { onMissing }: Run): Promise<void> {
  if (isListed(subject)) return
  const name = subjectName(subject)
  // Whoever may not list gets no suggestion.
  onMissing({ name, problem: message + (await nearName(readers, subject, name).catch(() => '')) })
}

/** Everything that is named in one registry, judged, in the order in which ECR lists it, as it comes. */
export async function* judgedIn({ session, targets }: Part, run: Run): AsyncGenerator<Judged> {
  const readers = readersOf(session, run.policy.bases)
  const judge = async (subject: Subject): Promise<Judged | undefined> => {
    try {
      return await judgeSubject(subject, { ...run, readers })
    } catch (error) {
      if (!(error instanceof Gone)) throw error
      return void (await tellMissing(subject, error, readers, run))
    }
  }
  const subjects = subjectsOf({ ...run, registry: session.registry, readers }, targets)
  for await (const judged of inOrder(subjects, run.atOnce, judge)) if (judged) yield judged
}
