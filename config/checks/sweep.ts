import type { PathFault } from '../shape.ts'
import { repeated } from './repeated.ts'
import { items, member } from './walk.ts'

/** Without an index, nothing would ever be told. */
function watchedForNothing(file: unknown): PathFault[] {
  const sweep = member(file, 'sweep')
  if (items(member(sweep, 'watch-for')).length === 0 || member(sweep, 'packages') !== undefined) return []
  const message = 'found packages to watch for without an index of packages, expected packages: attached beside it'
  return [{ path: ['sweep', 'watch-for'], at: 'key', message }]
}

/** What is wrong with the sweep beyond the shape of each key. */
export const sweepFaults = (file: unknown): PathFault[] => [
  ...repeated(file, ['sweep', 'regions']),
  ...repeated(file, ['sweep', 'accounts']),
  ...watchedForNothing(file),
]
