import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { PULL, PUSH, REPLICATE, writtenActions } from '../../functions/domain/policy-document/actions.ts'
import { permitsOf } from '../../functions/domain/policy-document/allowed.ts'
import { parsePolicy } from '../../functions/domain/policy-document/parse.ts'
import type { Party } from '../../functions/domain/policy-document/party.ts'
import { trespasses } from '../../functions/domain/policy-document/trespass.ts'
import type { Fact } from '../../functions/domain/rule/fact.ts'
import { kebab } from '../../functions/domain/rule/kebab.ts'
import type { Rule } from '../../functions/domain/rule/rule.ts'
import { parameterText } from '../../functions/domain/rule/written.ts'
import { activeRule, type Given } from './all-rules.ts'
import { byName } from './spread.ts'
import { type Candidate, standingOf } from './standing.ts'

/** Rules on policies, which name those from outside who may. */
const RULES_ON_POLICIES = ['repository-policy', 'registry-policy']

const PUSHES: ReadonlySet<string> = new Set([...PULL, ...PUSH])
const NOBODY = { accounts: [], pushAccounts: [], organisations: [], networks: [], services: [] }

const isWithin = (actions: readonly string[], set: ReadonlySet<string>): boolean =>
  actions.every((action) => set.has(action.toLowerCase()))

type Naming = { readonly name: string; readonly value: string }

/** The parameter that lets a party do what it does; undefined where none does: it may do more than that. */
function parameterFor(party: Party, actions: readonly string[]): Naming | undefined {
  const pulls = isWithin(actions, PULL)
  if (party.kind === 'account') {
    if (party.isSource) return undefined
    if (pulls) return { name: 'accounts', value: party.account }
    if (isWithin(actions, PUSHES)) return { name: 'pushAccounts', value: party.account }
    return isWithin(actions, REPLICATE) ? { name: 'replicationAccounts', value: party.account } : undefined
  }
  if (!pulls) return undefined
  if (party.kind === 'organisation') return { name: 'organisations', value: party.id }
  if (party.kind === 'network') return { name: 'networks', value: party.id }
  return party.kind === 'service' ? { name: 'services', value: party.name } : undefined
}

/** What the configuration would take. */
function isWritable(rule: Rule, name: string, value: string): boolean {
  const parameter = rule.parameters[name]
  return parameter !== undefined && (parameter.kind !== 'texts' || parameter.pattern.test(value))
}

/** Of each kind, as many as a line can bear. */
const MOST = 20

const policyIn = ({ facts }: Candidate): string | undefined => {
  const fact = facts.policy as Fact<string | undefined> | undefined
  return fact && 'value' in fact ? fact.value : undefined
}

/** What each party that a policy lets in would have to be named by. */
function namingsIn(policy: string, own: RegistryRef): readonly Naming[] {
  const found = trespasses(parsePolicy(policy), ({ actions }) => writtenActions(actions), permitsOf(NOBODY, own))
  return found.flatMap(({ parties, actions }) => parties.flatMap((party) => parameterFor(party, actions) ?? []))
}

/** Those whom policies let in, by the parameter that would say that they may. */
function outsidersIn(rule: Rule, candidates: readonly Candidate[], own: RegistryRef): Given {
  const namings = candidates
    .flatMap((candidate) => namingsIn(policyIn(candidate) ?? '', own))
    .filter(({ name, value }) => isWritable(rule, name, value))
  const byParameter = Map.groupBy(namings, ({ name }) => name)
  const pairs = Object.keys(rule.parameters).flatMap((name) => {
    const named = byParameter.get(name) ?? []
    const unique = [...new Set(named.map(({ value }) => value))].toSorted(byName).slice(0, MOST)
    return unique.length > 0 ? [[name, unique] as const] : []
  })
  return Object.fromEntries(pairs)
}

const ruleText = (rule: Rule, given: Given): string => {
  const parts = Object.entries(given).map(([name, value]) => {
    const parameter = rule.parameters[name]
    return `${kebab(name)}: ${parameter ? parameterText(parameter, value) : ''}`
  })
  return `${rule.id}: { mode: report, ${parts.join(', ')} }`
}

/**
 * Who is let in from outside, as a line that can be taken into the file by whoever knows them, and what it would change;
 * nothing where nobody can be named. Nobody is trusted by it.
 */
export function outsiderNotes(rule: Rule, candidates: readonly Candidate[], own: RegistryRef): readonly string[] {
  if (!RULES_ON_POLICIES.includes(rule.id)) return []
  const given = outsidersIn(rule, candidates, own)
  if (Object.keys(given).length === 0) return []
  const before = standingOf(activeRule(rule), candidates).fails.length
  const after = standingOf(activeRule(rule, given), candidates).fails.length
  const left =
    before === 1
      ? after === 0
        ? 'it passes'
        : 'it fails'
      : `${after} of these ${before} ${after === 1 ? 'fails' : 'fail'}`
  const note = `Whom the policies let in, as far as they can be named. If all of them are yours, write this instead; ${left} then:`
  return [note, ruleText(rule, given)]
}
