import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { partitionName, registryKey } from '../domain/registry.ts'
import type { AsffFinding } from '../domain/sweep/asff.ts'
import { contentOf } from '../domain/sweep/asff.ts'
import { archive } from '../domain/sweep/hub-archive.ts'
import { type HubContext, type Imported, memoryText, parseMemory } from '../domain/sweep/hub-memory.ts'
import type { RegistryRecord, RepositoryRecord } from '../domain/sweep/record.ts'
import { imported, toAsff } from '../domain/sweep/security-hub.ts'
import type { Store } from '../planning/store.ts'
import type { ImportFailure, SecurityHub } from './ports.ts'

export type ImportDeps = {
  readonly hub: SecurityHub
  /** Of the Security Hub. */
  readonly home: RegistryRef
  /** What was sent is kept in it, below `security-hub/`. */
  readonly store: Store
  /** Of a registry; undefined where it could not be read: nothing is said of vulnerabilities then. */
  scanning(registry: RegistryRef): Promise<HubContext['scanning']>
  now(): Date
}

/** What became of the findings of one record. */
export type ImportOutcome = {
  /** New, or other than before. */
  readonly sent: number
  readonly archived: number
  readonly unchanged: number
  /** Left to the next sweep. */
  readonly left: number
  readonly failed: readonly ImportFailure[]
  readonly problem?: string
}

/** Findings of one record and sweep: 20 calls, two seconds at the ten a second that Security Hub takes. */
const AT_ONCE = 2_000

/**
 * Security Hub forgets a finding 90 days after its last update: what stays as it is, is sent again now and then. Milliseconds.
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings.html
 */
const REFRESH = 30 * 86_400_000

const prefixOf = (registry: RegistryRef): string => `security-hub/${registryKey(registry)}`

/** No repository has a name that begins with a dot. */
const keyOf = (record: RepositoryRecord | RegistryRecord): string =>
  `${prefixOf(record)}/${record.kind === 'registry' ? '.registry' : record.repository}.json`

const isArchived = ({ RecordState }: AsffFinding): boolean => RecordState === 'ARCHIVED'

/** Those that Security Hub does not have like this, or may forget. */
function toSend(findings: readonly AsffFinding[], previous: readonly Imported[], now: Date): readonly AsffFinding[] {
  const known = new Map(previous.map((one) => [one.id, one]))
  return findings.filter((finding) => {
    const before = known.get(finding.Id)
    if (isArchived(finding) || before?.content !== contentOf(finding)) return true
    return now.getTime() - Date.parse(before.sentAt) >= REFRESH
  })
}

/** What is remembered once some of what was sent was taken. */
function remembered(previous: readonly Imported[], taken: readonly AsffFinding[]): readonly Imported[] {
  const ids = new Set(taken.map(({ Id }) => Id))
  const kept = previous.filter(({ id }) => !ids.has(id))
  return [...kept, ...taken.filter((finding) => !isArchived(finding)).map(imported)]
}

type Sent = { readonly memory: readonly Imported[]; readonly outcome: ImportOutcome }

async function send(findings: readonly AsffFinding[], previous: readonly Imported[], deps: ImportDeps): Promise<Sent> {
  const wanted = toSend(findings, previous, deps.now())
  const now = wanted.slice(0, AT_ONCE)
  const { imported: ids, failed, problem } = now.length > 0 ? await deps.hub.import(now) : { imported: [], failed: [] }
  const isTaken = new Set(ids)
  const taken = now.filter(({ Id }) => isTaken.has(Id))
  const archivedCount = taken.filter(isArchived).length
  const outcome = {
    ...{ sent: taken.length - archivedCount, archived: archivedCount, unchanged: findings.length - wanted.length },
    ...{ left: wanted.length - taken.length - failed.length, failed, ...(problem !== undefined && { problem }) },
  }
  return { memory: remembered(previous, taken), outcome }
}

type Kept = Awaited<ReturnType<Store['read']>>

/** Whoever writes at the same time wins: what is not remembered is sent once more by the next sweep. */
async function keep(key: string, memory: readonly Imported[], before: Kept, { store }: ImportDeps): Promise<void> {
  const text = memoryText(memory)
  if (text === before?.text) return
  if (before === undefined) {
    if (memory.length > 0) await store.create(key, text)
  } else if (memory.length === 0) await store.remove(key, before.version)
  else await store.replace(key, text, before.version)
}

/**
 * Sends what has changed of a record since the last sweep to Security Hub, archives what is fixed, and remembers it.
 * What Security Hub does not take is told in the outcome and tried again by the next sweep.
 * @throws {Unreadable} where the store cannot be read or written
 */
export async function importRecord(
  record: RepositoryRecord | RegistryRecord,
  deps: ImportDeps,
): Promise<ImportOutcome> {
  const key = keyOf(record)
  const before = await deps.store.read(key)
  const previous = parseMemory(before?.text)
  const registry = { account: record.account, region: record.region }
  const context = {
    ...{ account: deps.home.account, region: deps.home.region, partition: partitionName(deps.home.region) },
    ...{ now: deps.now(), scanning: await deps.scanning(registry), previous },
  }
  const { memory, outcome } = await send(toAsff(record, context), previous, deps)
  await keep(key, memory, before, deps)
  return outcome
}

const sum = (a: ImportOutcome, b: ImportOutcome): ImportOutcome => ({
  ...{ sent: a.sent + b.sent, archived: a.archived + b.archived, unchanged: a.unchanged + b.unchanged },
  ...{ left: a.left + b.left, failed: [...a.failed, ...b.failed] },
  ...((a.problem ?? b.problem) ? { problem: a.problem ?? b.problem } : {}),
})

/**
 * Archives what was sent of repositories that are gone.
 * @param repositories names of all that there are: never those of a listing that did not end
 * @throws {Unreadable} where the store cannot be read or written
 */
export async function archiveGone(
  registry: RegistryRef,
  repositories: ReadonlySet<string>,
  deps: ImportDeps,
): Promise<ImportOutcome> {
  const prefix = `${prefixOf(registry)}/`
  let all: ImportOutcome = { sent: 0, archived: 0, unchanged: 0, left: 0, failed: [] }
  for (const key of await deps.store.list(prefix)) {
    const repository = key.slice(prefix.length, -'.json'.length)
    if (repository === '.registry' || repositories.has(repository)) continue
    const before = await deps.store.read(key)
    const previous = parseMemory(before?.text)
    const fixed = { ...deps.home, partition: partitionName(deps.home.region), now: deps.now() }
    const gone = previous.map((one) => archive(one, 'The repository is gone.', fixed))
    const { memory, outcome } = await send(gone, previous, deps)
    await keep(key, memory, before, deps)
    all = sum(all, outcome)
  }
  return all
}
