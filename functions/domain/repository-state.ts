import type { Enforcements } from './enforcement.ts'
import type { RepositoryRef } from './facts/repository-facts.ts'
import { heardOf, remember, type ToldVerdicts } from './told-verdicts.ts'
import type { Verdict } from './verdict.ts'
import type { PolicyItem } from './verdict-item.ts'

/** A rule that was told as open and holds again. */
export type Fixed = {
  /** ISO 8601 instant at which it was found so. */
  readonly at: string
  /** It went with an alert. */
  readonly shown?: true
}

/** What is remembered of a repository, or of the registry. Losing it repeats alerts; it never hides one. */
export type RepositoryState = {
  readonly told: ToldVerdicts
  /** By rule, for the daily digest. */
  readonly fixed: Readonly<Record<string, Fixed>>
  readonly enforcement: Enforcements
}

export const NOTHING_TOLD: RepositoryState = { told: {}, fixed: {}, enforcement: {} }

/** How long a fixed rule is remembered. Milliseconds. */
const FIXED_FOR = 7 * 86_400_000

export const repositoryKey = ({ account, region, repository }: RepositoryRef): string =>
  `${account}/${region}/${repository}`

/** What was fixed in silence and still holds goes with the next alert. */
export function fixedSince({ fixed, told }: RepositoryState, verdicts: readonly Verdict[]): readonly PolicyItem[] {
  const isWaiting = ({ rule, outcome }: Verdict): boolean =>
    outcome === 'pass' && !told[rule] && fixed[rule] !== undefined && !fixed[rule].shown
  return verdicts.filter(isWaiting).map((verdict) => ({ verdict, change: 'gone' }))
}

/** What is known of a look at a repository. */
export type Look = {
  readonly verdicts: readonly Verdict[]
  readonly items: readonly PolicyItem[]
  readonly enforcement: Enforcements
  /** Names of every rule in force: what was told of any other is forgotten. */
  readonly inForce: readonly string[]
  readonly now: Date
}

/** Who heard of a look. */
export type Heard = {
  /** Whether somebody is told of this repository: what is new counts as told then. */
  readonly isTold: boolean
  /** Whether an alert on its verdicts went out: what was fixed is in it. */
  readonly isShown: boolean
}

function fixedAfter({ fixed }: RepositoryState, { items, verdicts, now }: Look, isShown: boolean): typeof fixed {
  const open = new Set(verdicts.filter(({ outcome }) => outcome !== 'pass').map(({ rule }) => rule))
  const left = Object.entries(fixed).filter(
    ([rule, { at }]) => !open.has(rule) && now.getTime() - Date.parse(at) < FIXED_FOR,
  )
  const gone = items
    .filter(({ change, verdict }) => change === 'gone' && !fixed[verdict.rule])
    .map(({ verdict }) => [verdict.rule, { at: now.toISOString() }] as const)
  const judged = new Set(verdicts.map(({ rule }) => rule))
  return Object.fromEntries(
    [...left, ...gone].map(([rule, one]) => [rule, isShown && judged.has(rule) ? { ...one, shown: true } : one]),
  )
}

/** What to remember after a look. Where nobody is told, what is new stays untold. */
export function rememberLook(state: RepositoryState, look: Look, { isTold, isShown }: Heard): RepositoryState {
  const heard = heardOf(look.items, look.verdicts, isTold)
  const told = Object.entries(remember(state.told, heard)).filter(([rule]) => look.inForce.includes(rule))
  return { told: Object.fromEntries(told), fixed: fixedAfter(state, look, isShown), enforcement: look.enforcement }
}
