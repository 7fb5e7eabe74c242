import { LeaseTaken } from '../../functions/clean-up/lease.ts'
import { removedByPlan, type Undone, undoPlan } from '../../functions/clean-up/undo.ts'
import { cleanUpCommand } from '../../functions/domain/clean-up/command.ts'
import { counted } from '../../functions/domain/counted.ts'
import { Unreadable } from '../../functions/faults.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { openSession } from '../aws/session.ts'
import { CommandError } from '../command-error.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { columnsOf, oneLine, painter } from '../terminal.ts'
import { changeDeps, storeOf } from './apply-deps.ts'
import { listLines } from './apply-report.ts'
import { asUsage, planIdOf } from './find-plan.ts'
import { exitOf, tellMissing } from './unread.ts'

export type UndoOptions = Values<typeof AWS_OPTIONS> & {
  readonly store: string | undefined
  readonly yes: boolean
  readonly json: boolean
}

const TITLES: readonly (readonly [Undone['end'], string])[] = [
  ['restored', 'BACK'],
  ['already-there', 'THERE ALREADY'],
  ['partly', 'BACK IN PART'],
  ['not-restored', 'NOT BACK'],
]

function write(images: readonly Undone[], { json }: UndoOptions, { stdout }: Io): void {
  const look = { paint: painter(stdout), width: columnsOf(stdout) }
  const lines = TITLES.flatMap(([end, title]) =>
    listLines(
      title,
      images.filter((image) => image.end === end),
      look,
    ),
  )
  stdout.write(json ? `${JSON.stringify(images)}\n` : `${lines.slice(1).join('\n')}\n`)
}

function asFault(error: unknown): unknown {
  if (error instanceof LeaseTaken) return new CommandError('unknown', error.message, 'Nothing was undone.')
  if (error instanceof Unreadable) return new CommandError('unknown', `${error.message}, so it cannot be undone now.`)
  return asUsage(error)
}

/** Brings back what a plan removed, or shows what that would be. */
export async function cleanUpUndo([word = '']: readonly string[], options: UndoOptions, io: Io): Promise<Exit> {
  const plan = planIdOf(word)
  const session = await openSession(options, io)
  const store = storeOf(options.store, session, io)
  try {
    if (!options.yes) {
      const removed = await removedByPlan(plan, { store })
      const place = options.store ?? '.ecr-steward/clean-up'
      const line = cleanUpCommand('undo', { id: plan, region: session.registry.region, store: place })
      io.stdout.write(
        `${counted(removed.length, 'image')} of plan ${plan} would be brought back. That takes --yes:\n${oneLine(line)}\n`,
      )
      return 'pass'
    }
    const { images } = await undoPlan(plan, await changeDeps(session, store, io))
    write(images, options, io)
    tellMissing([], session, io)
    const reasons = images.flatMap(({ end, why }) => (end === 'restored' || end === 'already-there' ? [] : [why]))
    return exitOf({ missing: [], reasons }, session)
  } catch (error) {
    throw asFault(error)
  }
}
