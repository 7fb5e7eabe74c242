import { stripVTControlCharacters } from 'node:util'
import { oneLine } from '../cli/terminal.ts'
import { annotate } from '../cli/workflow-commands.ts'

/** A stream that lets texts through one by one, changed, and is otherwise the same. */
export const through = (stream: NodeJS.WriteStream, change: (text: string) => string): NodeJS.WriteStream =>
  Object.assign(Object.create(stream) as NodeJS.WriteStream, {
    write: (text: string): boolean => stream.write(change(text)),
  })

/** The line that puts an error on the page of the run. */
export const errorLine = (message: string): string =>
  annotate({
    level: 'error',
    title: 'ecr-steward gate',
    message: message
      .split('\n')
      .map((line) => oneLine(line))
      .join('\n'),
  })

/** What the command said of its fault: its message and the next steps; its last line where it is not one of ours. */
export function faultIn(said: string): string {
  const lines = stripVTControlCharacters(said).trimEnd().split('\n')
  const at = lines.findLastIndex((line) => line.startsWith('error: '))
  const fault = at < 0 ? lines.slice(-1) : lines.slice(at)
  return fault.map((line) => line.replace(/^error: /, '')).join('\n')
}
