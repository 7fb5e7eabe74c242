import { createHash } from 'node:crypto'
import { instant } from './envelope.ts'

/** Ids as IAM gives them to users (`AIDA…`) and roles (`AROA…`): made from the name, so that two runs agree. */
const uniqueId = (prefix: string, name: string): string =>
  `${prefix}${createHash('sha256').update(name).digest('hex').toUpperCase().slice(0, 17)}`

/**
 * Who called, as CloudTrail writes it.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function userIdentity(arn: string, accessKeyId: string, at: number): object {
  const [, accountId, kind, name = '', session = ''] =
    /^arn:[^:]*:[^:]*::(\d+):([^/]+)\/([^/]+)(?:\/(.+))?$/.exec(arn) ?? []
  if (kind !== 'assumed-role')
    return { type: 'IAMUser', principalId: uniqueId('AIDA', name), arn, accountId, accessKeyId, userName: name }
  const principalId = uniqueId('AROA', name)
  const role = `arn:aws:iam::${accountId}:role/${name}`
  return {
    type: 'AssumedRole',
    principalId: `${principalId}:${session}`,
    arn,
    accountId,
    accessKeyId,
    sessionContext: {
      sessionIssuer: { type: 'Role', principalId, arn: role, accountId, userName: name },
      attributes: { creationDate: instant(at), mfaAuthenticated: 'false' },
    },
  }
}
