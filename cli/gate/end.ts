import { rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { GateResult } from '../../functions/domain/gate/result.ts'
import { shortDigest } from '../../functions/domain/image.ts'
import type { Session } from '../aws/session.ts'
import { permissionLines } from '../check/rest.ts'
import { CommandError } from '../command-error.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import { oneLine, painter } from '../terminal.ts'

/** How it ends. What a permission would make known is no matter of leniency. */
export function exitOf({ verdict, lenient }: GateResult, { denials }: Pick<Session, 'denials'>): Exit {
  if (verdict !== 'unknown') return verdict
  if (denials.length > 0) return 'access'
  return lenient ? 'pass' : 'unknown'
}

/** What is not part of the result, and has to be seen. */
export function tellAround(result: GateResult, exit: Exit, session: Session, { stderr }: Io): void {
  const { moved, image, verdict } = result
  const paint = painter(stderr)
  const say = (label: string, text: string): void =>
    void stderr.write(`${paint(['red', 'bold'], label)} ${oneLine(text)}\n`)
  if (moved !== undefined)
    say(
      'moved:',
      `${image.repository}:${image.tag} names ${shortDigest(moved)} by now; ${shortDigest(image.digest)} was judged.`,
    )
  if (exit === 'pass' && verdict === 'unknown')
    say('LET THROUGH WITHOUT BEING JUDGED:', `--on-unknown pass. ${result.reasons.join(' ')}`)
  if (exit === 'access') for (const line of permissionLines(session)) stderr.write(`${oneLine(line)}\n`)
}

/** @throws {CommandError} */
function onFile(work: () => void): void {
  try {
    work()
  } catch (error) {
    throw new CommandError('unknown', `The digest could not be written: ${(error as Error).message}`)
  }
}

/** Nobody is to deploy what passed before, whatever goes wrong now. @throws {CommandError} */
export const removeDigest = (file: string, { cwd }: Io): void =>
  onFile(() => rmSync(resolve(cwd, file), { force: true }))

/** The digest for the step that deploys. @throws {CommandError} where it cannot be written */
export const writeDigest = (file: string, { image }: GateResult, { cwd }: Io): void =>
  onFile(() => writeFileSync(resolve(cwd, file), `${image.digest}\n`))
