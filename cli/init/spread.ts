/** What stands before the first slash of a repository's name; undefined for a name without a namespace. */
export const namespaceOf = (repository: string): string | undefined =>
  repository.includes('/') ? repository.slice(0, repository.indexOf('/')) : undefined

/** Names in the order of their letters, whatever the language of the machine. */
export const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * Some of many repositories, as many of each namespace as can be: the first of each, then the second of each. The same ones
 * for the same names.
 */
export function spread(repositories: readonly string[], most: number): readonly string[] {
  if (repositories.length <= most) return repositories
  const groups = [...Map.groupBy(repositories.toSorted(byName), (name) => namespaceOf(name) ?? '').entries()]
  const queues = groups.toSorted(([a], [b]) => byName(a, b)).map(([, names]) => names)
  const chosen: string[] = []
  for (let turn = 0; chosen.length < most; turn += 1)
    chosen.push(...queues.flatMap((names) => names[turn] ?? []).slice(0, most - chosen.length))
  return chosen
}
