import { createTwoFilesPatch } from 'diff'
import type { Fix } from '../domain/rule/judgement.ts'

/**
 * The change that a fix makes to a document, as a unified diff; undefined where it changes none. What stands in the
 * document comes from outside: escape where shown.
 */
export function unifiedDiff({ change }: Fix, document: string): string | undefined {
  if (!change) return undefined
  const { before, after } = change
  const patch = createTwoFilesPatch(`${document} (as it is)`, `${document} (as it would be)`, before, after)
  // The first line is a ruler, and JSON texts end without a line feed.
  return patch
    .split('\n')
    .slice(1)
    .filter((line) => !line.startsWith('\\ No newline'))
    .join('\n')
    .trimEnd()
}
