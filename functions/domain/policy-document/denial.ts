import { includesAction } from './actions.ts'
import { exemption } from './confinement.ts'
import { isForAllResources, type PolicyDocument, type Statement } from './parse.ts'

/** Whether it is about everyone, but for some who are named by a condition or by `NotPrincipal`. */
function isForEveryone(statement: Statement): boolean {
  const { parties, isNotPrincipal, conditions } = statement
  const namesAll = parties.some(({ kind }) => kind === 'everyone')
  return (
    namesAll !== isNotPrincipal &&
    isForAllResources(statement) &&
    conditions.every((condition) => exemption(condition) !== undefined)
  )
}

/** Whether a policy denies an action to everyone, also in the account itself; to some who are named it may be left. */
export const denies = ({ statements }: PolicyDocument, action: string): boolean =>
  statements.some(
    (statement) => statement.effect === 'Deny' && includesAction(statement.actions, action) && isForEveryone(statement),
  )

const STATEMENT = { Sid: 'DenyDeletion', Effect: 'Deny', Principal: '*' } as const

/** A policy that denies these actions to everyone too. Without a text, a policy of that alone. */
export function withDenial(text: string | undefined, actions: readonly string[]): string {
  const policy = text === undefined ? { Version: '2012-10-17', Statement: [] } : JSON.parse(text)
  const statements = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement]
  return JSON.stringify({ ...policy, Statement: [...statements, { ...STATEMENT, Action: actions }] })
}
