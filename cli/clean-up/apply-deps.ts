import { randomUUID } from 'node:crypto'
import { ecrHoldings } from '../../functions/adapters/holdings.ts'
import { readInventory } from '../../functions/adapters/in-use.ts'
import { ecrRegistry } from '../../functions/adapters/registry-reader.ts'
import { ecrHands } from '../../functions/adapters/removal-hands.ts'
import { AwsError, signedPost } from '../../functions/adapters/signed-aws.ts'
import type { ApplyDeps, ChangeDeps } from '../../functions/clean-up/going.ts'
import type { CleanUpPolicy } from '../../functions/domain/clean-up/policy.ts'
import type { Store } from '../../functions/planning/store.ts'
import { callerArn } from '../aws/account.ts'
import type { Session } from '../aws/session.ts'
import type { Io } from '../io.ts'
import { sourcesFor } from './in-use-sources.ts'
import { openStore } from './open-store.ts'

/** Where the journal is kept unless told otherwise. */
const FOLDER = '.ecr-steward/clean-up'

/** Milliseconds. */
const TIMEOUT = 20_000

/** The store that is meant, with a word on what a folder cannot do. */
export function storeOf(place: string | undefined, session: Session, io: Io): Store {
  const store = openStore(place ?? FOLDER, session, io)
  if (place === undefined)
    io.stderr.write(
      `The journal, the lease and the stop switch are in ${FOLDER}, on this machine alone: --store s3://… shares them with the stack.\n`,
    )
  return store
}

/** Role or user, for the journal. What STS does not say is no reason to stop. */
export async function whoCalls({ env, patience: { credentials }, registry }: Session): Promise<string> {
  try {
    return await callerArn(signedPost(env, TIMEOUT, credentials && { credentials }))
  } catch (error) {
    if (error instanceof AwsError) return `somebody of account ${registry.account}`
    throw error
  }
}

/** What it takes to change the registry of a session. */
export async function changeDeps(session: Session, store: Store, { now }: Io): Promise<ChangeDeps> {
  const { registry, aws } = session
  return {
    ...{ registry, store, now, run: randomUUID(), who: await whoCalls(session) },
    ...{ holdings: ecrHoldings(aws, registry.region), hands: ecrHands(aws, registry.region) },
  }
}

/** The same with what is in use. */
export async function applyDeps(
  session: Session,
  store: Store,
  { inUse, config }: { readonly inUse: CleanUpPolicy['inUse']; readonly config: string | undefined },
  io: Io,
): Promise<ApplyDeps> {
  const { registry, aws } = session
  const sources = sourcesFor(session, inUse, config, io)
  return {
    ...{ ...(await changeDeps(session, store, io)), inUse },
    readInventory: () => readInventory(sources, io.now),
    registryPolicy: () => ecrRegistry(aws, registry.region).policy(registry),
  }
}
