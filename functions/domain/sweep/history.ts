import * as v from 'valibot'
import { SEVERITIES, type Severity } from '../severity.ts'
import { SweepReportSchema, TrendPointSchema } from './report.ts'

const VERSION = 1

/** Distinct findings that are remembered by name. An estate has some ten thousand. */
const KEYS = 200_000

const RepositorySchema = v.object({
  /** Verdicts that fail, by rule. */
  fails: v.array(v.tuple([v.string(), v.number()])),
  /** Findings by severity: places in `keys`, each as its distance from the one before. */
  findings: v.array(v.tuple([v.picklist(SEVERITIES), v.string()])),
})

const HistorySchema = v.object({
  version: v.literal(VERSION),
  /** Sweep that wrote it: its report may be made again, against what it was made against. */
  id: v.string(),
  since: SweepReportSchema.pipe[0].entries.since,
  /** Oldest first, that sweep last. */
  trend: v.array(TrendPointSchema),
  /** Scores by owner; those before that sweep are kept for making its report again. */
  owners: v.array(v.tuple([v.string(), v.number()])),
  ownersBefore: v.array(v.tuple([v.string(), v.number()])),
  /** Findings by id and package. */
  keys: v.array(v.string()),
  /** Whether there were more of them: which of the others are new is not known then. */
  isCut: v.boolean(),
  /** What was there, by registry and repository: lists of pairs, since names may be anything. */
  repositories: v.array(v.tuple([v.string(), RepositorySchema])),
})

type Written = v.InferOutput<typeof HistorySchema>

/**
 * What sweeps leave for the next one. Plain JSON, a few megabytes for 10,000 repositories: `JSON.stringify` writes it.
 * Null: there was none.
 */
export type History = Written | null

/** A history as it was written. What cannot be read, or is of another version, is none. */
export function parseHistory(text: string | undefined): History {
  try {
    const read = v.safeParse(HistorySchema, JSON.parse(text ?? 'null'))
    return read.success ? read.output : null
  } catch {
    return null
  }
}

/** What is known of a repository: findings as `id|package`, with their severity. */
export type Remembered = {
  readonly fails: ReadonlyMap<string, number>
  readonly findings: ReadonlyMap<string, Severity>
}

/** `0 3 1`: 0, 3, 4. */
function* placesOf(text: string): Generator<number> {
  let place = 0
  for (const distance of text.split(' ')) {
    place += Number(distance)
    yield place
  }
}

const textOf = (places: readonly number[]): string =>
  places
    .toSorted((a, b) => a - b)
    .map((place, at, all) => place - (all[at - 1] ?? 0))
    .join(' ')

/** Reads what a history knows of repositories. Each is taken out of its compact form when it is asked for. */
export function recall(history: History) {
  const repositories = new Map(history?.repositories)
  const keys = history?.keys ?? []
  return {
    names: (): Iterable<string> => repositories.keys(),
    of(name: string): Remembered | undefined {
      const written = repositories.get(name)
      if (!written) return undefined
      const findings = written.findings.flatMap(([severity, text]) =>
        [...placesOf(text)].flatMap((place) => {
          const key = keys[place]
          return key === undefined ? [] : [[key, severity] as const]
        }),
      )
      return { fails: new Map(written.fails), findings: new Map(findings) }
    },
  }
}

/** Writes what is known of repositories, compactly. */
export function createMemory() {
  const places = new Map<string, number>()
  const repositories: Written['repositories'] = []
  let isCut = false
  const placeOf = (key: string): number[] => {
    const known = places.get(key)
    if (known !== undefined) return [known]
    if (places.size >= KEYS) {
      isCut = true
      return []
    }
    places.set(key, places.size)
    return [places.size - 1]
  }
  return {
    remember(name: string, { fails, findings }: Remembered): void {
      const bySeverity = Map.groupBy(findings, ([, severity]) => severity)
      const texts = [...bySeverity].map(([severity, some]): [Severity, string] => [
        severity,
        textOf(some.flatMap(([key]) => placeOf(key))),
      ])
      repositories.push([name, { fails: [...fails], findings: texts.filter(([, text]) => text !== '') }])
    },
    written: (): Pick<Written, 'keys' | 'isCut' | 'repositories'> => ({
      keys: [...places.keys()],
      isCut,
      repositories,
    }),
  }
}

/** What a sweep leaves. */
export const historyOf = (written: Omit<Written, 'version'>): Written => ({ version: VERSION, ...written })
