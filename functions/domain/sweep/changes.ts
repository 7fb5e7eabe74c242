import type { Severity, SeverityCounts } from '../severity.ts'
import { increase, isExcepted } from './counting.ts'
import { createMemory, type History, type Remembered, recall } from './history.ts'
import type { RecordedFinding, RegistryRecord, RepositoryRecord, RuleCount } from './record.ts'
import type { SweepReport } from './report.ts'

type Changed = Pick<NonNullable<SweepReport['since']>, 'newFails' | 'fixedFails' | 'newFindings' | 'fixedFindings'>

/** What was seen of a repository, or of a registry, with what keeps something that is missing from being mended. */
type Sighting = Remembered & {
  readonly unknowns: ReadonlyMap<string, number>
  /** Keys of findings that are excepted: they are neither there nor mended. */
  readonly excepted: ReadonlySet<string>
  /** Whether all was read: only then what is missing is mended. */
  readonly isWhole: boolean
}

const byRule = (rules: readonly RuleCount[], outcome: 'fail' | 'unknown'): ReadonlyMap<string, number> =>
  new Map(rules.filter((count) => count[outcome] > 0).map((count) => [count.rule, count[outcome]]))

function exceptedIn({ images }: RepositoryRecord): ReadonlySet<string> {
  const keys = new Set<string>()
  for (const { findings } of images)
    for (const finding of findings) if (isExcepted(finding)) keys.add(`${finding.id}|${finding.package}`)
  return keys
}

/** A scan that is pending, or could not be read, hides what the image had, and so does a record that was too long. */
const isWhole = ({ unread, omitted, images }: RepositoryRecord): boolean =>
  unread.length === 0 && omitted === undefined && images.every(({ scan }) => scan !== 'pending' && scan !== 'unread')

const sightingOf = (record: RepositoryRecord, distinct: ReadonlyMap<string, RecordedFinding>): Sighting => ({
  fails: byRule(record.rules, 'fail'),
  unknowns: byRule(record.rules, 'unknown'),
  findings: new Map([...distinct].map(([key, { severity }]) => [key, severity])),
  excepted: exceptedIn(record),
  isWhole: isWhole(record),
})

const sightingOfRegistry = ({ rules, unread }: RegistryRecord): Sighting => ({
  fails: byRule(rules, 'fail'),
  unknowns: byRule(rules, 'unknown'),
  findings: new Map(),
  excepted: new Set(),
  isWhole: unread.length === 0,
})

const GONE: Sighting = {
  ...{ fails: new Map(), unknowns: new Map(), findings: new Map(), excepted: new Set() },
  isWhole: true,
}

const NEVER: Remembered = { fails: new Map(), findings: new Map() }

/** Adds up what is new and what is mended. */
function createTally(isCut: boolean) {
  const [fresh, fixed] = [new Map<Severity, number>(), new Map<Severity, number>()]
  let [newFails, fixedFails] = [0, 0]

  /** What failed and is not known now still fails. @returns what is to be remembered */
  function compareFails(before: Remembered, now: Sighting): ReadonlyMap<string, number> {
    const kept = new Map<string, number>()
    for (const rule of new Set([...before.fails.keys(), ...now.fails.keys()])) {
      const [was, is] = [before.fails.get(rule) ?? 0, now.fails.get(rule) ?? 0]
      const hidden = now.isWhole ? (now.unknowns.get(rule) ?? 0) : Number.POSITIVE_INFINITY
      const left = Math.max(is, Math.min(was, is + hidden))
      newFails += Math.max(0, is - was)
      fixedFails += Math.max(0, was - left)
      if (left > 0) kept.set(rule, left)
    }
    return kept
  }

  function compareFindings(before: Remembered, now: Sighting): ReadonlyMap<string, Severity> {
    const kept = new Map(now.findings)
    for (const [key, severity] of now.findings) if (!before.findings.has(key) && !isCut) increase(fresh, severity)
    for (const [key, severity] of before.findings) {
      if (now.findings.has(key) || now.excepted.has(key)) continue
      if (now.isWhole) increase(fixed, severity)
      else kept.set(key, severity)
    }
    return kept
  }

  return {
    compare: (before: Remembered, now: Sighting): Remembered => ({
      fails: compareFails(before, now),
      findings: compareFindings(before, now),
    }),
    changed: (): Changed => ({
      ...{ newFails, fixedFails },
      newFindings: Object.fromEntries(fresh) as SeverityCounts,
      fixedFindings: Object.fromEntries(fixed) as SeverityCounts,
    }),
  }
}

/** What is known of a name that the last sweep knew and this one has not seen. */
export type Fate = 'gone' | 'not-judged' | 'not-asked'

/**
 * Compares each repository with what the last sweep saw of it, and keeps that for the next one. Exact for each repository:
 * findings by id and package, fails by how many of a rule; only where an estate has more than 200,000 distinct findings,
 * those beyond are not remembered, and none is called new.
 */
export function createChanges(history: History) {
  const [before, memory, tally] = [recall(history), createMemory(), createTally(history?.isCut ?? false)]
  const seen = new Set<string>()
  const compare = (name: string, sighting: Sighting): void => {
    seen.add(name)
    memory.remember(name, tally.compare(before.of(name) ?? NEVER, sighting))
  }
  const missing = (name: string, fate: Fate): void => {
    const known = before.of(name)
    if (!known || fate === 'not-asked') return
    if (fate === 'gone') tally.compare(known, GONE)
    else memory.remember(name, known)
  }
  return {
    add: (name: string, record: RepositoryRecord, distinct: ReadonlyMap<string, RecordedFinding>): void =>
      compare(name, sightingOf(record, distinct)),
    addRegistry: (name: string, record: RegistryRecord): void => compare(name, sightingOfRegistry(record)),
    /** To be called once, after all records. */
    end(fateOf: (name: string) => Fate) {
      for (const name of before.names()) if (!seen.has(name)) missing(name, fateOf(name))
      return { changed: tally.changed(), written: memory.written() }
    },
  }
}
