import { RE2JS } from 're2js'

/** Longest expression that is compiled: time and memory grow with it. */
const LONGEST = 500

const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/\(\?<?[=!]/, 'looks ahead or behind'],
  [/\\[1-9]/, 'refers back to a group'],
]

/**
 * Why a text is no expression that rules can match with, in words; undefined where it is one.
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function expressionFault(text: string): string | undefined {
  if (text.length > LONGEST) return `it is longer than ${LONGEST} characters`
  try {
    RE2JS.compile(text)
    return undefined
  } catch (error) {
    const [, why] = REFUSED.find(([pattern]) => pattern.test(text)) ?? []
    return why
      ? `it ${why}`
      : `${error instanceof Error ? error.message : error}`.replace(/^error parsing regexp: /, '')
  }
}
