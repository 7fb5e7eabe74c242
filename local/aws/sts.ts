import { commonComplaints } from './complaints.ts'
import type { Principals } from './principals.ts'
import { shapeOf } from './protocol/shape.ts'
import type { Service } from './service.ts'

const input = shapeOf([3, 'sts', 'GetCallerIdentityRequest', 0, [], []])
const output = shapeOf([3, 'sts', 'GetCallerIdentityResponse', 0, ['UserId', 'Account', 'Arn'], [0, 0, 0]])

/**
 * GetCallerIdentity alone; it needs no permission.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export const stsService = (account: string, principals: Principals): Service => ({
  name: 'sts',
  protocol: 'query',
  target: '',
  jsonVersion: '1.1',
  errorNamespace: '',
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  operations: new Map([['GetCallerIdentity', { name: 'GetCallerIdentity', input, output }]]),
  handlers: {
    GetCallerIdentity: (_: object, { accessKeyId }) => ({
      UserId: accessKeyId,
      Account: account,
      Arn: principals.arnOf(accessKeyId),
    }),
  },
  complaints: commonComplaints(),
  denied: { code: 'AccessDenied', status: 403 },
  requires: () => [],
})
