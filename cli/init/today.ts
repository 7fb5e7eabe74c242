import type { StewardConfig } from '../../config/load.ts'
import { policyFor } from '../../functions/domain/alert-policy.ts'
import { type ActiveRule, registryRulesOf, rulesFor } from '../../functions/domain/policy.ts'
import { shortName } from '../../functions/domain/registry.ts'
import {
  countFrom,
  countsFrom,
  SEVERITIES,
  type Severity,
  type SeverityCounts,
} from '../../functions/domain/severity.ts'
import type { Account, JudgedImage } from './look.ts'
import { byName, namespaceOf } from './spread.ts'
import { type Candidate, candidatesIn } from './standing.ts'

/** An image with findings that its entry of `alerts` would tell. */
export type Found = {
  /** `prod/api:1.4.2`. Text from outside. */
  readonly name: string
  readonly repository: string
  readonly counts: SeverityCounts
}

/** Messages of one namespace. */
export type Share = {
  /** As a pattern; `no namespace` for names without one. */
  readonly namespace: string
  /** Images with findings, or whose scan failed. */
  readonly scans: number
  /** Repositories, and images, that some rule fails for, or cannot be judged of. */
  readonly rules: number
}

/** What a configuration would tell of an account as it is: a message for each image, each repository, and the registry. */
export type Today = {
  readonly threshold: Severity
  /** Images whose scan is complete, of those that were looked at. */
  readonly scanned: number
  readonly images: number
  /** Worst first. */
  readonly found: readonly Found[]
  /** Images whose scan ended without a result: told whatever the threshold. */
  readonly unscannable: number
  readonly failing: { readonly registry: number; readonly repositories: number; readonly images: number }
  /** How often each rule fails or cannot be judged, most often first. */
  readonly rules: readonly { readonly rule: string; readonly count: number }[]
  /** Those with messages, most first. */
  readonly shares: readonly Share[]
}

/** By how many of the worst severity, then of the next. */
function worstFirst(a: Found, b: Found): number {
  const differences = SEVERITIES.map((severity) => (b.counts[severity] ?? 0) - (a.counts[severity] ?? 0))
  return differences.find((difference) => difference !== 0) ?? byName(a.name, b.name)
}

function foundIn({ ref, scan }: JudgedImage, { alerts }: StewardConfig): Found[] {
  const threshold = policyFor(alerts, ref.repository)?.threshold
  if (threshold === undefined || scan.state === 'failed' || countFrom(scan.counts, threshold) === 0) return []
  return [{ name: shortName(ref), repository: ref.repository, counts: countsFrom(scan.counts, threshold) }]
}

type Open = { readonly repository: string; readonly rules: readonly string[] }

/** Rules that fail or are unknown, where there is one: nobody is told of a pass. */
function openIn(candidates: readonly Candidate[], rulesOn: (repository: string) => readonly ActiveRule[]): Open[] {
  return candidates.flatMap((candidate) => {
    const verdicts = rulesOn(candidate.repository).flatMap((rule) => candidate.judge(rule) ?? [])
    const rules = verdicts.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown').map(({ rule }) => rule)
    return rules.length > 0 ? [{ repository: candidate.repository, rules }] : []
  })
}

const NO_NAMESPACE = 'no namespace'

const spaceOf = (repository: string): string => {
  const namespace = namespaceOf(repository)
  return namespace === undefined ? NO_NAMESPACE : `${namespace}/**`
}

/** @param scans repositories of images with findings, or whose scan failed */
function sharesOf(scans: readonly string[], open: readonly Open[]): readonly Share[] {
  const sums = new Map<string, { scans: number; rules: number }>()
  const add = (repository: string, more: { readonly scans: number; readonly rules: number }): void => {
    const sum = sums.get(spaceOf(repository)) ?? { scans: 0, rules: 0 }
    sums.set(spaceOf(repository), { scans: sum.scans + more.scans, rules: sum.rules + more.rules })
  }
  for (const repository of scans) add(repository, { scans: 1, rules: 0 })
  for (const { repository } of open) add(repository, { scans: 0, rules: 1 })
  return [...sums]
    .map(([namespace, sum]) => ({ namespace, ...sum }))
    .toSorted((a, b) => b.scans + b.rules - a.scans - a.rules || byName(a.namespace, b.namespace))
}

function countsOf(open: readonly Open[]): Today['rules'] {
  const all = Map.groupBy(
    open.flatMap(({ rules }) => rules),
    (rule) => rule,
  )
  return [...all]
    .map(([rule, { length: count }]) => ({ rule, count }))
    .toSorted((a, b) => b.count - a.count || byName(a.rule, b.rule))
}

/** What would be told today, had everything happened today. */
export function todayOf(account: Account, config: StewardConfig): Today {
  const all = candidatesIn(account)
  const rulesOn = (about: 'repository' | 'image') => (repository: string) => rulesFor(config.policy, repository, about)
  const [repositories, images] = [openIn(all.repository, rulesOn('repository')), openIn(all.image, rulesOn('image'))]
  const registry = openIn(all.registry, () => registryRulesOf(config.registry))
  const found = account.images.flatMap((image) => foundIn(image, config)).toSorted(worstFirst)
  const inState = (state: JudgedImage['scan']['state']): readonly string[] =>
    account.images.filter(({ scan }) => scan.state === state).map(({ ref }) => ref.repository)
  const scans = [...found.map(({ repository }) => repository), ...inState('failed')]
  return {
    threshold: config.alerts[0]?.threshold ?? 'HIGH',
    ...{ scanned: inState('complete').length, images: account.images.length },
    ...{ found, unscannable: inState('failed').length },
    failing: { registry: registry.length, repositories: repositories.length, images: images.length },
    rules: countsOf([...registry, ...repositories, ...images]),
    shares: sharesOf(scans, [...repositories, ...images]),
  }
}

/** How many messages that is in all. */
export const messagesOf = ({ found, unscannable, failing }: Today): number =>
  found.length + unscannable + failing.registry + failing.repositories + failing.images
