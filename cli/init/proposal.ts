import { isPattern } from '../../config/schema/repositories.ts'
import type { Rule } from '../../functions/domain/rule/rule.ts'
import { RULES } from '../../functions/domain/rulebook.ts'
import { activeRule, type Given, isAskable } from './all-rules.ts'
import type { Account } from './look.ts'
import { outsiderNotes } from './outsiders.ts'
import { shownParameters } from './shown-parameters.ts'
import { byName, namespaceOf } from './spread.ts'
import { type Candidate, candidatesIn, holdsForAll, isJudged, type Standing, standingOf } from './standing.ts'

/** A rule of an entry, as it is to be written. */
export type Proposed = {
  readonly rule: Rule
  readonly mode: 'report' | 'enforce'
  /** Parameters that differ from the rule's own. */
  readonly given: Given
  /** What it says of all that the entry decides for; undefined where there is nothing yet. */
  readonly standing?: Standing
  /** Whether it could be enforced as it is written, and would change nothing today. */
  readonly isReady: boolean
  /** What is to be said before it, a line each. Text from outside. */
  readonly notes: readonly string[]
}

export type Entry = {
  readonly patterns: readonly string[]
  /** How many match. */
  readonly repositories: number
  readonly rules: readonly Proposed[]
}

/** A rule that is not written, and what it says all the same. */
export type LeftOut = Proposed & { readonly standing: Standing }

export type Proposal = {
  /** The last is for everything. */
  readonly entries: readonly Entry[]
  readonly registry: readonly Proposed[]
  readonly leftOut: readonly LeftOut[]
}

/** Entries beside the last: what a reader can take in. */
const MOST_ENTRIES = 4
/** Namespaces of one entry. */
const MOST_PATTERNS = 8
/** How many have to pass, so that what they have in common is no chance. */
const LEAST = 2

const PRODUCTION = /^(?:prod|prd|production|live)$/

type Proposing = { readonly account: Account; readonly enforce: boolean }

/** Whether it can be put right without parameters that nobody but an owner can know. */
const isEnforceable = ({ enforceable, parameters }: Rule): boolean =>
  enforceable && !Object.values(parameters).some(({ requiredToEnforce }) => requiredToEnforce)

/** A rule with the parameters that some show, and what it says of them then. */
function look(rule: Rule, candidates: readonly Candidate[], { account }: Proposing) {
  const { given, notes } = shownParameters(rule, candidates, account.registry.ref)
  const asked = isAskable(rule) ? candidates : []
  return { given, notes, standing: standingOf(activeRule(rule, given), asked) }
}

function propose(rule: Rule, candidates: readonly Candidate[], proposing: Proposing): Proposed {
  const { account, enforce } = proposing
  const { given, notes, standing } = look(rule, candidates, proposing)
  const isReady = isEnforceable(rule) && holdsForAll(standing) && account.unlisted === undefined
  const outsiders = standing.fails.length > 0 ? outsiderNotes(rule, candidates, account.registry.ref) : []
  return {
    ...{ rule, given, standing, isReady },
    ...{ mode: isReady && enforce ? 'enforce' : 'report', notes: [...notes, ...outsiders] },
  }
}

type Namespace = { readonly name: string; readonly repositories: number }

/** Those that a pattern can name, with more than one repository; production first, then the largest. */
function namespacesOf({ repositories }: Account): readonly Namespace[] {
  const groups = Map.groupBy(repositories, ({ ref }) => namespaceOf(ref.repository) ?? '')
  return [...groups]
    .map(([name, { length }]) => ({ name, repositories: length }))
    .filter(({ name, repositories: count }) => count >= LEAST && isPattern(`${name}/**`) && !name.includes('*'))
    .toSorted(
      (a, b) =>
        Number(PRODUCTION.test(b.name)) - Number(PRODUCTION.test(a.name)) ||
        b.repositories - a.repositories ||
        byName(a.name, b.name),
    )
}

/** All that was read, and repositories by namespace. */
const indexed = (account: Account) => {
  const all = candidatesIn(account)
  const spaces = Map.groupBy(all.repository, ({ repository }) => namespaceOf(repository) ?? '')
  const within = (names: readonly string[]): readonly Candidate[] => names.flatMap((name) => spaces.get(name) ?? [])
  return { ...all, within }
}

