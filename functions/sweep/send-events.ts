import { type AlertPolicy, policyFor } from '../domain/alert-policy.ts'
import type { ImageRecord, RepositoryRecord } from '../domain/sweep/record.ts'
import type { Store } from '../planning/store.ts'
import { KEYS } from './contract.ts'
import { type FoundIn, lookEvent, pushEvent, scanOf, signatureOf, type Tellable } from './events.ts'
import { put, readJson } from './kept.ts'
import type { QueuedEvent, Queues } from './ports.ts'

export type Sending = Pick<FoundIn, 'id' | 'at'> & {
  readonly store: Store
  readonly queues: Queues
  readonly alerts: readonly AlertPolicy[]
  /** Whether it is for the digest to tell of the repository: it is remembered as sent then, and nothing is sent. */
  readonly isUntold?: boolean
}

type Signatures = Readonly<Record<string, string>>

/** What was sent of a repository: of its images by digest, and of itself. */
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

function pushesIn(record: RepositoryRecord, found: FoundIn, { queues }: Sending): Tellables | undefined {
  if (!queues.pushes) return undefined
  return tellables(record, (image) => {
    const signature = signatureOf(image.verdicts)
    return signature === undefined ? undefined : { signature, events: [pushEvent(found, image, signature)] }
  })
}

const newest = (images: readonly ImageRecord[]): ImageRecord | undefined =>
  images.reduce<ImageRecord | undefined>((last, one) => (last && last.pushedAt >= one.pushedAt ? last : one), undefined)

/** What is open in the repository itself, and who is sent it. @property signature undefined where nothing is open, or could be sent */
type Own = {
  readonly door: 'changes' | 'pushes'
  readonly signature: string | undefined
  readonly events: readonly QueuedEvent[]
}

/** Watch looks at repositories, also at empty ones; where it is not there, push-check does, with the newest image. */
function ownIn(record: RepositoryRecord, found: FoundIn, { queues }: Sending): Own | undefined {
  const [signature, image] = [signatureOf(record.verdicts), newest(record.images)]
  if (queues.changes)
    return { door: 'changes', signature, events: signature === undefined ? [] : [lookEvent(found, signature)] }
  if (!queues.pushes) return undefined
  if (signature === undefined || !image) return { door: 'pushes', signature: undefined, events: [] }
  return { door: 'pushes', signature, events: [pushEvent(found, image, signature)] }
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

/** What there is to tell; undefined where nobody is there to be told. */
const toTell = (record: RepositoryRecord, found: FoundIn, sending: Sending) => ({
  scans: scansIn(record, found, sending),
  pushes: pushesIn(record, found, sending),
  own: ownIn(record, found, sending),
})

/** What is remembered afterwards. */
function after({ scans, pushes, own }: ReturnType<typeof toTell>, before: Sent, record: RepositoryRecord): Sent {
  const repository = own?.signature ?? (isPartial(record) || !own ? before.repository : undefined)
  return {
    scans: scans ? remembered(scans, before.scans, record) : before.scans,
    pushes: pushes ? remembered(pushes, before.pushes, record) : before.pushes,
    ...(repository !== undefined && { repository }),
  }
}

type Events = Readonly<Record<keyof Queues, readonly QueuedEvent[]>>

const NONE: Events = { scans: [], pushes: [], changes: [] }

/** What of it was not sent before, or has changed since. */
function changedSince({ scans, pushes, own }: ReturnType<typeof toTell>, before: Sent): Events {
  const ownEvents = own && own.signature !== before.repository ? own.events : []
  const through = (door: Own['door']): readonly QueuedEvent[] => (own?.door === door ? ownEvents : [])
  return {
    scans: changedIn(scans ?? new Map(), before.scans),
    pushes: [...changedIn(pushes ?? new Map(), before.pushes), ...through('pushes')],
    changes: through('changes'),
  }
}

/**
 * Sends what has changed of a repository since the last sweep to the use cases that tell: they read again, and tell what they
 * have not told yet.
 * @returns how many events were sent
 * @throws {Unreadable} where a queue or the store cannot be reached: nothing is remembered then, and all of it is sent again
 */
export async function sendChanged(record: RepositoryRecord, sending: Sending): Promise<number> {
  const { store, queues, id, at, isUntold = false } = sending
  const { account, region, repository } = record
  const found: FoundIn = { id, at, repository: { account, region, repository } }
  const key = KEYS.sent(found.repository)
  const stored = (await readJson<Sent>(store, key)) ?? NOTHING
  // What was remembered for a digest that was never sent was told to nobody: what this one cannot tell of rings later.
  const before = isUntold ? NOTHING : stored
  const there = toTell(record, found, sending)
  const events = isUntold ? NONE : changedSince(there, before)
  for (const door of ['scans', 'pushes', 'changes'] as const)
    if (events[door].length > 0) await queues[door]?.send(events[door])
  const now = JSON.stringify(after(there, before, record))
  if (now !== JSON.stringify(stored)) await put(store, key, now)
  return Object.values(events).flat().length
}
