import { randomBytes } from 'node:crypto'
import { commonComplaints } from './complaints.ts'
import { AwsError } from './error.ts'
import type { Principals } from './principals.ts'
import { handShaped, NUMBER, STRING, TIMESTAMP } from './protocol/hand-shaped.ts'
import type { Handler, Service, Surroundings } from './service.ts'

/** STS has no client among ours; the shapes are those of its model. */
const { structure, operation } = handShaped('sts')

const OPERATIONS = new Map([
  operation('GetCallerIdentity', {}, 0, { UserId: STRING, Account: STRING, Arn: STRING }),
  operation(
    'AssumeRole',
    { RoleArn: STRING, RoleSessionName: STRING, DurationSeconds: NUMBER, ExternalId: STRING },
    2,
    {
      Credentials: structure('Credentials', {
        ...{ AccessKeyId: STRING, SecretAccessKey: STRING, SessionToken: STRING, Expiration: TIMESTAMP },
      }),
      AssumedRoleUser: structure('AssumedRoleUser', { AssumedRoleId: STRING, Arn: STRING }),
    },
  ),
])

type AssumeRole = { RoleArn: string; RoleSessionName: string; DurationSeconds?: number; ExternalId?: string }

const HOUR = 3_600
const ROLE = /^arn:[^:]+:iam::(\d{12}):role\/(?:.+\/)?([^/]+)$/

/** As for a role that does not trust the caller: STS does not tell whether there is one. */
const notAuthorized = (principal: string, role: string): AwsError =>
  new AwsError(
    'AccessDenied',
    `User: ${principal} is not authorized to perform: sts:AssumeRole on resource: ${role}`,
    403,
  )

const handlersOf = ({ clock }: Surroundings, principals: Principals): Record<string, Handler> => ({
  GetCallerIdentity: (_: object, { accessKeyId }) => ({
    ...{ UserId: accessKeyId, Account: principals.accountOf(accessKeyId), Arn: principals.arnOf(accessKeyId) },
  }),
  AssumeRole({ RoleArn, RoleSessionName, DurationSeconds = HOUR, ExternalId }: AssumeRole, { accessKeyId }) {
    const [, account, role] = ROLE.exec(RoleArn) ?? []
    if (account === undefined || role === undefined) throw new AwsError('ValidationError', `${RoleArn} is invalid`)
    if (!principals.trusts(role, account, ExternalId)) throw notAuthorized(principals.arnOf(accessKeyId), RoleArn)
    const AccessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`
    principals.assume(AccessKeyId, role, RoleSessionName, account)
    return {
      Credentials: {
        AccessKeyId,
        SecretAccessKey: randomBytes(20).toString('hex'),
        SessionToken: randomBytes(40).toString('base64url'),
        Expiration: new Date(clock.now() + DurationSeconds * 1_000),
      },
      AssumedRoleUser: { AssumedRoleId: `AROA:${RoleSessionName}`, Arn: principals.arnOf(AccessKeyId) },
    }
  },
})

/**
 * GetCallerIdentity, which needs no permission, and AssumeRole: a role that is there trusts whoever may assume it.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export const stsService = (around: Surroundings, principals: Principals): Service => ({
  name: 'sts',
  protocol: 'query',
  target: '',
  jsonVersion: '1.1',
  errorNamespace: '',
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  operations: OPERATIONS,
  handlers: handlersOf(around, principals),
  complaints: commonComplaints(),
  denied: { code: 'AccessDenied', status: 403 },
  requires: (name, { RoleArn }) =>
    name === 'AssumeRole' ? [{ action: 'sts:AssumeRole', resource: String(RoleArn) }] : [],
})
