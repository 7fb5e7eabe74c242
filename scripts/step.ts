import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/** One thing that `npm run check` looks at. */
export type Step = {
  readonly name: string
  readonly command: readonly [string, ...string[]]
  readonly env?: Readonly<Record<string, string>>
  /** Why it cannot run on this machine, where it cannot. */
  readonly skip?: () => string | undefined
  /** What of the output is worth a look although all is well: a table, a closing line. */
  readonly tell?: (output: string) => readonly string[]
}

export type Result = {
  readonly name: string
  readonly state: 'passed' | 'failed' | 'skipped'
  readonly seconds: number
  readonly output: string
  readonly told: readonly string[]
}

export const ROOT = join(import.meta.dirname, '..')

/** The tools of node_modules come first, as in an npm script. */
const PATH = [join(ROOT, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter)

type Ended = { readonly code: number; readonly output: string }

/** Runs a command in the root of the repository; output and errors come as one text, in their order. */
function run([command, ...args]: Step['command'], env: Step['env']): Promise<Ended> {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk) => chunks.push(chunk))
  child.stderr.on('data', (chunk) => chunks.push(chunk))
  // Colours that a tool forces would hide its words from those who look for them.
  const output = () => stripVTControlCharacters(Buffer.concat(chunks).toString())
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 127, output: `${command}: ${error.message}` }))
    child.on('close', (code) => resolve({ code: code ?? 1, output: output() }))
  })
}

/** Runs one step; never throws. */
export async function runStep(step: Step): Promise<Result> {
  const { name, command, env, skip, tell = () => [] } = step
  const reason = skip?.()
  if (reason !== undefined) return { name, state: 'skipped', seconds: 0, output: reason, told: [] }
  const start = performance.now()
  const { code, output } = await run(command, env)
  const seconds = (performance.now() - start) / 1_000
  return { name, state: code === 0 ? 'passed' : 'failed', seconds, output, told: tell(output) }
}
