import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import { listed } from '../../functions/domain/listed.ts'
import type { Signer } from '../../functions/domain/supply-chain/signer.ts'
import { type Denial, statementsFor } from '../aws/permission.ts'
import type { Answer } from './asking.ts'
import { type Finding, type Fix, findingsOf } from './finding.ts'
import { NEEDS, type Need, READS_KEY } from './needs.ts'

const { ok, warning, problem, unknown } = findingsOf('permissions')

/** A need of a command with what came of asking for it. */
export type Asked = Need & { readonly answer: Answer }

export type AskedCommand = { readonly command: string; readonly needs: readonly Asked[] }

/** Several needs for one action are one: always, where one of them is. */
function merged(needs: readonly Need[]): readonly Need[] {
  const byAction = new Map<string, Need>()
  for (const need of needs) {
    const before = byAction.get(need.action)
    if (!before || before.when !== undefined) byAction.set(need.action, need)
  }
  return [...byAction.values()]
}

/** What steward.yaml says that the needs of commands depend on. */
export type Asking = {
  /** Sources of clean-up.in-use that it leaves out. */
  readonly ignored: readonly string[]
  readonly signers: readonly Signer[]
}

/** What the commands need; a key of KMS where a signer has one. */
export function needsOf(
  commands: readonly string[],
  { ignored, signers }: Asking,
): ReadonlyMap<string, readonly Need[]> {
  const hasKey = signers.some(({ by }) => by === 'kms')
  const needs = (command: string): readonly Need[] =>
    merged(NEEDS[command]?.(ignored) ?? []).filter(({ action }) => hasKey || action !== READS_KEY)
  return new Map(commands.map((command) => [command, needs(command)]))
}

const nameOf = ({ action, when }: Asked): string => (when === undefined ? action : `${action} (${when})`)

const stated = (needs: readonly Asked[], state: Answer['state']): readonly Asked[] =>
  needs.filter(({ answer }) => answer.state === state)

const unaskedInWords = (needs: readonly Asked[]): string => {
  const unasked = stated(needs, 'unasked')
  const whys = [...new Set(unasked.map(({ answer }) => answer.why))]
  return unasked.length === 0
    ? ''
    : `; not known: ${listed(unasked.map(({ action }) => action))}, since ${whys.join('; ')}`
}

/** What of a command is allowed: the worst decides, and what only some of its options need is no more than a warning. */
export function commandFinding({ command, needs }: AskedCommand, hint: readonly Fix[]): Finding {
  const [denied, open] = [stated(needs, 'denied'), stated(needs, 'unknown')]
  const rest = unaskedInWords(needs)
  const missing = `not allowed: ${listed(denied.map(nameOf), 8)}`
  if (denied.some(({ when }) => when === undefined)) return problem(command, missing, ...hint)
  const whys = [...new Set(open.map(({ action, answer }) => `${action} (${answer.why})`))]
  if (open.length > 0) return unknown(command, `cannot be known: ${listed(whys, 8)}`)
  if (denied.length > 0) return warning(command, missing, ...hint)
  const count = stated(needs, 'allowed').length
  return ok(
    command,
    `${count} of ${needs.length} actions are allowed${rest}`.replace(/^(\d+) of \1 actions/, 'all $1 actions'),
  )
}

/** What is missing, as the other commands tell it. */
export const denialsOf = (answers: Iterable<Answer>): readonly Denial[] =>
  [...answers].filter(({ state }) => state === 'denied')

/** Statements to add to the policy of the caller. */
export const statementsOf = (answers: Iterable<Answer>, registry: RegistryRef): ReturnType<typeof statementsFor> =>
  statementsFor(
    denialsOf(answers).filter(({ isForbidden }) => !isForbidden),
    registry,
  )
