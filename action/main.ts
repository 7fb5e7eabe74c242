import { EXIT } from '../cli/exit.ts'
import type { Io } from '../cli/io.ts'
import { run } from '../cli/run.ts'
import { act, tellSteps } from './act.ts'
import { errorLine } from './log.ts'

const { stdout, stderr, env } = process
const io: Io = { stdout, stderr, env, cwd: env.GITHUB_WORKSPACE || process.cwd(), now: () => new Date() }

function endWith({ code }: { readonly code: number }, message: string): never {
  stderr.write(errorLine(message))
  tellSteps(code, undefined, io)
  process.exit(code)
}

// Node would end with 0 where nothing is left to wait for.
process.exitCode = EXIT.unknown.code
// The runner sends one, waits a little, then sends the other.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => endWith(EXIT.interrupted, 'Interrupted: the image was not judged to the end.'))
process.once('uncaughtException', ({ stack, message }) => endWith(EXIT.unknown, stack ?? message))

void act(run, io).then((code) => {
  process.exitCode = code
})
