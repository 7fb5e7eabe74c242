import { setTimeout as pause } from 'node:timers/promises'
import { writingCalls } from '../../functions/adapters/hands.ts'
import { ecrHoldings } from '../../functions/adapters/holdings.ts'
import { dynamoJournal } from '../../functions/adapters/journal.ts'
import { dynamoMemory, readTold } from '../../functions/adapters/memory.ts'
import { registryCalls } from '../../functions/adapters/registry-calls.ts'
import { type AwsCall, AwsError, signedAws } from '../../functions/adapters/signed-aws.ts'
import { tagHands } from '../../functions/adapters/tag-hands.ts'
import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { Unreadable } from '../../functions/faults.ts'
import type { Memory } from '../../functions/memory.ts'
import type { Holdings } from '../../functions/planning/ports.ts'
import type { QuarantineHands } from '../../functions/policy/quarantine/ports.ts'
import { TIMEOUT_SECONDS } from '../../functions/push-check/contract.ts'
import { type ImageState, isForGood } from '../../functions/push-check/image-state.ts'
import type { Session } from '../aws/session.ts'
import { externalId } from '../external-id.ts'
import type { Io } from '../io.ts'
import type { StateTable } from './table.ts'

/** What it takes to release images of a registry. */
export type Opened = {
  readonly holdings: Pick<Holdings, 'describe'>
  readonly hands: QuarantineHands
  /** What is remembered of a subject, for showing. @throws {Unreadable} */
  readonly peek: (subject: string) => Promise<ImageState | undefined>
  readonly memory: Memory<ImageState>
}

/** Milliseconds. */
const TIMEOUT = 20_000

/** Where there is no stack, nothing is remembered, and nothing would heed it. */
const NOTHING: Pick<Opened, 'peek' | 'memory'> = {
  peek: async () => undefined,
  memory: {
    claim: async () => ({ told: undefined, keep: async () => {}, mark: async () => {}, release: async () => {} }),
  },
}

/** Calls that read, and that write, in the registry: in another account than that of the stack by the roles there. */
function callsIn({ registry, env, patience, aws }: Session, home: RegistryRef, id: string | undefined) {
  if (registry.account === home.account) return { reads: aws, writes: aws }
  const { credentials } = patience
  const caller = { env, home, externalId: id, ...(credentials && { credentials }) }
  return { reads: registryCalls(caller, 'release')(registry), writes: writingCalls(caller, 'release')(registry) }
}

const unreadable = (error: unknown, table: string): unknown =>
  error instanceof AwsError
    ? new Unreadable(`DynamoDB answered ${error.code} for the table ${table}`, !error.transient, error)
    : error

/** Faults of the table in the words of everything else. */
const told =
  (aws: AwsCall, table: string): AwsCall =>
  async (service, operation, input) => {
    try {
      return await aws(service, operation, input)
    } catch (error) {
      // What is held by another invocation is told by this very error.
      if (error instanceof AwsError && error.code === 'ConditionalCheckFailedException') throw error
      throw unreadable(error, table)
    }
  }

export function openRelease(
  session: Session,
  table: StateTable | undefined,
  config: string | undefined,
  io: Io,
): Opened {
  const { registry, env, patience, aws } = session
  const home = table?.home ?? registry
  const { reads, writes } = callsIn(
    session,
    home,
    registry.account === home.account ? undefined : externalId(config, io),
  )
  const opened = { holdings: ecrHoldings(reads, registry.region) }
  const tags = tagHands(reads, writes, registry.region)
  if (!table) {
    const journal = { intend: async () => {}, close: async () => {} }
    return { ...opened, ...NOTHING, hands: { tags, journal, pause } }
  }
  const own = home.region === registry.region ? aws : signedAws({ ...env, AWS_REGION: home.region }, TIMEOUT, patience)
  const calls = told(own, table.name)
  return {
    ...opened,
    hands: { tags, journal: dynamoJournal(calls, table.name), pause },
    peek: (subject) => readTold<ImageState>(calls, table.name, subject),
    memory: dynamoMemory<ImageState>(calls, table.name, TIMEOUT_SECONDS, isForGood),
  }
}
