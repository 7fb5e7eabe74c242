/** Any characters, also none. */
export const ANY = Symbol('any')
/** One character, whichever. */
export const ONE = Symbol('one')

export type Token = string | typeof ANY | typeof ONE

/** A pattern in which `*` stands for any characters. */
export const tokensOf = (pattern: string): readonly Token[] =>
  Array.from(pattern, (letter) => (letter === '*' ? ANY : letter))

/** Whether a text is what the tokens, each of them one character or a wildcard, stand for. At most tokens × text steps. */
export function fits(tokens: readonly Token[], text: string): boolean {
  let [at, token, retryToken, retryAt] = [0, 0, -1, 0]
  while (at < text.length) {
    const expected = tokens[token]
    if (expected === ANY) {
      retryToken = token++
      retryAt = at
    } else if (expected === ONE || expected === text[at]) {
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
