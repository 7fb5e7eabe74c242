import { bySeverity, type Severity } from '../severity.ts'

/** What one fix closes in one repository, or in all. */
export type Closes = {
  readonly findings: number
  readonly fails: number
  readonly images: number
  /** Points by severity: the more, the more it is worth. */
  readonly weight: number
  readonly severity: Severity
}

export const NOTHING: Closes = { findings: 0, fails: 0, images: 0, weight: 0, severity: 'UNDEFINED' }

export const worse = (a: Severity, b: Severity): Severity => (bySeverity(a, b) <= 0 ? a : b)

export const addCloses = (a: Closes, b: Closes): Closes => ({
  findings: a.findings + b.findings,
  fails: a.fails + b.fails,
  images: a.images + b.images,
  weight: a.weight + b.weight,
  severity: worse(a.severity, b.severity),
})

type Named = { readonly name: string; readonly weight: number }

/** Repositories that a fix names. */
const NAMED = 5

/** What a fix closes, over all repositories so far, with what its title needs. */
export type Closing<Note> = {
  readonly closes: Closes
  readonly repositories: number
  /** Those in which it closes most, first. */
  readonly most: readonly Named[]
  readonly note: Note
}

/** A part of a fix: what it closes in one repository; null: in the registry itself. */
export type Part<Note> = { readonly repository: string | null; readonly closes: Closes; readonly note: Note }

const most = (some: readonly Named[], one: Named): readonly Named[] =>
  [...some, one].toSorted((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1)).slice(0, NAMED)

function plus<Note>(before: Closing<Note> | undefined, part: Part<Note>, merge: Merge<Note>): Closing<Note> {
  const { repository, closes, note } = part
  const known = before ?? { closes: NOTHING, repositories: 0, most: [], note }
  return {
    closes: addCloses(known.closes, closes),
    repositories: known.repositories + (repository === null ? 0 : 1),
    most: repository === null ? known.most : most(known.most, { name: repository, weight: closes.weight }),
    note: before ? merge(before.note, note) : note,
  }
}

type Merge<Note> = (a: Note, b: Note) => Note

/** What fixes of one kind close. */
export type Closings<Note> = {
  readonly add: (key: string, part: Part<Note>) => void
  readonly all: () => readonly Closing<Note>[]
}

/**
 * Adds up what fixes close, with bounded memory: where there are more than twice `limit` of them, those that close least
 * so far are forgotten, down to `limit`. What is left may then be counted too low, never too high.
 */
export function createClosings<Note>(limit: number, merge: Merge<Note>): Closings<Note> {
  const closings = new Map<string, Closing<Note>>()
  const forget = (): void => {
    const least = [...closings].toSorted(([, a], [, b]) => a.closes.weight - b.closes.weight)
    for (const [key] of least.slice(0, least.length - limit)) closings.delete(key)
  }
  return {
    add(key, part) {
      closings.set(key, plus(closings.get(key), part, merge))
      if (closings.size > 2 * limit) forget()
    },
    all: () => [...closings.values()],
  }
}

/** Adds up what fixes close within one repository. */
export function createParts<Note>(repository: string | null, merge: Merge<Note>) {
  const parts = new Map<string, Part<Note>>()
  return {
    add(key: string, closes: Closes, note: Note): void {
      const before = parts.get(key)
      parts.set(key, {
        repository,
        closes: before ? addCloses(before.closes, closes) : closes,
        note: before ? merge(before.note, note) : note,
      })
    },
    entries: (): Iterable<[string, Part<Note>]> => parts,
  }
}
