import type { Lineage } from '../domain/ancestry/lineage.ts'
import type { ImageRecord, NotJudged, RecordedFinding, RepositoryRecord, SweepRecord } from '../domain/sweep/record.ts'
import type { Store } from '../planning/store.ts'
import { KEYS, type ListedRepository, type ListedTarget } from './contract.ts'
import { itemsOf } from './kept.ts'

/** An image as its line has it: what it shares with others is there by its number. */
type WrittenImage = Omit<ImageRecord, 'findings' | 'lineage'> & {
  readonly findings: readonly number[]
  readonly lineage?: Omit<Lineage, 'platforms'> & { readonly platforms: readonly (readonly number[])[] }
}

/** A repository as its line has it: what many of its images have is there once, and each of them has its numbers. */
type WrittenRepository = Omit<RepositoryRecord, 'images'> & {
  readonly findings: readonly RecordedFinding[]
  readonly layers: readonly string[]
  readonly images: readonly WrittenImage[]
}

type Written = WrittenRepository | Exclude<SweepRecord, RepositoryRecord>

/** Numbers things in the order in which they come. */
function numbering<T>() {
  const numbers = new Map<T, number>()
  return {
    numberOf(one: T): number {
      const number = numbers.get(one) ?? numbers.size
      numbers.set(one, number)
      return number
    },
    all: (): readonly T[] => [...numbers.keys()],
  }
}

function written(record: SweepRecord): Written {
  if (record.kind !== 'repository') return record
  const [findings, layers] = [numbering<RecordedFinding>(), numbering<string>()]
  const images = record.images.map(({ lineage, ...image }): WrittenImage => {
    const platforms = lineage?.platforms.map((some) => some.map(layers.numberOf))
    const own = { ...image, findings: image.findings.map(findings.numberOf) }
    return platforms ? { ...own, lineage: { ...lineage, platforms } } : own
  })
  return { ...record, images, findings: findings.all(), layers: layers.all() }
}

function recordFrom(line: Written): SweepRecord {
  if (line.kind !== 'repository') return line
  const { findings, layers, ...record } = line
  const from = <T>(all: readonly T[], numbers: readonly number[]) => numbers.map((number) => all[number] as T)
  const images = line.images.map(({ lineage, ...image }): ImageRecord => {
    const platforms = lineage?.platforms.map((numbers) => from(layers, numbers))
    const own = { ...image, findings: from(findings, image.findings) }
    return platforms ? { ...own, lineage: { ...lineage, platforms } } : own
  })
  return { ...record, images }
}

/** The line of a record. Findings that are the same object are written once: a hundred images of a repository are much alike. */
export const recordLine = (record: SweepRecord): string => `${JSON.stringify(written(record))}\n`

/** Texts of keys in turn, each read while the one before is worked on. */
async function* textsOf(store: Store, keys: readonly string[]): AsyncGenerator<string> {
  const read = (at: number) => {
    const key = keys[at]
    const stored = key === undefined ? undefined : store.read(key)
    // Whoever awaits it learns of its end, which may be later.
    stored?.catch(() => undefined)
    return stored
  }
  for (let [at, next] = [0, read(0)]; next; at++) {
    const current = next
    next = read(at + 1)
    yield (await current)?.text ?? ''
  }
}

async function namesIn(store: Store, id: string, target: ListedTarget): Promise<Set<string>> {
  if (target.listed === 0) return new Set()
  const list = await store.read(KEYS.repositories(id, target))
  return new Set([...itemsOf<ListedRepository>(list?.text ?? '')].map(({ repository }) => repository))
}

/**
 * All that is recorded of a target, object by object, each repository once, and then those that were listed and of which there
 * is no record: their batch did not end.
 * @throws {Unreadable} where the store cannot be reached
 */
export async function* recordsOf(store: Store, id: string, target: ListedTarget): AsyncGenerator<SweepRecord> {
  const { account, region } = target
  const left = await namesIn(store, id, target)
  const keys = await store.list(`${KEYS.recordsOf(id)}${account}/${region}/`)
  // Batches of a listing that was made again may overlap.
  for await (const text of textsOf(store, keys))
    for (const line of itemsOf<Written>(text))
      if (line.kind === 'registry' || line.repository === null || left.delete(line.repository)) yield recordFrom(line)
  for (const repository of left) {
    const missing: NotJudged = { kind: 'not-judged', account, region, repository, why: 'its batch did not end' }
    yield missing
  }
}
