import { evidenceWhenNeeded } from '../../functions/adapters/evidence-reading.ts'
import { registryAccess } from '../../functions/adapters/registry-access.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { READ_ROLE } from '../../functions/in-use/contract.ts'
import type { SweepConfig } from '../../functions/sweep/contract.ts'
import type { OpenRegistry } from '../../functions/sweep/ports.ts'
import type { Denial } from '../aws/permission.ts'
import { expired } from '../aws/refusal.ts'
import type { Session } from '../aws/session.ts'
import { watched } from '../aws/watch.ts'
import { permissionLines } from '../check/rest.ts'
import { externalId } from '../external-id.ts'
import type { Io } from '../io.ts'
import { oneLine } from '../terminal.ts'

type Denied = { readonly registry: RegistryRef; readonly denials: Denial[] }

/** The registries of a sweep, and what was refused in each of them up to now. */
export type Registries = { readonly open: OpenRegistry; readonly denied: readonly Denied[] }

export type Opening = {
  readonly rate: number | undefined
  readonly verbose: boolean
  readonly config: string | undefined
}

/** Registries as whoever runs the command may call them: its own account with its credentials, others with their roles. */
export function openRegistries(
  { registry: home, env, patience, aws }: Session,
  config: SweepConfig,
  options: Opening,
  io: Io,
): Registries {
  const denied: Denied[] = []
  const log = options.verbose ? (line: string): void => void io.stderr.write(`${line}\n`) : undefined
  const open = registryAccess({
    ...{ env, home, rate: options.rate ?? config.sweep.rate, credentials: patience.credentials, now: io.now },
    ...{ externalId: externalId(options.config, io), config },
    evidence: config.vouching && evidenceWhenNeeded(config.vouching, aws),
    watch(calls, registry) {
      const denials: Denial[] = []
      denied.push({ registry, denials })
      // A region that is not switched on refuses credentials that are good elsewhere: that is no reason to stop.
      return watched(calls, { registry, log, onDenial: (denial) => void denials.push(denial), endsBy: expired })
    },
  })
  return { open, denied }
}

/** The permissions that would help, on stderr: each with whom to give it to. */
export function tellDenied(denied: readonly Denied[], home: RegistryRef, { stderr }: Io): void {
  for (const one of denied) {
    const { account } = one.registry
    const caller = account === home.account ? undefined : `the role ${READ_ROLE} of account ${account}`
    for (const line of permissionLines(one, caller)) stderr.write(`${oneLine(line)}\n`)
  }
}