/** Rules that hold for all of a namespace. */
function holdingIn(
  { name }: Namespace,
  rules: readonly Rule[],
  all: Candidates,
  proposing: Proposing,
): readonly Rule[] {
  return rules.filter((rule) => {
    const { standing } = look(rule, all.within([name]), proposing)
    return holdsForAll(standing) && standing.pass >= LEAST
  })
}

type Candidates = ReturnType<typeof indexed>
type Group = { readonly names: readonly string[]; readonly repositories: number; readonly rules: readonly Rule[] }

/** Namespaces in which rules hold that do not hold everywhere: those with the same rules together. */
function groupsOf(divided: readonly Rule[], all: Candidates, proposing: Proposing): readonly Group[] {
  const holding = namespacesOf(proposing.account).map((namespace) => ({
    ...namespace,
    rules: holdingIn(namespace, divided, all, proposing),
  }))
  const alike = Map.groupBy(holding, ({ rules }) => rules.map(({ id }) => id).join(' '))
  return [...alike.values()]
    .map((some) => some.slice(0, MOST_PATTERNS))
    .map((some) => ({
      names: some.map(({ name }) => name),
      repositories: some.reduce((sum, { repositories }) => sum + repositories, 0),
      rules: some[0]?.rules ?? [],
    }))
    .filter(({ rules }) => rules.length > 0)
    .slice(0, MOST_ENTRIES)
}

/** The rules of the last entry decide for what no entry before it has named. */
function theRest(rules: readonly Rule[], groups: readonly Group[], all: Candidates, proposing: Proposing) {
  return rules.map((rule) => {
    const taken = groups.filter((group) => group.rules.includes(rule)).flatMap(({ names }) => names)
    const left = all[rule.about].filter(({ repository }) => !taken.includes(namespaceOf(repository) ?? ''))
    return propose(rule, left, proposing)
  })
}

/** What a new registry begins with. */
const STARTERS = ['tag-immutability', 'scan-on-push', 'lifecycle-policy', 'repository-policy', 'non-root-user']

const starter = (rule: Rule): Proposed => ({ rule, mode: 'report', given: {}, isReady: false, notes: [] })

const isWorthWriting = ({ standing }: Proposed): boolean => standing === undefined || isJudged(standing)

const isLeftOut = (proposed: Proposed): proposed is LeftOut => !isWorthWriting(proposed)

/** What cannot be enforced is report everywhere: entries of its own would say nothing. Of a list that ended early nothing is sure. */
function isWorthDividing(rule: Rule, all: Candidates, proposing: Proposing): boolean {
  if (rule.about !== 'repository' || !isEnforceable(rule) || proposing.account.unlisted !== undefined) return false
  const { standing } = look(rule, all.repository, proposing)
  return !holdsForAll(standing) && standing.pass >= LEAST
}

/** Without a repository nothing is divided, and nothing but the registry is judged. */
function entriesOf(all: Candidates, proposing: Proposing): Pick<Proposal, 'entries' | 'leftOut'> {
  const { repositories } = proposing.account
  if (repositories.length === 0) {
    const rules = RULES.filter(({ id }) => STARTERS.includes(id)).map(starter)
    return { entries: [{ patterns: ['**'], repositories: 0, rules }], leftOut: [] }
  }
  const rules = RULES.filter(({ about }) => about !== 'registry')
  const divided = rules.filter((rule) => isWorthDividing(rule, all, proposing))
  const groups = groupsOf(divided, all, proposing)
  const rest = theRest(rules, groups, all, proposing)
  const entries = groups.map(({ names, repositories: count, rules: own }) => ({
    ...{ patterns: names.map((name) => `${name}/**`), repositories: count },
    rules: own.map((rule) => propose(rule, all.within(names), proposing)),
  }))
  const last = { patterns: ['**'], repositories: repositories.length, rules: rest.filter(isWorthWriting) }
  return { entries: [...entries, last].filter((entry) => entry.rules.length > 0), leftOut: rest.filter(isLeftOut) }
}

/**
 * What a `steward.yaml` could ask of the account as it is: every rule that can be judged, and where it holds already.
 * @param enforce whether what holds for all, and can be put right, is enforced
 */
export function proposalFor(account: Account, enforce: boolean): Proposal {
  const [all, proposing] = [indexed(account), { account, enforce }]
  const registry = RULES.filter(({ about }) => about === 'registry').map((rule) =>
    propose(rule, all.registry, proposing),
  )
  const { entries, leftOut } = entriesOf(all, proposing)
  return { entries, registry: registry.filter(isWorthWriting), leftOut: [...leftOut, ...registry.filter(isLeftOut)] }
}
