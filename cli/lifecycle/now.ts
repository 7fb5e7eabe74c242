import { show } from '../../config/fault.ts'
import { CommandError } from '../command-error.ts'
import type { Io } from '../io.ts'
import { instantOf } from './instant.ts'

/** The instant as of which is asked. @throws {CommandError} where it is none */
export function nowOf(given: string | undefined, io: Io): Date {
  if (given === undefined) return io.now()
  const at = instantOf(
    /^\d+$/.test(given) ? Number(given) : /^\d{4}-\d\d-\d\d$/.test(given) ? `${given}T00:00Z` : given,
  )
  if (at !== undefined) return new Date(at)
  throw new CommandError(
    'usage',
    `--now is ${show(given)}, which is no instant.`,
    'Expected a day (2026-12-24), a time with its offset (2026-12-24T18:00:00+01:00) or seconds since 1970.',
  )
}
