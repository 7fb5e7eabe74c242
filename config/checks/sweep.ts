import { pathText, show } from '../fault.ts'
import type { PathFault } from '../shape.ts'
import { items, member } from './walk.ts'

/** What a list names again: was something else meant? */
function repeated(section: unknown, key: string): PathFault[] {
  const path = ['sweep', key]
  const written = items(member(section, key))
  return written.flatMap((value, place): PathFault[] => {
    const first = written.indexOf(value)
    if (typeof value !== 'string' || first === place) return []
    const message = `found ${show(value)} again, which ${pathText([...path, first])} names, expected each once: was another one meant?`
    return [{ path: [...path, place], at: 'value', message }]
  })
}

/** What is wrong with the sweep beyond the shape of each key. */
export function sweepFaults(file: unknown): PathFault[] {
  const section = member(file, 'sweep')
  return [...repeated(section, 'regions'), ...repeated(section, 'accounts')]
}
