import { ANY, fits, type Token } from '../../../functions/domain/wildcard.ts'
import { PatternError } from './error.ts'

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
 * Compiles a wildcard: `*` stands for any characters, `\*` and `\\` for themselves.
 * @throws {PatternError}
 */
export function wildcard(pattern: string, path: string): (text: string) => boolean {
  const tokens = tokensOf(pattern, path)
  return (text) => fits(tokens, text)
}
