import { stripVTControlCharacters } from 'node:util'
import { UNSEEN } from '../functions/domain/unseen.ts'

/**
 * What the runner would take for a command: `::` at the beginning of a line, `##[` anywhere in it.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
const COMMAND = /^(\s*:)(?=:)|(##)(?=\[)/gm

/** Text for the log in which nothing from outside is a command: names in an image are chosen by whoever made it. */
export const harmless = (text: string): string => text.replace(COMMAND, '$1$2\u200b')

/** A stream that lets texts through one by one, changed, and is otherwise the same. */
export const through = (stream: NodeJS.WriteStream, change: (text: string) => string): NodeJS.WriteStream =>
  Object.assign(Object.create(stream) as NodeJS.WriteStream, {
    write: (text: string): boolean => stream.write(change(text)),
  })

const asData = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

/** The line that puts an error on the page of the run. */
export const errorLine = (message: string): string => `::error title=ecr-steward gate::${asData(message)}\n`

/** What the command said of its fault: its message and the next steps; its last line where it is not one of ours. */
export function faultIn(said: string): string {
  const lines = stripVTControlCharacters(said).trimEnd().split('\n')
  const at = lines.findLastIndex((line) => line.startsWith('error: '))
  const fault = at < 0 ? lines.slice(-1) : lines.slice(at)
  return fault.map((line) => line.replace(/^error: /, '').replace(UNSEEN, ' ')).join('\n')
}
