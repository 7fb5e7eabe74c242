import { inUseSources } from '../../functions/adapters/in-use.ts'
import type { CleanUpPolicy } from '../../functions/domain/clean-up/policy.ts'
import type { Session } from '../aws/session.ts'
import { externalId } from '../external-id.ts'
import type { Io } from '../io.ts'

/** Where images run, as the caller may look there: other accounts with the role that the caller takes. */
export function sourcesFor(
  { env, patience, registry }: Session,
  policy: CleanUpPolicy['inUse'],
  config: string | undefined,
  io: Io,
): ReturnType<typeof inUseSources> {
  const { credentials } = patience
  const caller = { ...registry, externalId: externalId(config, io), ...(credentials && { credentials }) }
  return inUseSources({ env, patience, registry, caller, policy, now: io.now })
}
