import { describe, expect, test } from 'vitest'
import type { Judgement } from '../../../functions/domain/rule/judgement.ts'
import { repositoryPolicy } from '../../../functions/domain/rules/repository-policy.ts'
import { judge, remedyOf } from './facts.ts'
import { LAMBDA, ORG, PULL, PUSH, policyOf, root, statement } from './policies.ts'

const CI = { AWS: 'arn:aws:iam::111222333444:role/CICDPipelineRole' }
const ofOrg = { StringEquals: { 'aws:PrincipalOrgID': ORG } }
const pullers = { accounts: ['987654321098'] }
const everyone = statement({ Principal: '*' })

const passing: readonly (readonly [string, string | undefined, object])[] = [
  ['no policy', undefined, {}],
  ['the account itself, in everything', policyOf(statement({ Principal: root('123456789012'), Action: 'ecr:*' })), {}],
  ['an account that may pull', policyOf(statement()), pullers],
  [
    'a role of an account that may pull',
    policyOf(statement({ Principal: { AWS: 'arn:aws:iam::987654321098:role/x' } })),
    pullers,
  ],
  [
    'an account that may push',
    policyOf(statement({ Principal: CI, Action: [...PULL, ...PUSH] })),
    { pushAccounts: ['111222333444'] },
  ],
  [
    'an organisation that may pull',
    policyOf(statement({ Principal: '*', Condition: ofOrg })),
    { organisations: [ORG] },
  ],
  ['an account of an organisation that may pull', policyOf(statement({ Condition: ofOrg })), { organisations: [ORG] }],
  [
    'everyone, of whom only an account is left',
    policyOf(statement({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': '987654321098' } } })),
    pullers,
  ],
  [
    'an account that the condition shuts out',
    policyOf(statement({ Condition: { StringEquals: { 'aws:PrincipalAccount': '123456789012' } } })),
    {},
  ],
  ['a service for functions of the account itself', policyOf(LAMBDA), {}],
  [
    'a service that may pull',
    policyOf(statement({ Principal: { Service: 'codebuild.amazonaws.com' } })),
    { services: ['codebuild.amazonaws.com'] },
  ],
  [
    'a network from which everyone may pull',
    policyOf(statement({ Principal: '*', Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-0a1b2c3d' } } })),
    { networks: ['vpce-0a1b2c3d'] },
  ],
  ['a Deny alone', policyOf({ ...everyone, Effect: 'Deny' }), {}],
  [
    'everyone, but for a Deny to all who are not of the organisation',
    policyOf(everyone, {
      ...everyone,
      Effect: 'Deny',
      Action: 'ecr:*',
      Condition: { StringNotEquals: { 'aws:PrincipalOrgID': ORG } },
    }),
    { organisations: [ORG] },
  ],
]

const failing: readonly (readonly [string, unknown, object, string])[] = [
  ['everyone', everyone, {}, 'Everyone with an AWS account may pull.'],
  ['everyone by another name', statement({ Principal: { AWS: ['*'] } }), {}, 'Everyone with an AWS account may pull.'],
  [
    'everyone but one',
    { Effect: 'Allow', NotPrincipal: root('987654321098'), Action: PULL },
    pullers,
    'Everyone with an AWS account may pull.',
  ],
  [
    'everyone, where nothing is said of who it is',
    statement({ Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
    {},
    'Everyone with an AWS account may pull.',
  ],
  [
    'everyone whose organisation is told, or not',
    statement({ Principal: '*', Condition: { StringEqualsIfExists: { 'aws:PrincipalOrgID': ORG } } }),
    { organisations: [ORG] },
    'Everyone with an AWS account may pull.',
  ],
  ['an account', statement(), {}, 'Account 987654321098 may pull.'],
  [
    'two accounts',
    statement({ Principal: { AWS: ['987654321098', '111222333444'] } }),
    pullers,
    'Account 111222333444 may pull.',
  ],
  ['an organisation', statement({ Principal: '*', Condition: ofOrg }), {}, `Organisation ${ORG} may pull.`],
  ['a puller that pushes', statement({ Action: [...PULL, ...PUSH] }), pullers, 'Account 987654321098 may push.'],
  [
    'an organisation that pushes',
    statement({ Principal: '*', Action: PUSH, Condition: ofOrg }),
    { organisations: [ORG] },
    `Organisation ${ORG} may push.`,
  ],
  ['a puller that does everything', statement({ Action: 'ecr:*' }), pullers, 'Account 987654321098 may do ecr:*.'],
  [
    'a puller that does everything but one',
    { Effect: 'Allow', Principal: root('987654321098'), NotAction: 'ecr:PutImage' },
    pullers,
    'Account 987654321098 may do everything but ecr:PutImage.',
  ],
  [
    'a service for anybody',
    statement({ Principal: { Service: 'lambda.amazonaws.com' } }),
    {},
    'lambda.amazonaws.com for any account may pull.',
  ],
  [
    'services, whichever',
    statement({ Principal: '*', Condition: { Bool: { 'aws:PrincipalIsAWSService': 'true' } } }),
    {},
    'Any AWS service for any account may pull.',
  ],
  [
    'a service for a foreign account',
    statement({
      Principal: { Service: 'lambda.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '987654321098' } },
    }),
    {},
    'Services for account 987654321098 may pull.',
  ],
  [
    'a network',
    statement({ Principal: '*', Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-0a1b2c3d' } } }),
    {},
    'Everyone in vpc-0a1b2c3d may pull.',
  ],
  [
    'a principal that was deleted',
    statement({ Principal: { AWS: 'AROAEXAMPLEID' } }),
    {},
    'An unknown principal (AROAEXAMPLEID) may pull.',
  ],
  [
    'a federation',
    statement({ Principal: { Federated: 'accounts.google.com' } }),
    {},
    'An unknown principal (Federated accounts.google.com) may pull.',
  ],
]

describe('repository-policy passes', () => {
  test.each(passing)('%s', (_, policy, parameters) => {
    expect(judge(repositoryPolicy, { policy }, { parameters: { ...parameters } })).toMatchObject({ outcome: 'pass' })
  })
})

describe('repository-policy fails', () => {
  test.each(failing)('%s', (_, one, parameters, reason) => {
    expect(judge(repositoryPolicy, { policy: policyOf(one) }, { parameters: { ...parameters } })).toMatchObject({
      outcome: 'fail',
      reason,
    })
  })

  test.each([
    ['for some actions alone', { Action: 'ecr:PutImage' }],
    ['for whom it names', { NotPrincipal: { AWS: '987654321098' }, Principal: undefined }],
    ['for some resources', { Resource: 'arn:aws:ecr:*:*:repository/x' }],
    ['without a condition', { Condition: undefined }],
  ])('everyone, where a Deny holds %s', (_, change) => {
    const Condition = { StringNotEquals: { 'aws:PrincipalOrgID': ORG } }
    const deny = { Effect: 'Deny', Principal: '*', Action: '*', Condition, ...change }
    const parameters = { organisations: [ORG] }
    expect(judge(repositoryPolicy, { policy: policyOf(everyone, deny) }, { parameters })).toMatchObject({
      outcome: 'fail',
    })
  })

  test('shows each statement with what does not count in it, and no more than is needed', () => {
    const Condition = { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }
    const many = Array.from({ length: 12 }, (_, n) =>
      statement({ Sid: `${n}${'x'.repeat(100)}`, Principal: { AWS: `${'9'.repeat(10)}${10 + n}` } }),
    )
    const judgement = judge(repositoryPolicy, {
      policy: policyOf(statement({ Sid: 'Ip', Principal: '*', Condition }), ...many),
    })
    expect(judgement).toMatchObject({ outcome: 'fail' })
    const { evidence, reason } = judgement as Extract<Judgement, { outcome: 'fail' }>
    expect(evidence[0]).toEqual({
      name: 'Statement Ip',
      value: 'everyone with an AWS account may pull; not counted: conditions on aws:sourceip',
    })
    expect(evidence).toHaveLength(10)
    expect(Math.max(...evidence.map(({ name }) => name.length))).toBeLessThan(100)
    expect(reason).toMatch(/^Everyone with an AWS account, (account \d{12}, ){3}account \d{12} and 8 more may pull\.$/)
  })

  test('tells of each kind of deed in a sentence of its own', () => {
    const policy = policyOf(everyone, statement({ Sid: '', Action: 'ecr:*' }))
    expect(judge(repositoryPolicy, { policy })).toMatchObject({
      reason: 'Everyone with an AWS account may pull. Account 987654321098 may do ecr:*.',
      evidence: [{ name: 'Statement AllowPull' }, { name: 'Statement 2' }],
    })
  })
})

describe('repository-policy does not know', () => {
  test.each([
    ['what is not JSON', '{', 'it is not JSON of a policy'],
    [
      'a statement that is malformed',
      policyOf(statement(), { Effect: 'Allow' }),
      'statement 2 needs either Principal or NotPrincipal',
    ],
  ])('%s', (_, policy, fault) => {
    expect(judge(repositoryPolicy, { policy }, { parameters: pullers })).toEqual({
      outcome: 'unknown',
      reason: `The repository policy is not understood: ${fault}.`,
    })
  })

  test('what is malformed, but tells of what is open', () => {
    expect(judge(repositoryPolicy, { policy: policyOf({}, everyone) })).toMatchObject({ outcome: 'fail' })
  })
})

describe('repository-policy is put right', () => {
  const repositoryName = 'prod/api'
  const remedy = (...statements: readonly unknown[]) => {
    const policy = policyOf(...statements)
    return { policy, remedy: remedyOf(repositoryPolicy, { values: { policy }, parameters: pullers }) }
  }

  test('by taking out the public statement alone, and putting back the text as it was', () => {
    const { policy, remedy: done } = remedy(statement(), everyone, LAMBDA)
    expect(done).toEqual({
      what: 'Take out of the repository policy what lets everyone in',
      write: { operation: 'SetRepositoryPolicy', input: { repositoryName, policyText: policyOf(statement(), LAMBDA) } },
      undo: { operation: 'SetRepositoryPolicy', input: { repositoryName, policyText: policy } },
    })
    expect(judge(repositoryPolicy, { policy }, { parameters: pullers })).toMatchObject({
      fix: {
        command: expect.stringMatching(/^aws ecr set-repository-policy --region ap-northeast-1 .*LambdaECRImage/),
        change: { before: expect.stringContaining('"*"'), after: expect.not.stringContaining('"*"') },
      },
    })
  })

  test('by deleting the policy where nothing is left of it', () => {
    const { policy, remedy: done } = remedy(everyone)
    expect(done).toMatchObject({
      write: { operation: 'DeleteRepositoryPolicy', input: { repositoryName } },
      undo: { operation: 'SetRepositoryPolicy', input: { repositoryName, policyText: policy } },
    })
    expect(judge(repositoryPolicy, { policy })).toMatchObject({ fix: { change: { after: '' } } })
  })

  test('without taking it from those who are named beside everyone', () => {
    const both = { ...everyone, Principal: { AWS: ['*', '987654321098'], Service: '*' } }
    expect(remedy(both).remedy?.write.input.policyText).toBe(
      policyOf({ ...both, Principal: { AWS: ['987654321098'] } }),
    )
  })

  test('also where there is one statement in no list', () => {
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: everyone })
    expect(remedyOf(repositoryPolicy, { values: { policy } })?.write.operation).toBe('DeleteRepositoryPolicy')
  })

  test.each([
    ['nobody is public', statement({ Principal: root('555555555555') })],
    [
      'a condition may keep people out',
      statement({ Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }),
    ],
  ])('not where %s', (_, one) => {
    expect(remedy(one).remedy).toBeUndefined()
    expect(judge(repositoryPolicy, { policy: policyOf(one) })).not.toHaveProperty('fix.command')
  })

  test('not where there is no policy', () => {
    expect(remedyOf(repositoryPolicy, { values: { policy: undefined } })).toBeUndefined()
  })
})
