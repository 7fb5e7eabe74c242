import { includesAll } from './actions.ts'
import { confinement, exemption } from './confinement.ts'
import { isForAllResources, type PolicyDocument, type Statement } from './parse.ts'
import type { Party } from './party.ts'

/** Whether a party may do something, by what the configuration says. */
export type Permits = (party: Party, action: string) => boolean

/** What a statement lets somebody do who may not. */
export type Trespass = {
  readonly statement: Statement
  /** Those whom it lets in; each of them may be one of several. */
  readonly parties: readonly Party[]
  readonly actions: readonly string[]
}

/** Lists of parties: whoever is let in is in each list. */
type Audience = readonly (readonly Party[])[]

const EVERYONE = { kind: 'everyone' } as const

const isEveryone = ({ kind }: Party): boolean => kind === 'everyone'

/** A service says less than for whom it works. */
const isWide = (party: Party): boolean => isEveryone(party) || party.kind === 'service'

/** `Deny` for everyone who is none of some parties, in everything: who is let in by any statement is one of them. */
function denialConfinement(statement: Statement): readonly Party[] | undefined {
  const { effect, parties, isNotPrincipal, actions, conditions } = statement
  const [condition, ...others] = conditions
  if (effect !== 'Deny' || isNotPrincipal || !parties.some(isEveryone)) return undefined
  if (!condition || others.length > 0 || !includesAll(actions) || !isForAllResources(statement)) return undefined
  return exemption(condition)
}

/** Whether a caller of an account can be one of the parties; somebody else may be anybody. */
const canBe = (caller: Party, parties: readonly Party[]): boolean =>
  caller.kind !== 'account' ||
  parties.some((party) => party.kind !== 'account' || party.isSource || party.account === caller.account)

/** Everyone whom a statement lets in, by whom it names. */
function audiencesOf(statement: Statement, confinements: Audience): readonly Audience[] {
  const named = statement.isNotPrincipal ? [EVERYONE] : statement.parties
  return named
    .filter((party) => confinements.every((parties) => canBe(party, parties)))
    .map((party) => [[party], ...confinements])
}

const trespassOf = (
  statement: Statement,
  audience: Audience,
  actions: readonly string[],
  permits: Permits,
): Trespass | undefined => {
  const beyond = actions.filter(
    (action) => !audience.some((parties) => parties.every((party) => permits(party, action))),
  )
  if (beyond.length === 0) return undefined
  const narrowest =
    audience.find((parties) => !parties.some(isWide)) ?? audience.find((parties) => !parties.some(isEveryone))
  const parties = (narrowest ?? [EVERYONE]).filter((party) => beyond.some((action) => !permits(party, action)))
  return { statement, parties, actions: beyond }
}

const known = <T>(values: readonly (T | undefined)[]): readonly T[] => values.filter((value) => value !== undefined)

/**
 * What a policy lets people do who may not. Whom a condition does not confine for certain is let in; a `Deny` counts only
 * where it leaves out parties that are known. So nobody who is let in is missed, and somebody may be named who is not.
 * @param actionsOf actions of a statement that are asked about
 */
export function trespasses(
  { statements }: PolicyDocument,
  actionsOf: (statement: Statement) => readonly string[],
  permits: Permits,
): readonly Trespass[] {
  const denials = known(statements.map(denialConfinement))
  return statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap((statement) => {
      const confinements = [...known(statement.conditions.map(confinement)), ...denials]
      const actions = actionsOf(statement)
      return known(
        audiencesOf(statement, confinements).map((audience) => trespassOf(statement, audience, actions, permits)),
      )
    })
}

/** Whether everyone may: no condition that is known confines them. */
export const isPublic = ({ parties }: Trespass): boolean => parties.some(isEveryone)
