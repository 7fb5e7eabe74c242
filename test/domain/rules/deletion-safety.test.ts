import { describe, expect, test } from 'vitest'
import { deletionSafety } from '../../../functions/domain/rules/deletion-safety.ts'
import { judge } from './facts.ts'
import { LAMBDA, policyOf, root, statement } from './policies.ts'

const deny = (change: object = {}) => ({
  Effect: 'Deny',
  Principal: '*',
  Action: ['ecr:DeleteRepository', 'ecr:BatchDeleteImage'],
  ...change,
})
const mustDeny = { explicitDeny: true }
const ADMIN = 'arn:aws:iam::123456789012:role/admin'

const cases: readonly (readonly [string, string | undefined, object, string])[] = [
  ['no policy', undefined, {}, 'pass'],
  ['pull by anybody, which is for another rule', policyOf(statement({ Principal: '*' })), {}, 'pass'],
  [
    'deletion by the account itself',
    policyOf(statement({ Principal: root('123456789012'), Action: 'ecr:*' })),
    {},
    'pass',
  ],
  ['Lambda for functions of the account itself', policyOf(LAMBDA), {}, 'pass'],
  ['deletion by an outsider', policyOf(statement({ Action: 'ecr:DeleteRepository' })), {}, 'fail'],
  ['a wildcard for an outsider', policyOf(statement({ Action: 'ecr:Batch*' })), {}, 'fail'],
  [
    'everything but one for an outsider',
    policyOf({ Effect: 'Allow', Principal: root('987654321098'), NotAction: 'ecr:PutImage' }),
    {},
    'fail',
  ],
  ['an outsider who may', policyOf(statement({ Action: 'ecr:*' })), { accounts: ['987654321098'] }, 'pass'],
  ['what is not JSON', '{', {}, 'unknown'],
  ['no policy, where deletion has to be denied', undefined, mustDeny, 'fail'],
  ['deletion that is denied', policyOf(deny()), mustDeny, 'pass'],
  [
    'deletion that is denied in two statements',
    policyOf(deny({ Action: 'ecr:Delete*' }), deny({ Action: 'ecr:BatchDeleteImage' })),
    mustDeny,
    'pass',
  ],
  ['half of it denied', policyOf(deny({ Action: 'ecr:DeleteRepository' })), mustDeny, 'fail'],
  [
    'denied to all but a role',
    policyOf(deny({ Condition: { ArnNotLike: { 'aws:PrincipalArn': ADMIN } } })),
    mustDeny,
    'pass',
  ],
  [
    'denied to all but a principal',
    policyOf(deny({ Principal: undefined, NotPrincipal: { AWS: ADMIN } })),
    mustDeny,
    'pass',
  ],
  ['denied to all but all', policyOf(deny({ Principal: undefined, NotPrincipal: '*' })), mustDeny, 'fail'],
  ['denied to none', policyOf(deny({ Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:*' } } })), mustDeny, 'fail'],
  [
    'denied at times',
    policyOf(deny({ Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } })),
    mustDeny,
    'fail',
  ],
  ['denied to one', policyOf(deny({ Principal: root('987654321098') })), mustDeny, 'fail'],
  ['denied elsewhere', policyOf(deny({ NotResource: '*' })), mustDeny, 'fail'],
]

describe('deletion-safety', () => {
  test.each(cases)('%s', (_, policy, parameters, outcome) => {
    expect(judge(deletionSafety, { policy }, { parameters: { ...parameters } })).toMatchObject({ outcome })
  })

  test('names what an outsider may', () => {
    const policy = policyOf(statement({ Action: ['ecr:BatchGetImage', 'ecr:*Policy'] }))
    expect(judge(deletionSafety, { policy })).toMatchObject({
      reason:
        'Account 987654321098 may do ecr:DeleteLifecyclePolicy, ecr:DeleteRepositoryPolicy, ecr:PutLifecyclePolicy, ecr:SetRepositoryPolicy.',
      evidence: [{ name: 'Statement AllowPull' }],
    })
  })

  test.each([
    ['a list of statements', policyOf(statement())],
    ['one statement', JSON.stringify({ Version: '2012-10-17', Statement: statement() })],
  ])('adds a Deny to the policy that is there: %s', (_, policy) => {
    const Deny = {
      Sid: 'DenyDeletion',
      Effect: 'Deny',
      Principal: '*',
      Action: ['ecr:DeleteRepository', 'ecr:BatchDeleteImage'],
    }
    const after = policyOf(statement(), Deny)
    expect(judge(deletionSafety, { policy }, { parameters: mustDeny })).toMatchObject({
      reason: 'The repository policy does not deny ecr:DeleteRepository and ecr:BatchDeleteImage.',
      fix: {
        command: `aws ecr set-repository-policy --region ap-northeast-1 --repository-name prod/api --policy-text '${after}'`,
        change: { after: JSON.stringify(JSON.parse(after), null, 2) },
      },
    })
    expect(judge(deletionSafety, { policy: after }, { parameters: mustDeny })).toMatchObject({ outcome: 'pass' })
  })

  test('makes a policy of a Deny where there is none', () => {
    expect(judge(deletionSafety, { policy: undefined }, { parameters: mustDeny })).toMatchObject({
      fix: { change: { before: '', after: expect.stringContaining('DenyDeletion') } },
    })
  })
})
