import { matches } from './pattern.ts'
import type { WriteOperation } from './rule/remedy.ts'
import type { Rule, SubjectKind } from './rule/rule.ts'
import { ruleOf } from './rulebook.ts'
import type { Severity } from './severity.ts'

export const MODES = ['off', 'report', 'enforce'] as const

/** What becomes of a fail: nothing, a word, or a remedy and a word. */
export type Mode = (typeof MODES)[number]

/** One rule of one entry of `steward.yaml`, with its parameters complete. Plain JSON: it is built into the functions. */
export type RuleSetting = {
  readonly rule: string
  readonly mode: Mode
  /** In place of the rule's own. */
  readonly severity?: Severity
  readonly parameters: Readonly<Record<string, unknown>>
  /** Whether an image that fails it loses its tags to tags of quarantine. Absent: no. */
  readonly quarantine?: true
  /** In `steward.yaml`, from 1. */
  readonly line: number
}

/** One entry of `policy`: what is asked of which repositories and of their images. */
export type PolicyEntry = { readonly repositories: readonly string[]; readonly rules: readonly RuleSetting[] }

/** What is asked of the registry itself, and who is told. */
export type RegistryPolicy = {
  readonly rules: readonly RuleSetting[]
  /** Names under `channels`. */
  readonly slack: readonly string[]
}

/** A rule that is in force for a subject. */
export type ActiveRule = {
  readonly rule: Rule
  readonly mode: Exclude<Mode, 'off'>
  readonly severity: Severity
  readonly parameters: Readonly<Record<string, unknown>>
  /** As of the setting. */
  readonly quarantine?: true
  readonly line: number
}

function activate({ rule: id, mode, severity, parameters, quarantine, line }: RuleSetting): ActiveRule[] {
  const rule = ruleOf(id)
  if (!rule || mode === 'off') return []
  return [{ rule, mode, severity: severity ?? rule.severity, parameters, ...(quarantine && { quarantine }), line }]
}

/** The first setting of each rule, in the order in which they come. */
const firsts = (settings: readonly RuleSetting[]): RuleSetting[] =>
  [...new Map(settings.toReversed().map((setting) => [setting.rule, setting])).values()].toReversed()

/**
 * The rules on `about` that are in force for a repository: for each rule, the first entry decides that matches the
 * repository and names the rule. So narrow entries come first, and may switch a rule off.
 */
export function rulesFor(
  policy: readonly PolicyEntry[],
  repository: string,
  about: Exclude<SubjectKind, 'registry'>,
): readonly ActiveRule[] {
  const matching = policy.filter(({ repositories }) => repositories.some((pattern) => matches(pattern, repository)))
  return firsts(matching.flatMap(({ rules }) => rules))
    .flatMap(activate)
    .filter(({ rule }) => rule.about === about)
}

export const registryRulesOf = ({ rules }: RegistryPolicy): readonly ActiveRule[] => rules.flatMap(activate)

/** What the rules need, or are helped by. */
export const needsOf = (rules: readonly ActiveRule[]): ReadonlySet<string> =>
  new Set(rules.flatMap(({ rule }) => [...rule.needs, ...rule.helpedBy]))

/** What some rule needs, or is helped by, that is in force somewhere. */
export const neededAnywhere = (policy: readonly PolicyEntry[]): ReadonlySet<string> =>
  needsOf(policy.flatMap(({ rules }) => rules.flatMap(activate)))

/** What enforcing needs to be allowed: operations, with the patterns of the repositories that they may be called on. */
export type Writes = ReadonlyMap<WriteOperation, readonly string[]>

/** Nothing, unless some rule is in `enforce`. An entry may allow more than is in force where a narrower one precedes it. */
export function writesFor(policy: readonly PolicyEntry[]): Writes {
  const writes = new Map<WriteOperation, string[]>()
  for (const { repositories, rules } of policy)
    for (const { rule } of rules.filter(({ mode }) => mode === 'enforce').flatMap(activate))
      for (const operation of rule.writes)
        writes.set(operation, [...new Set([...(writes.get(operation) ?? []), ...repositories])])
  return writes
}

/** Patterns of the repositories in which images may come into quarantine. As of `writesFor`, an entry may allow more than is in force. */
export const quarantinedIn = (policy: readonly PolicyEntry[]): readonly string[] => [
  ...new Set(
    policy
      .filter(({ rules }) => rules.flatMap(activate).some(({ quarantine }) => quarantine))
      .flatMap(({ repositories }) => repositories),
  ),
]
