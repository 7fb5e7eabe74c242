import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Io } from '../io.ts'
import { oneLine, painter } from '../terminal.ts'

/** What a person's own program for a kind of file is started with: never by a shell. */
export function openerOf(platform: NodeJS.Platform, path: string): readonly [string, ...(readonly string[])] {
  if (platform === 'win32') return ['rundll32.exe', 'url.dll,FileProtocolHandler', path]
  return [platform === 'darwin' ? 'open' : 'xdg-open', path]
}

/** How long an opener may take to say that there is nothing to open it with. Milliseconds. */
const SOON = 1_000

/** @returns why it could not be opened, as far as the opener says so soon */
async function problemOf([command, ...words]: readonly [string, ...(readonly string[])], { env }: Io) {
  const child = spawn(command, words, { env, stdio: 'ignore', detached: true })
  child.unref()
  const soon = AbortSignal.timeout(SOON)
  try {
    const [code] = await once(child, 'exit', { signal: soon })
    return code === 0 ? undefined : `${command} ended with ${code}`
  } catch (error) {
    // It runs, as a browser does that was started by it.
    if (soon.aborted) return undefined
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? `${command} is not there` : String(error)
  }
}

/** Opens a file as a double click would. Where that cannot be done it says so: nothing fails by it. */
export async function openFile(path: string, io: Io, platform: NodeJS.Platform = process.platform): Promise<void> {
  const problem = await problemOf(openerOf(platform, path), io)
  if (problem === undefined) return
  const label = painter(io.stderr)('yellow', 'not opened:')
  io.stderr.write(`${label} ${oneLine(problem)}. Open it yourself: ${oneLine(path)}\n`)
}
