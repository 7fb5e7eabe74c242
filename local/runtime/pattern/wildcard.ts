import { PatternError } from './error.ts'

const ANY = Symbol('*')
type Token = string | typeof ANY

function tokensOf(text: string, path: string): Token[] {
  const tokens: Token[] = []
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string
    if (character === '*') {
      if (tokens.at(-1) === ANY) throw new PatternError(path, 'consecutive wildcard characters are not allowed')
      tokens.push(ANY)
    } else if (character === '\\') {
      const escaped = text[++i]
      if (escaped !== '*' && escaped !== '\\') throw new PatternError(path, 'a backslash may only escape * or \\')
      tokens.push(escaped)
    } else tokens.push(character)
  }
  return tokens
}

/**
 * Compiles a wildcard: `*` stands for any characters, `\*` and `\\` for themselves. Matching takes at most
 * pattern × text steps, whatever the pattern.
 * @throws {PatternError}
 */
export function wildcard(pattern: string, path: string): (text: string) => boolean {
  const tokens = tokensOf(pattern, path)
  return (text) => {
    let [at, token, retryToken, retryAt] = [0, 0, -1, 0]
    while (at < text.length) {
      const expected = tokens[token]
      if (expected === ANY) {
        retryToken = token++
        retryAt = at
      } else if (expected === text[at]) {
        token++
        at++
      } else if (retryToken >= 0) {
        token = retryToken + 1
        at = ++retryAt
      } else return false
    }
    while (tokens[token] === ANY) token++
    return token === tokens.length
  }
}
