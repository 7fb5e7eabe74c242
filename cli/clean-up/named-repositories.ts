import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import type { Session } from '../aws/session.ts'
import type { Missing } from '../check/subjects.ts'
import type { Target } from '../check/target.ts'
import { CommandError } from '../command-error.ts'
import { repositoriesIn, repositoryTarget } from '../repositories.ts'

/** What a word names. @throws {CommandError} for an image */
export const wholeTarget = (word: string): Target => repositoryTarget(word, 'whole repositories are looked at')

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
  for await (const { ref } of repositoriesIn(session, targets, onMissing)) yield [ref]
}
