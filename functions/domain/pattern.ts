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

/** A pattern taken apart, so that most of what it does not mean is told by comparing texts. */
type Parts = {
  readonly tokens: readonly Token[]
  /** What stands before, between and behind the wildcards. */
  readonly literals: readonly string[]
  readonly head: string
  readonly tail: string
  /** The wildcard, where there is but one. */
  readonly only: Token | undefined
}

/** There are as many as the configuration has patterns. */
const known = new Map<string, Parts>()

function partsOf(pattern: string): Parts {
  const before = known.get(pattern)
  if (before) return before
  const wildcards = pattern.match(/\*+/g) ?? []
  const only = wildcards.length === 1 ? wildcards[0] : undefined
  const literals = pattern.split(/\*+/)
  const ends = { head: literals[0] as string, tail: literals.at(-1) as string }
  const parts = { tokens: tokensOf(pattern), literals, ...ends, only }
  known.set(pattern, parts)
  return parts
}

/** Whether the literals stand in the text one after another: without that no reading of the wildcards helps. */
function holdsInOrder(literals: readonly string[], text: string): boolean {
  let at = 0
  for (const literal of literals) {
    const found = text.indexOf(literal, at)
    if (found < 0) return false
    at = found + literal.length
  }
  return true
}

/** Whether the repository is one that the pattern means. Case counts; repository names have lower case only. */
export function matches(pattern: string, repository: string): boolean {
  const { tokens, literals, head, tail, only } = partsOf(pattern)
  if (literals.length === 1) return pattern === repository
  if (!repository.startsWith(head) || !repository.endsWith(tail)) return false
  if (!holdsInOrder(literals, repository)) return false
  if (only === undefined) return accepts(tokens, repository.split(''))
  return only.length > 1 || !repository.slice(head.length, repository.length - tail.length).includes('/')
}

/**
 * Whether every repository that `narrow` matches is matched by `wide` too.
 * Never true by mistake; it may be false where only a subtle argument would show it.
 */
export const covers = (wide: string, narrow: string): boolean => accepts(tokensOf(wide), tokensOf(narrow))
