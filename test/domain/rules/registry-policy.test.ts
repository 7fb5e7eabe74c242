import { describe, expect, test } from 'vitest'
import { registryPolicy } from '../../../functions/domain/rules/registry-policy.ts'
import { judge } from './facts.ts'
import { ORG, policyOf, root, statement } from './policies.ts'

// Of sections 2.4 and 6.1 of the guide.
const organisation = statement({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': ORG } } })
const replication = {
  Sid: 'AllowReplication',
  Effect: 'Allow',
  Principal: root('987654321098'),
  Action: ['ecr:CreateRepository', 'ecr:ReplicateImage'],
  Resource: 'arn:aws:ecr:ap-northeast-1:123456789012:repository/*',
}

const cases: readonly (readonly [string, string | undefined, object, string, string])[] = [
  ['no policy', undefined, {}, 'pass', 'There is no registry policy: permissions of the account alone count.'],
  [
    'pull by the organisation',
    policyOf(organisation),
    { organisations: [ORG] },
    'pass',
    'Nobody may do more than is allowed.',
  ],
  ['pull by a foreign organisation', policyOf(organisation), {}, 'fail', `Organisation ${ORG} may pull.`],
  [
    'replication',
    policyOf(replication),
    { replicationAccounts: ['987654321098'] },
    'pass',
    'Nobody may do more than is allowed.',
  ],
  ['replication by a stranger', policyOf(replication), {}, 'fail', 'Account 987654321098 may replicate.'],
  [
    'replication by who may pull',
    policyOf(replication),
    { accounts: ['987654321098'] },
    'fail',
    'Account 987654321098 may replicate.',
  ],
  [
    'pull by who may replicate',
    policyOf(statement()),
    { replicationAccounts: ['987654321098'] },
    'fail',
    'Account 987654321098 may pull.',
  ],
  [
    'import by who may pull',
    policyOf(statement({ Action: 'ecr:BatchImportUpstreamImage' })),
    { accounts: ['987654321098'] },
    'fail',
    'Account 987654321098 may do ecr:BatchImportUpstreamImage.',
  ],
  [
    'a cache for the account itself',
    policyOf(
      statement({ Principal: root('123456789012'), Action: ['ecr:CreateRepository', 'ecr:BatchImportUpstreamImage'] }),
    ),
    {},
    'pass',
    'Nobody may do more than is allowed.',
  ],
  ['what is not JSON', 'x', {}, 'unknown', 'The registry policy is not understood: it is not JSON of a policy.'],
]

describe('registry-policy', () => {
  test.each(cases)('%s', (_, policy, parameters, outcome, reason) => {
    expect(judge(registryPolicy, { policy }, { parameters: { ...parameters } })).toMatchObject({ outcome, reason })
  })
})
