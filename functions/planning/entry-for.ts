import type { CleanUpEntry, CleanUpPolicy } from '../domain/clean-up/policy.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import { matches } from '../domain/pattern.ts'

/** The entry that decides for a repository: the first that matches. Without any it is never cleaned. */
export const entryFor = (
  { entries }: Pick<CleanUpPolicy, 'entries'>,
  { repository }: RepositoryRef,
): CleanUpEntry | undefined =>
  entries.find(({ repositories }) => repositories.some((pattern) => matches(pattern, repository)))
