import { randomUUID } from 'node:crypto'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EXIT } from '../cli/exit.ts'
import type { Io } from '../cli/io.ts'
import { inert } from '../cli/workflow-commands.ts'
import type { GateResult } from '../functions/domain/gate/result.ts'
import { argvOf, InputError } from './inputs.ts'
import { errorLine, faultIn, through } from './log.ts'
import { outputLines, outputsOf } from './outputs.ts'

/** Runs a command in this process and says its exit code: `run` of cli/run.ts. */
export type Run = (argv: readonly string[], io: Io) => Promise<number>

/** Undefined where the command ended before there was anything to write. */
function resultIn(file: string): GateResult | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** Tells the later steps how it ended. */
export function tellSteps(code: number, result: GateResult | undefined, { env }: Io): void {
  if (env.GITHUB_OUTPUT) appendFileSync(env.GITHUB_OUTPUT, outputLines(outputsOf(code, result), `end-${randomUUID()}`))
}

/** Runs the gate, and puts on the page of the run why nothing was judged, where that is so. */
async function gate(run: Run, file: string, io: Io): Promise<number> {
  let said = ''
  const stderr = through(io.stderr, (text) => {
    said += text
    return text
  })
  const ended = await run(argvOf(io.env, file), { ...io, stdout: through(io.stdout, inert), stderr })
  const result = resultIn(file)
  // Nothing passes that nothing is known of.
  const code = ended === EXIT.pass.code && result === undefined ? EXIT.unknown.code : ended
  if (code !== EXIT.pass.code && result === undefined) io.stderr.write(errorLine(faultIn(said)))
  tellSteps(code, result, io)
  return code
}

/**
 * The step of a workflow: inputs from the environment, outputs to the file that the runner names.
 * @returns the exit code
 */
export async function act(run: Run, io: Io): Promise<number> {
  const folder = mkdtempSync(join(io.env.RUNNER_TEMP || tmpdir(), 'ecr-steward-'))
  try {
    return await gate(run, join(folder, 'result.json'), io)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    io.stderr.write(errorLine(error.message))
    tellSteps(EXIT.usage.code, undefined, io)
    return EXIT.usage.code
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
