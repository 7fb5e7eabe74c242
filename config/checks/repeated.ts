import { type Path, pathText, show } from '../fault.ts'
import type { PathFault } from '../shape.ts'
import { items, member } from './walk.ts'

/** What the list at a path names again: was something else meant? */
export function repeated(file: unknown, path: Path): PathFault[] {
  const written = items(path.reduce<unknown>((value, step) => member(value, String(step)), file))
  return written.flatMap((value, place): PathFault[] => {
    const first = written.indexOf(value)
    if (typeof value !== 'string' || first === place) return []
    const message = `found ${show(value)} again, which ${pathText([...path, first])} names, expected each once: was another one meant?`
    return [{ path: [...path, place], at: 'value', message }]
  })
}
