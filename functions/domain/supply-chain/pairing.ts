/** Somebody, by a key or an identity, and the names of `signers` under which that one is known. */
export type Known = { readonly who: string; readonly names: readonly string[] }

/** Each somebody once, with all names. */
const together = (known: readonly Known[]): readonly (readonly string[])[] =>
  [...Map.groupBy(known, ({ who }) => who).values()].map((same) => same.flatMap(({ names }) => names))

/**
 * How many names can have somebody of their own: one who is known under two names is still one, and two who are known under
 * one name are one as well. By augmenting paths.
 * @see https://en.wikipedia.org/wiki/Maximum_cardinality_matching
 */
export function mostPairs(known: readonly Known[]): number {
  const holders = new Map<string, readonly string[]>()
  const finds = (names: readonly string[], seen: Set<string>): boolean =>
    names.some((name) => {
      if (seen.has(name)) return false
      seen.add(name)
      const holder = holders.get(name)
      if (holder !== undefined && !finds(holder, seen)) return false
      holders.set(name, names)
      return true
    })
  return together(known).filter((names) => finds(names, new Set())).length
}
