#!/usr/bin/env node
import './older-node.ts'
import { EXIT } from './exit.ts'
import type { Io } from './io.ts'
import { VERSION } from './version.ts'

const { stdout, stderr, env } = process

/** A reader that has seen enough, `| head`, is no fault; that not all was written must not look like a pass. */
function endOfWriting({ code, message }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') process.exit(EXIT.closed.code)
  stderr.write(`error: the result could not be written: ${message}\n`)
  process.exit(EXIT.unknown.code)
}

function interrupt(): void {
  // Progress may stand on the last line.
  if (stderr.isTTY) stderr.write('\r\u001b[2K')
  stderr.write('Interrupted.\n')
  process.exit(EXIT.interrupted.code)
}

async function main(argv: readonly string[]): Promise<void> {
  // Scripts ask for it often: nothing is loaded.
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) return void stdout.write(`${VERSION}\n`)
  const io: Io = { stdout, stderr, env, cwd: process.cwd(), now: () => new Date() }
  // A shell asks while somebody types.
  if (argv[0] === 'complete' && argv[1] === '--') {
    const { complete } = await import('./completion/complete.ts')
    // A call that took too long may still be under way.
    return void stdout.write(await complete(argv.slice(2), io), () => process.exit(EXIT.pass.code))
  }
  // Node would end with 0 where nothing is left to wait for.
  process.exitCode = EXIT.unknown.code
  const { run } = await import('./run.ts')
  process.exitCode = await run(argv, io)
}

/** Node would end with 1, which says that the policy says no. */
function giveUp(error: unknown): void {
  stderr.write(`${error instanceof Error ? error.stack : error}\n`)
  process.exit(EXIT.unknown.code)
}

stdout.on('error', endOfWriting)
stderr.on('error', () => process.exit(EXIT.closed.code))
process.once('SIGINT', interrupt)
process.once('uncaughtException', giveUp)
void main(process.argv.slice(2))
