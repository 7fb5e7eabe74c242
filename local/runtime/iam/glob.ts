import { ANY, fits, ONE, type Token } from '../../../functions/domain/wildcard.ts'

const WILDCARDS: ReadonlyMap<string, Token> = new Map<string, Token>([
  ['*', ANY],
  ['?', ONE],
])

/** IAM's wildcards: `*` is any characters, `?` is one. */
export const globMatches = (pattern: string, text: string): boolean =>
  fits(
    pattern.split('').map((character) => WILDCARDS.get(character) ?? character),
    text,
  )

/** ARNs are compared part by part, so that a wildcard does not cross a colon before the resource; `*` is all of them. */
export function arnMatches(pattern: string, arn: string): boolean {
  if (pattern === '*') return true
  const [wanted, given] = [pattern.split(':'), arn.split(':')]
  if (wanted.length < 6 || given.length < 6) return false
  const resource = (parts: string[]): string => parts.slice(5).join(':')
  const heads = wanted.slice(0, 5).every((part, i) => globMatches(part, given[i] ?? ''))
  return heads && globMatches(resource(wanted), resource(given))
}
