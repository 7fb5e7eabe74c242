import type { Finding } from './finding.ts'
import { matches } from './pattern.ts'

/** What an exception is about: which repositories, tags or digest. */
type Scope = {
  readonly repositories: readonly string[]
  /** Wildcards; without any, every image. */
  readonly tags?: readonly string[]
  readonly digest?: string
}

/** A finding or a rule that someone has agreed to live with, for a while. Plain JSON: it is built into the functions. */
export type Exception = Scope & {
  /** Id of a finding, `CVE-2026-1234`, or name of a rule; exactly one of the two. */
  readonly finding?: string
  readonly rule?: string
  /** Of a finding. */
  readonly package?: string
  readonly reason: string
  readonly owner: string
  /** Last UTC day on which it holds: `2027-01-31`. */
  readonly expires: string
  /** In `steward.yaml`, from 1. */
  readonly line: number
}

/** The repository, or the image, that something was found in. */
export type Place = { readonly repository: string; readonly tags?: readonly string[]; readonly digest?: string }

/** The exception that holds, or one that would if it had not expired. */
export type Excepted =
  | { readonly state: 'excepted'; readonly exception: Exception }
  | { readonly state: 'expired'; readonly exception: Exception }

export const isExpired = ({ expires }: Exception, now: Date): boolean => now.toISOString().slice(0, 10) > expires

/** Whether it is about a repository, or about some of its images. */
export const isIn = ({ repositories }: Exception, repository: string): boolean =>
  repositories.some((pattern) => matches(pattern, repository))

/** Whether it is about this place. One with tags or a digest is about images alone. */
function covers(exception: Exception, place: Place): boolean {
  const { tags, digest } = exception
  if (!isIn(exception, place.repository)) return false
  if (digest !== undefined && digest !== place.digest) return false
  return tags === undefined || (place.tags ?? []).some((tag) => tags.some((pattern) => matches(pattern, tag)))
}

function first(candidates: readonly Exception[], now: Date): Excepted | undefined {
  const active = candidates.find((exception) => !isExpired(exception, now))
  if (active) return { state: 'excepted', exception: active }
  const latest = candidates.toSorted((a, b) => b.expires.localeCompare(a.expires))[0]
  return latest && { state: 'expired', exception: latest }
}

export const isOnRule = (exception: Exception, rule: string, place: Place): boolean =>
  exception.rule === rule && covers(exception, place)

export const isOnFinding = (exception: Exception, finding: Finding, place: Place): boolean =>
  exception.finding === finding.id &&
  (exception.package ?? finding.package) === finding.package &&
  covers(exception, place)

/** What is agreed on a rule at a place. */
export const onRule = (exceptions: readonly Exception[], rule: string, place: Place, now: Date) =>
  first(
    exceptions.filter((exception) => isOnRule(exception, rule, place)),
    now,
  )

/** What is agreed on a finding at a place. */
export const onFinding = (exceptions: readonly Exception[], finding: Finding, place: Place, now: Date) =>
  first(
    exceptions.filter((exception) => isOnFinding(exception, finding, place)),
    now,
  )

const sorted = (texts: readonly string[] | undefined): readonly string[] => [...new Set(texts)].sort()

/** Names what an exception is about: the same for two that differ in reason, owner and end alone. */
export const exceptionKey = (about: Omit<Exception, 'reason' | 'owner' | 'expires' | 'line'>): string => {
  const { rule, finding, package: name, repositories, tags, digest } = about
  return JSON.stringify([rule, finding, name, sorted(repositories), sorted(tags), digest])
}
