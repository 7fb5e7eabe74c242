import type { Evidence } from '../rule/judgement.ts'
import { PULL, PUSH, REPLICATE } from './actions.ts'
import { confinement } from './confinement.ts'
import type { Party } from './party.ts'
import type { Trespass } from './trespass.ts'

/** Longest that is shown of a text from a policy, and the most of a list. */
const LONGEST = 80
const MOST = 5

const short = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text)

const list = (items: readonly string[]): string => {
  const shown = [...new Set(items)].map(short)
  const more = shown.length - MOST
  return more > 0 ? `${shown.slice(0, MOST).join(', ')} and ${more} more` : shown.join(', ')
}

function partyInWords(party: Party): string {
  if (party.kind === 'everyone') return 'everyone with an AWS account'
  if (party.kind === 'account')
    return party.isSource ? `services for account ${party.account}` : `account ${party.account}`
  if (party.kind === 'organisation') return `organisation ${party.id}`
  if (party.kind === 'network') return `everyone in ${party.id}`
  if (party.kind === 'service') return `${party.name} for any account`
  return `an unknown principal (${party.text})`
}

const KINDS: readonly (readonly [string, ReadonlySet<string>])[] = [
  ['pull', PULL],
  ['push', new Set([...PULL, ...PUSH])],
  ['replicate', REPLICATE],
]

const actionsInWords = (actions: readonly string[]): string =>
  KINDS.find(([, set]) => actions.every((action) => set.has(action.toLowerCase())))?.[0] ?? `do ${list(actions)}`

const deed = (parties: readonly Party[], actions: readonly string[]): string =>
  `${list(parties.map(partyInWords))} may ${actionsInWords(actions)}`

/** Names of services stay as they are. */
const capital = (text: string): string =>
  text.replace(/^[a-z]+(?= )/, (word) => word.slice(0, 1).toUpperCase() + word.slice(1))

/** One sentence for those who may do the same: `Account 999999999999, account 888888888888 may push.` */
export function trespassesInWords(found: readonly Trespass[]): string {
  const byActions = new Map<string, Party[]>()
  for (const { parties, actions } of found) {
    const what = actionsInWords(actions)
    byActions.set(what, [...(byActions.get(what) ?? []), ...parties])
  }
  return [...byActions]
    .map(([what, parties]) => `${capital(list(parties.map(partyInWords)))} may ${what}.`)
    .slice(0, MOST)
    .join(' ')
}

/** Conditions that do not say who is confined: they are not counted. */
const uncounted = ({ statement }: Trespass): string => {
  const keys = statement.conditions.filter((condition) => !confinement(condition)).map(({ key }) => key)
  return keys.length > 0 ? `; not counted: conditions on ${list(keys)}` : ''
}

export const trespassEvidence = (found: readonly Trespass[]): readonly Evidence[] =>
  found.slice(0, 2 * MOST).map((trespass) => ({
    name: `Statement ${short(trespass.statement.name)}`,
    value: `${deed(trespass.parties, trespass.actions)}${uncounted(trespass)}`,
  }))
