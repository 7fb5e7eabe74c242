import type { Part } from '../check/parts.ts'
import type { Missing } from '../check/subjects.ts'
import type { Exit } from '../exit.ts'

/** The end of a command: what it says no to is certain; and nothing that could not be read is a pass. */
export function exitWith(isFail: boolean, missing: readonly Missing[], parts: readonly Part[]): Exit {
  if (isFail) return 'fail'
  if (missing.length === 0) return 'pass'
  return parts.some(({ session }) => session.denials.length > 0) ? 'access' : 'unknown'
}
