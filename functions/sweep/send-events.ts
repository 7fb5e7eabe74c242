import { type AlertPolicy, policyFor } from '../domain/alert-policy.ts'
import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { ImageRecord, RepositoryRecord } from '../domain/sweep/record.ts'
import type { Store } from '../planning/store.ts'
import { KEYS } from './contract.ts'
import { type FoundIn, pushEvent, scanOf, signatureOf, type Tellable } from './events.ts'
import { put, readJson } from './kept.ts'
import type { QueuedEvent, Queues } from './ports.ts'

export type Sending = {
  /** Of the sweep. */
  readonly id: string
  readonly store: Store
  readonly queues: Queues
  readonly alerts: readonly AlertPolicy[]
  /** The registry that is ours: pushes into others are none of push-check's business. */
  readonly home: RegistryRef
}

type Signatures = Readonly<Record<string, string>>

/** What was sent of a repository, by digest. */
type Sent = { readonly scans: Signatures; readonly pushes: Signatures; readonly repository?: string }

const NOTHING: Sent = { scans: {}, pushes: {} }

type Tellables = ReadonlyMap<string, Tellable>

/** By the digest that the record names. */
function tellables(record: RepositoryRecord, of: (image: ImageRecord) => Tellable | undefined): Tellables {
  const all = record.images.flatMap((image) => {
    const tellable = of(image)
    return tellable ? [[image.digest, tellable] as const] : []
  })
  return new Map(all)
}

function scansIn(record: RepositoryRecord, found: FoundIn, { queues, alerts }: Sending): Tellables | undefined {
  if (!queues.scans) return undefined
  const policy = policyFor(alerts, record.repository)
  return policy ? tellables(record, (image) => scanOf(found, image, policy.threshold)) : new Map()
}

function pushesIn(record: RepositoryRecord, found: FoundIn, { queues, home }: Sending): Tellables | undefined {
  if (!queues.pushes || record.account !== home.account || record.region !== home.region) return undefined
  return tellables(record, (image) => {
    const signature = signatureOf(image.verdicts)
    return signature === undefined ? undefined : { signature, events: [pushEvent(found, image, signature)] }
  })
}

const changedIn = (now: Tellables, before: Signatures): QueuedEvent[] =>
  [...now].flatMap(([digest, { signature, events }]) => (before[digest] === signature ? [] : events))

/** Whether something of it may be missing in the record. */
const isPartial = ({ unread, omitted }: RepositoryRecord): boolean => unread.length > 0 || omitted !== undefined

/** What could not be read is not known to be gone. */
function remembered(now: Tellables, before: Signatures, record: RepositoryRecord): Signatures {
  const unread = new Set(record.images.filter(({ scan }) => scan === 'unread').map(({ digest }) => digest))
  const stays = Object.entries(before).filter(([digest]) => isPartial(record) || unread.has(digest))
  const told = [...now].map(([digest, { signature }]) => [digest, signature] as const)
  return Object.fromEntries([...stays, ...told])
}

const newest = (images: readonly ImageRecord[]): ImageRecord | undefined =>
  images.reduce<ImageRecord | undefined>((last, one) => (last && last.pushedAt >= one.pushedAt ? last : one), undefined)

/** What is open in the repository itself is told with its newest image. */
function ofRepository(record: RepositoryRecord, found: FoundIn): Tellable | undefined {
  const [signature, image] = [signatureOf(record.verdicts), newest(record.images)]
  return signature !== undefined && image ? { signature, events: [pushEvent(found, image, signature)] } : undefined
}

/** What there is to tell; undefined where nobody is there to be told. */
function toTell(record: RepositoryRecord, found: FoundIn, sending: Sending) {
  const [scans, pushes] = [scansIn(record, found, sending), pushesIn(record, found, sending)]
  return { scans, pushes, own: pushes && ofRepository(record, found) }
}

/** What is remembered afterwards. */
function after({ scans, pushes, own }: ReturnType<typeof toTell>, before: Sent, record: RepositoryRecord): Sent {
  const repository = own?.signature ?? (isPartial(record) || !pushes ? before.repository : undefined)
  return {
    scans: scans ? remembered(scans, before.scans, record) : before.scans,
    pushes: pushes ? remembered(pushes, before.pushes, record) : before.pushes,
    ...(repository !== undefined && { repository }),
  }
}

/**
 * Sends what has changed of a repository since the last sweep to the use cases that tell: they read again, and tell what they
 * have not told yet.
 * @returns how many events were sent
 * @throws {Unreadable} where a queue or the store cannot be reached: nothing is remembered then, and all of it is sent again
 */
export async function sendChanged(record: RepositoryRecord, sending: Sending): Promise<number> {
  const { store, queues, id } = sending
  const { account, region, repository } = record
  const found: FoundIn = { id, repository: { account, region, repository } }
  const key = KEYS.sent(found.repository)
  const before = (await readJson<Sent>(store, key)) ?? NOTHING
  const there = toTell(record, found, sending)
  const own = there.own && there.own.signature !== before.repository ? there.own.events : []
  const toScans = changedIn(there.scans ?? new Map(), before.scans)
  const toPushes = [...changedIn(there.pushes ?? new Map(), before.pushes), ...own]
  if (toScans.length > 0) await queues.scans?.send(toScans)
  if (toPushes.length > 0) await queues.pushes?.send(toPushes)
  const now = JSON.stringify(after(there, before, record))
  if (now !== JSON.stringify(before)) await put(store, key, now)
  return toScans.length + toPushes.length
}
