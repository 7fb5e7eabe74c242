import { registryCalls } from '../../functions/adapters/registry-calls.ts'
import type { AwsError } from '../../functions/adapters/signed-aws.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { Unreadable } from '../../functions/faults.ts'
import type { Denial } from '../aws/permission.ts'
import { fatal } from '../aws/refusal.ts'
import type { Session } from '../aws/session.ts'
import { watched } from '../aws/watch.ts'
import { CommandError } from '../command-error.ts'
import { externalId } from '../external-id.ts'
import type { Io } from '../io.ts'
import { type Note, readThrough } from './calls.ts'

/** Milliseconds for one request, as scan-alert has them: a page of a thousand findings takes its time. */
const TIMEOUT = 8_000

export type LiveOptions = { readonly config: string | undefined; readonly verbose: boolean }

/** Reads of AWS with the credentials of whoever runs the command, in other accounts with the role that the stack reads by. */
export function liveCalls({ registry: home, env, patience }: Session, options: LiveOptions, io: Io) {
  const denied: { readonly registry: RegistryRef; readonly denials: Denial[] }[] = []
  let ended: CommandError | undefined
  const caller = { env, home, externalId: externalId(options.config, io), credentials: patience.credentials }
  const signed = registryCalls(caller, 'replay', TIMEOUT)
  const log = options.verbose ? (line: string): void => void io.stderr.write(`${line}\n`) : undefined
  const endsBy = (error: AwsError): undefined => {
    ended ??= fatal(error)
  }

  const callsOf = (note: Note) => (registry: RegistryRef) => {
    const denials: Denial[] = []
    denied.push({ registry, denials })
    const onDenial = (denial: Denial): void => void denials.push(denial)
    const aws = readThrough(note, registry, watched(signed(registry), { registry, onDenial, log, endsBy }))
    // A use case would take it for a fault of its own, and go on.
    return (...call: Parameters<typeof aws>) =>
      aws(...call).catch((error: unknown) => {
        if (!(error instanceof CommandError)) throw error
        ended ??= error
        throw new Unreadable(error.message, true, error)
      })
  }
  return {
    callsOf,
    denied,
    /** @throws {CommandError} where no further call would go better */
    check(): void {
      if (ended) throw ended
    },
  }
}
