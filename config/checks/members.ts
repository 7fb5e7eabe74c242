import { show } from '../fault.ts'
import type { PathFault } from '../shape.ts'
import { repeated } from './repeated.ts'
import { items, member } from './walk.ts'

/** Where nothing is judged, nothing could ever be put right. */
function unswept(file: unknown): PathFault[] {
  const swept = new Set(items(member(member(file, 'sweep'), 'accounts')))
  return items(member(member(file, 'members'), 'enforce')).flatMap((account, place): PathFault[] =>
    typeof account !== 'string' || swept.has(account)
      ? []
      : [
          {
            path: ['members', 'enforce', place],
            at: 'value',
            message: `found ${show(account)}, which sweep.accounts does not name, expected one of those: nothing is judged in any other`,
          },
        ],
  )
}

/** What is wrong with the members beyond the shape of each key. */
export const memberFaults = (file: unknown): PathFault[] => [
  ...repeated(file, ['members', 'enforce']),
  ...unswept(file),
]
