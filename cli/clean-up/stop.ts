import { clearStopSwitch, setStopSwitch } from '../../functions/clean-up/stop-switch.ts'
import { Unreadable } from '../../functions/faults.ts'
import type { AWS_OPTIONS } from '../aws/aws-options.ts'
import { openSession } from '../aws/session.ts'
import { CommandError } from '../command-error.ts'
import type { Exit } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Values } from '../option.ts'
import { oneLine } from '../terminal.ts'
import { storeOf, whoCalls } from './apply-deps.ts'

type StoreOptions = Values<typeof AWS_OPTIONS> & { readonly store: string | undefined }

async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw error instanceof Unreadable ? new CommandError('unknown', `${error.message}.`, 'Nothing was changed.') : error
  }
}

/** Keeps every clean-up of the registry from removing anything more. */
export async function cleanUpStop(
  options: StoreOptions & { readonly reason: string | undefined },
  io: Io,
): Promise<Exit> {
  const session = await openSession(options, io)
  const store = storeOf(options.store, session, io)
  const reason = options.reason ?? 'no reason is given'
  const wanted = { reason, by: await whoCalls(session), at: io.now().toISOString() }
  const stop = await told(setStopSwitch(store, wanted))
  const line = `Nothing is removed any more from ${session.registry.account} in ${session.registry.region}: stopped by ${stop.by} at ${stop.at}: ${stop.reason}`
  io.stdout.write(`${oneLine(line)}\n`)
  io.stdout.write('A batch that is under way ends. clean-up resume lets them run again.\n')
  return 'pass'
}

/** Lets clean-ups run again. */
export async function cleanUpResume(options: StoreOptions, io: Io): Promise<Exit> {
  const session = await openSession(options, io)
  const stop = await told(clearStopSwitch(storeOf(options.store, session, io)))
  const line = stop
    ? `Clean-ups may run again. ${stop.by} had stopped them at ${stop.at}: ${stop.reason}`
    : 'Nothing had stopped them.'
  io.stdout.write(`${oneLine(line)}\n`)
  return 'pass'
}
