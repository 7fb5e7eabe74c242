/**
 * Patterns of `steward.yaml` as IAM and EventBridge write them, where `*` crosses `/` as `**` does here. So what they
 * mean may be wider than the pattern, and is never narrower.
 * @returns each once, without those that another one includes by its beginning
 */
export function repositoryWildcards(patterns: readonly string[]): readonly string[] {
  const all = [...new Set(patterns.map((pattern) => pattern.replace(/\*+/g, '*')))].toSorted()
  const isIncluded = (name: string): boolean =>
    all.some(
      (other) => other !== name && other.indexOf('*') === other.length - 1 && name.startsWith(other.slice(0, -1)),
    )
  return all.filter((name) => !isIncluded(name))
}
