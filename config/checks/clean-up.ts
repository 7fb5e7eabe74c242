import { show } from '../fault.ts'
import type { Policies } from '../policy-files.ts'
import { isPolicyPath } from '../schema/clean-up.ts'
import type { PathFault } from '../shape.ts'
import type { StewardConfig } from '../steward-config.ts'
import { isMapping, items, member } from './walk.ts'

/** A file that is named twice has its faults at the first place alone. */
function policyFaults(section: unknown, policies: Policies): PathFault[] {
  const seen = new Set<string>()
  return items(member(section, 'policies')).flatMap((entry, index): PathFault[] => {
    const name = member(entry, 'policy')
    if (!isPolicyPath(name) || seen.has(name)) return []
    seen.add(name)
    const path = ['clean-up', 'policies', index, 'policy']
    return policies.faultsOf(name).map((message) => ({ path, at: 'value', message }))
  })
}

const NOTHING_PINNED = 'found neither tags nor digests, expected one of them, such as tags: ["v1.*"]'

const pinFaults = (inUse: unknown): PathFault[] =>
  items(member(inUse, 'pins')).flatMap((pin, index): PathFault[] => {
    if (!isMapping(pin) || Object.hasOwn(pin, 'tags') || Object.hasOwn(pin, 'digests')) return []
    return [{ path: ['clean-up', 'in-use', 'pins', index], at: 'value', message: NOTHING_PINNED }]
  })

/** Whether the use of an account is asked for cannot be answered twice. */
const accountFaults = (inUse: unknown): PathFault[] => {
  const read = new Set(items(member(inUse, 'accounts')))
  return items(member(inUse, 'ignore-accounts')).flatMap((account, place): PathFault[] =>
    typeof account === 'string' && read.has(account)
      ? [
          {
            path: ['clean-up', 'in-use', 'ignore-accounts', place],
            at: 'value',
            message: `found ${show(account)}, which is in accounts too, expected it in one of the two: is its use asked for?`,
          },
        ]
      : [],
  )
}

/** What is wrong with the clean-up beyond the shape of each key; also with the policies that it names. */
export function cleanUpFaults(file: unknown, policies: Policies): PathFault[] {
  const section = member(file, 'clean-up')
  const inUse = member(section, 'in-use')
  return [...policyFaults(section, policies), ...pinFaults(inUse), ...accountFaults(inUse)]
}

const doubt = (path: PathFault['path'], message: string): PathFault => ({ path, at: 'key', message })

/** A clean-up that is valid and yet needs a look. */
export function doubtfulCleanUp({ cleanUp }: StewardConfig): PathFault[] {
  if (!cleanUp || cleanUp.mode === 'dry-run' || cleanUp.entries.length > 0) return []
  return [doubt(['clean-up', 'mode'], 'apply, and no entry of policies says what goes: nothing is ever removed')]
}
