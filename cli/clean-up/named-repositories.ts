import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import type { Session } from '../aws/session.ts'
import type { Policy } from '../check/policy.ts'
import { readersOf } from '../check/readers.ts'
import { type Missing, subjectsOf } from '../check/subjects.ts'
import { type Target, targetOf } from '../check/target.ts'
import { CommandError } from '../command-error.ts'

/** Nothing is judged here: it is for the names alone. */
const NO_POLICY: Policy = { rulesOn: () => [], asksOfImages: () => false, bases: [] }

/** What a word names. @throws {CommandError} for an image */
export function repositoryTarget(word: string): Target {
  const target = targetOf(word)
  if (target.kind !== 'image') return target
  const { repository } = target
  throw new CommandError(
    'usage',
    `${repository} is named with a tag or digest, and whole repositories are looked at.`,
    `Write ${repository}.`,
  )
}

/** The one registry that all targets are in. @throws {CommandError} where they are in several */
export function oneRegistry(targets: readonly Target[]): { readonly account?: string; readonly region?: string } {
  const [first, ...others] = targets
  const isElsewhere = ({ account, region }: Target): boolean => account !== first?.account || region !== first?.region
  if (others.some(isElsewhere))
    throw new CommandError(
      'usage',
      'The repositories are in several registries.',
      'Give those of one registry at a time.',
    )
  return { ...(first?.account && { account: first.account }), ...(first?.region && { region: first.region }) }
}

/** The repositories that the targets name or match. What matches nothing is told. */
export async function* namedRepositories(
  session: Session,
  targets: readonly Target[],
  onMissing: (missing: Missing) => void,
): AsyncGenerator<readonly RepositoryRef[]> {
  const readers = readersOf(session, [])
  const walk = { registry: session.registry, readers, policy: NO_POLICY, images: false, onMissing }
  for await (const { ref } of subjectsOf(walk, targets)) if ('repository' in ref) yield [ref]
}
