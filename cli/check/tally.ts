import { counted, grouped } from '../../functions/domain/counted.ts'
import { isOpen, type Verdict } from '../../functions/domain/verdict.ts'
import type { Judged, Subject } from '../../functions/judging/subject.ts'
import type { Denial } from '../aws/permission.ts'
import type { Exit } from '../exit.ts'
import type { Missing } from './subjects.ts'

/** What a subject, or one rule on it, comes to; worst first. `unasked`: no rule is in force for it. */
export const STATES = ['fail', 'unknown', 'excepted', 'pass', 'notApplicable', 'unasked'] as const

export type State = (typeof STATES)[number]

export function stateOf(verdict: Verdict): State {
  const { outcome } = verdict
  if (outcome === 'fail' || outcome === 'unknown') return isOpen(verdict) ? outcome : 'excepted'
  return outcome === 'pass' ? 'pass' : 'notApplicable'
}

/** What all rules on one subject come to. */
export function worstOf({ verdicts }: Judged): State {
  const states = new Set(verdicts.map(stateOf))
  return STATES.find((state) => states.has(state)) ?? 'unasked'
}

type Counts<K extends string> = Readonly<Record<K, number>>

/** How many were judged, by kind, and what they came to. */
export type Totals = Counts<Subject['kind']> & Counts<State>

export type Tally = {
  add(judged: Judged): void
  totals(): Totals
}

export function createTally(): Tally {
  const kinds = { registry: 0, repository: 0, image: 0 }
  const totals = { ...kinds, fail: 0, unknown: 0, excepted: 0, pass: 0, notApplicable: 0, unasked: 0 }
  return {
    add(judged) {
      totals[judged.subject.kind] += 1
      totals[worstOf(judged)] += 1
    },
    totals: () => ({ ...totals }),
  }
}

/** How a run ended, for its report. */
export type Summary = {
  readonly totals: Totals
  readonly missing: readonly Missing[]
  readonly denials: readonly Denial[]
}

/** Subjects there were, and for none a rule was in force: what asks nothing must not look like a pass. */
export const isNothingAsked = ({ registry, repository, image, unasked }: Totals): boolean =>
  unasked > 0 && unasked === registry + repository + image

/**
 * The exit of a check. A fail is certain, so nothing unknown hides it; and nothing unknown is a pass. What a permission
 * would make known comes before what only time would.
 */
export function exitOf({ totals, missing, denials }: Summary): Exclude<Exit, 'interrupted' | 'closed'> {
  if (totals.fail > 0) return 'fail'
  if (isNothingAsked(totals)) return 'usage'
  if (totals.unknown + missing.length === 0) return 'pass'
  return denials.length > 0 ? 'access' : 'unknown'
}

const PLURALS: Readonly<Record<Subject['kind'], readonly [string, string]>> = {
  registry: ['registry', 'registries'],
  repository: ['repository', 'repositories'],
  image: ['image', 'images'],
}

/** `1,000 repositories` */
export const countInWords = (count: number, kind: Subject['kind']): string => counted(count, ...PLURALS[kind])

const kindsInWords = (totals: Totals): string =>
  (['registry', 'repository', 'image'] as const)
    .filter((kind) => totals[kind] > 0)
    .map((kind) => countInWords(totals[kind], kind))
    .join(', ')

const WORDS: Readonly<Record<State, string>> = {
  ...{ fail: 'fail', unknown: 'unknown', excepted: 'excepted', pass: 'pass' },
  ...{ notApplicable: 'not applicable', unasked: 'without a rule' },
}

/** `12 repositories: 3 fail, 1 unknown, 2 excepted, 6 pass` */
export function totalsInWords({ totals, missing }: Pick<Summary, 'totals' | 'missing'>): string {
  const kinds = kindsInWords(totals)
  const counts = STATES.filter((state) => totals[state] > 0).map((state) => `${grouped(totals[state])} ${WORDS[state]}`)
  const all = missing.length > 0 ? [...counts, `${missing.length} not judged`] : counts
  return kinds === '' ? 'Nothing was judged' : `${kinds}: ${all.join(', ')}`
}
