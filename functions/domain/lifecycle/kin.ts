import type { DigestColumn } from './columns/digests.ts'
import type { ChildrenOf } from './image.ts'

/** Rows that follow others: ECR neither counts nor marks them. */
export type Kin = {
  /** Whether there is such a row at all. */
  readonly some: boolean
  /** Digest of an index that is there and lists the row. */
  indexOf(row: number): string | undefined
  /** Digest of the image that the row is about, where it is there. */
  subjectOf(row: number): string | undefined
}

export type Followers = {
  readonly digests: DigestColumn
  readonly children: ChildrenOf
  /** By row, whether it is there or not. */
  readonly subjects: ReadonlyMap<number, string>
  readonly isActive: (row: number) => boolean
}

/** Which index that is active lists a digest; of several, the first that was added. */
function parents({ digests, children, isActive }: Followers): ReadonlyMap<string, string> {
  const parentOf = new Map<string, string>()
  for (const [row, index] of digests.rowsOf(children)) {
    if (!isActive(row)) continue
    for (const child of children.get(index) as readonly string[]) if (!parentOf.has(child)) parentOf.set(child, index)
  }
  return parentOf
}

/** Rows of which a map of digests knows something: what it knows. */
function byRow(digests: DigestColumn, known: ReadonlyMap<string, string>): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  for (const [row, digest] of digests.rowsOf(known)) found.set(row, known.get(digest) as string)
  return found
}

function present({ digests, subjects }: Followers): ReadonlySet<string> {
  const found = new Set<string>()
  for (const [, digest] of digests.rowsOf(new Set(subjects.values()))) found.add(digest)
  return found
}

/** Subjects that are there, of the rows that are about them. */
function subjectsThere(followers: Followers): ReadonlyMap<number, string> {
  const there = present(followers)
  return new Map([...followers.subjects].filter(([, subject]) => there.has(subject)))
}

/** Reads who follows whom, once all rows are there. */
export function kinOf(followers: Followers): Kin {
  const indexes = byRow(followers.digests, parents(followers))
  const subjects = subjectsThere(followers)
  return {
    some: indexes.size + subjects.size > 0,
    indexOf: (row) => indexes.get(row),
    subjectOf: (row) => subjects.get(row),
  }
}
