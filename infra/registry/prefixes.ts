import { Token } from 'aws-cdk-lib'
import { hasNameForm } from '../../functions/domain/new-repository/name.ts'
import { quoted } from '../../functions/domain/new-repository/refusal.ts'
import type { Refusal } from '../refuse.ts'

/** Without the slash at the end, so that what is equal to ECR is equal here. */
export const withoutSlash = (prefix: string): string => prefix.replace(/\/$/, '')

/**
 * What ECR would refuse of a prefix of cache rules and templates, which is made as a name. A slash may end it, and says nothing: ECR puts one
 * there anyway.
 * @param least and most characters
 */
export function prefixRefusal(
  prop: string,
  prefix: string,
  [least, most]: readonly [number, number],
): Refusal | undefined {
  if (Token.isUnresolved(prefix)) return undefined
  if (prefix.length < least || prefix.length > most)
    return { prop, why: `${quoted(prefix)} has ${prefix.length} characters`, write: `${least} to ${most} of them` }
  if (hasNameForm(withoutSlash(prefix))) return undefined
  return {
    prop,
    why: `${quoted(prefix)} begins no name of a repository`,
    write: 'lower-case letters and digits, with one of . _ - between them, and / between namespaces: cache/docker-hub',
  }
}
