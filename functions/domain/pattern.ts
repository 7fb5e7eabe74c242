/**
 * Repository patterns of `steward.yaml`.
 *
 * - `*` is any run of characters within one path segment, also an empty one
 * - `**` is any run of characters, also across `/`
 * - every other character is itself
 *
 * | pattern | matches | does not match |
 * | --- | --- | --- |
 * | `**` | everything | |
 * | `prod/*` | `prod/api` | `prod`, `prod/api/web` |
 * | `prod/**` | `prod/api`, `prod/api/web` | `prod`, `production/api` |
 * | `prod**` | `prod`, `production/api` | `my-prod` |
 * | `*` | `api` | `team/api` |
 */
type Token = string

const tokensOf = (pattern: string): Token[] => pattern.match(/\*\*+|[\s\S]/g) ?? []

const isWildcard = (token: Token): boolean => token.startsWith('*')

/** Whether a wildcard may take in one more token. */
const takes = (wildcard: Token, token: Token): boolean =>
  wildcard.length > 1 || (token !== '/' && !token.startsWith('**'))

/**
 * Runs all readings of the pattern side by side, one column per token, so that no pattern can make it backtrack:
 * at most `pattern.length × input.length` steps, fewer where no reading is left.
 */
function accepts(pattern: readonly Token[], input: readonly Token[]): boolean {
  const wild = pattern.map(isWildcard)
  /** `reached[i]`: the first `i` tokens of the pattern can be what was read so far. */
  const reached = [true]
  for (const [i, isWild] of wild.entries()) reached.push(reached[i] === true && isWild)
  for (const symbol of input) {
    let before = reached[0] === true
    let isAlive = false
    reached[0] = false
    for (let i = 0; i < pattern.length; i += 1) {
      const token = pattern[i] as Token
      const here = reached[i + 1] === true
      const next = wild[i] ? reached[i] === true || (here && takes(token, symbol)) : before && token === symbol
      before = here
      reached[i + 1] = next
      isAlive ||= next
    }
    if (!isAlive) return false
  }
  return reached[pattern.length] === true
}

/** Whether the repository is one that the pattern means. Case counts; repository names have lower case only. */
export const matches = (pattern: string, repository: string): boolean =>
  accepts(tokensOf(pattern), repository.match(/[\s\S]/g) ?? [])

/**
 * Whether every repository that `narrow` matches is matched by `wide` too.
 * Never true by mistake; it may be false where only a subtle argument would show it.
 */
export const covers = (wide: string, narrow: string): boolean => accepts(tokensOf(wide), tokensOf(narrow))
