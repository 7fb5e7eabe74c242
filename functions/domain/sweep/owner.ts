import type { RepositoryRef } from '../facts/repository-facts.ts'

/** Longest name of an owner that is taken from a tag: AWS's own limit of a tag's value. Characters. */
const LONGEST = 256
export const UNOWNED = 'unowned'

/** Who a repository belongs to by the first part of its name. Text from outside. */
export function ownerByName(repository: string): string {
  const slash = repository.indexOf('/')
  return slash > 0 ? repository.slice(0, slash) : UNOWNED
}

/** Who a repository belongs to: its tag says it, else its name. Text from outside. */
export function ownerOf(
  { repository }: Pick<RepositoryRef, 'repository'>,
  tags: Readonly<Record<string, string>>,
  ownerTag: string,
): string {
  const tagged = Object.hasOwn(tags, ownerTag) ? tags[ownerTag]?.trim().slice(0, LONGEST) : undefined
  return tagged || ownerByName(repository)
}
