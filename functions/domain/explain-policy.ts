import { type Exception, isExpired, isIn } from './exception.ts'
import { matches } from './pattern.ts'
import type { Mode, PolicyEntry, RuleSetting } from './policy.ts'
import type { Rule } from './rule/rule.ts'
import { RULES } from './rulebook.ts'
import type { Severity } from './severity.ts'

/** What an entry of `policy` says of a rule. `entry` counts from 0, lines from 1. */
export type Say = { readonly entry: number; readonly line: number; readonly mode: Mode }

/** An exception that may apply in a repository, to all or some of its images. */
export type PossibleException = { readonly exception: Exception; readonly isExpired: boolean }

/** A rule as it is decided for a repository and its images. */
export type RuleExplanation = Say & {
  readonly rule: Rule
  readonly severity: Severity
  readonly parameters: Readonly<Record<string, unknown>>
  /** Whether an image that fails it comes into quarantine. */
  readonly quarantine?: true
  /** Later entries that match and name the rule too: they decide nothing. */
  readonly overridden: readonly Say[]
  readonly exceptions: readonly PossibleException[]
}

export type PolicyExplanation = {
  readonly repository: string
  /** Also those that are off, in the order of the rulebook. */
  readonly rules: readonly RuleExplanation[]
  /** Rules on repositories and images that no matching entry names. */
  readonly unnamed: readonly Rule[]
  readonly exceptionsOnFindings: readonly PossibleException[]
}

type Policies = { readonly policy: readonly PolicyEntry[]; readonly exceptions: readonly Exception[] }

type Setting = RuleSetting & { readonly entry: number }

const settingsFor = (policy: readonly PolicyEntry[], repository: string): readonly Setting[] =>
  policy.flatMap(({ repositories, rules }, entry) =>
    repositories.some((pattern) => matches(pattern, repository)) ? rules.map((setting) => ({ ...setting, entry })) : [],
  )

const say = ({ entry, line, mode }: Setting): Say => ({ entry, line, mode })

/**
 * What is asked of a repository and of its images: which entry decides on each rule, what it overrides, and which exceptions may apply.
 * @param now decides which exceptions have expired
 */
export function explainPolicy({ policy, exceptions }: Policies, repository: string, now: Date): PolicyExplanation {
  const settings = Map.groupBy(settingsFor(policy, repository), ({ rule }) => rule)
  const here = exceptions
    .filter((exception) => isIn(exception, repository))
    .map((exception) => ({ exception, isExpired: isExpired(exception, now) }))
  const explain = (rule: Rule): RuleExplanation[] => {
    const [first, ...others] = settings.get(rule.id) ?? []
    if (!first) return []
    const { severity = rule.severity, parameters, quarantine } = first
    const own = here.filter(({ exception }) => exception.rule === rule.id)
    const asked = { severity, parameters, ...(quarantine && { quarantine }) }
    return [{ rule, ...say(first), ...asked, overridden: others.map(say), exceptions: own }]
  }
  return {
    repository,
    rules: RULES.flatMap(explain),
    unnamed: RULES.filter(({ id, about }) => about !== 'registry' && !settings.has(id)),
    exceptionsOnFindings: here.filter(({ exception }) => exception.finding !== undefined),
  }
}
