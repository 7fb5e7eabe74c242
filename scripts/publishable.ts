import { spawnSync } from 'node:child_process'
import { VERSION } from '../cli/version.ts'
import { ROOT } from './step.ts'

/** What git says of the checkout. */
export type Checkout = {
  /** Lines of `git status --porcelain`. */
  readonly changes: readonly string[]
  /** Those of this commit. */
  readonly tags: readonly string[]
}

/** Why this checkout is not published, a line each: a release is a commit that somebody has tagged for it, and nothing else. */
export const obstacles = ({ changes, tags }: Checkout, version: string): readonly string[] => [
  ...(changes.length > 0 ? [`There are ${changes.length} changes that are in no commit.`] : []),
  ...(tags.includes(`v${version}`) ? [] : [`This commit has no tag v${version}: git tag v${version}`]),
]

/** Lines of what git says; it is a change of its own where git does not answer. */
function git(...words: readonly string[]): readonly string[] {
  const { status, stdout } = spawnSync('git', words, { cwd: ROOT, encoding: 'utf8' })
  return status === 0 ? stdout.split('\n').filter(Boolean) : ['git does not answer']
}

if (import.meta.main) {
  const checkout = { changes: git('status', '--porcelain'), tags: git('tag', '--points-at', 'HEAD') }
  const found = obstacles(checkout, VERSION)
  for (const line of found) console.error(line)
  process.exitCode = found.length > 0 ? 1 : 0
}
