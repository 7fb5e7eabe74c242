import type { Policy } from '../functions/judging/policy.ts'
import type { Subject } from '../functions/judging/subject.ts'
import type { Session } from './aws/session.ts'
import { readersOf } from './check/readers.ts'
import { type Missing, subjectsOf } from './check/subjects.ts'
import { type Target, targetOf } from './check/target.ts'
import { CommandError } from './command-error.ts'

/** Nothing is judged here: it is for the names alone. */
const NO_POLICY: Policy = { rulesOn: () => [], asksOfImages: () => false, bases: [] }

/**
 * What a word names.
 * @param because why an image will not do: `a lifecycle policy is of a whole repository`
 * @throws {CommandError} for an image
 */
export function repositoryTarget(word: string, because: string): Target {
  const target = targetOf(word)
  if (target.kind !== 'image') return target
  const { repository } = target
  throw new CommandError(
    'usage',
    `${repository} is named with a tag or digest, and ${because}.`,
    `Write ${repository}.`,
  )
}

/** A repository as it was named, or as ECR lists it. */
export type RepositorySubject = Extract<Subject, { readonly kind: 'repository' }>

/** The repositories that the targets name or match; all without any. What matches nothing is told. */
export async function* repositoriesIn(
  session: Session,
  targets: readonly Target[],
  onMissing: (missing: Missing) => void,
): AsyncGenerator<RepositorySubject> {
  const readers = readersOf(session)
  const walk = { registry: session.registry, readers, policy: NO_POLICY, images: false, onMissing }
  for await (const subject of subjectsOf(walk, targets)) if (subject.kind === 'repository') yield subject
}
