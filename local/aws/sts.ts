import { commonComplaints } from './complaints.ts'
import { shapeOf } from './protocol/shape.ts'
import type { Service } from './service.ts'

const input = shapeOf([3, 'sts', 'GetCallerIdentityRequest', 0, [], []])
const output = shapeOf([3, 'sts', 'GetCallerIdentityResponse', 0, ['UserId', 'Account', 'Arn'], [0, 0, 0]])

/** How the local AWS names whoever calls with an access key. */
export const principalArn = (account: string, accessKeyId: string): string =>
  `arn:aws:iam::${account}:user/${accessKeyId}`

/**
 * GetCallerIdentity alone; it needs no permission.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export const stsService = (account: string): Service => ({
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
      Arn: principalArn(account, accessKeyId),
    }),
  },
  complaints: commonComplaints(),
  denied: { code: 'AccessDenied', status: 403 },
  requires: () => [],
})
