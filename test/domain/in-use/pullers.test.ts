import { describe, expect, it } from 'vitest'
import { pullersOf } from '../../../functions/domain/in-use/pullers.ts'

const OWN = '111111111111'
const OTHER = '222222222222'
const PULL = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']

const allow = (Principal: unknown, Condition?: unknown, Action: unknown = PULL) => ({
  Effect: 'Allow',
  Principal,
  Action,
  ...(Condition !== undefined && { Condition }),
})
const pullers = (...Statement: unknown[]) => pullersOf(JSON.stringify({ Version: '2012-10-17', Statement }), OWN)

const LAMBDA = { Service: 'lambda.amazonaws.com' }
const root = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` })

describe('who may pull by a repository policy', () => {
  it.each([
    ['nobody else where it names the own account alone', [allow(root(OWN))]],
    ['nobody where it lets others do something that is no pull', [allow(root(OTHER), undefined, 'ecr:DescribeImages')]],
    [
      'nobody where everyone is confined to the own account',
      [allow('*', { StringEquals: { 'aws:PrincipalAccount': OWN } })],
    ],
    ['nobody else through Lambda, which asks for whom it works', [allow(LAMBDA)]],
    ['nobody where it only denies', [{ Effect: 'Deny', Principal: '*', Action: 'ecr:*' }]],
  ])('is %s', (_, statements) => {
    expect(pullers(...statements)).toEqual({ accounts: [], anyone: false })
  })

  it.each([
    ['an account by its number', [allow({ AWS: OTHER })]],
    ['a role of it', [allow({ AWS: `arn:aws:iam::${OTHER}:role/deploy` })]],
    ['an account by a wildcard of actions', [allow(root(OTHER), undefined, 'ecr:Batch*')]],
    ['an account by all actions but some', [{ Effect: 'Allow', Principal: root(OTHER), NotAction: 'ecr:PutImage' }]],
    ['everyone of an account', [allow('*', { StringEquals: { 'aws:PrincipalAccount': OTHER } })]],
    [
      'Lambda functions of an account',
      [allow(LAMBDA, { StringLike: { 'aws:sourceArn': `arn:aws:lambda:us-east-1:${OTHER}:function:*` } })],
    ],
    ['one that is named twice', [allow(root(OTHER)), allow({ AWS: OTHER })]],
  ])('is %s', (_, statements) => {
    expect(pullers(...statements)).toEqual({ accounts: [OTHER], anyone: false })
  })

  it('is several accounts, in order', () => {
    expect(pullers(allow({ AWS: ['333333333333', OTHER, OWN] })).accounts).toEqual([OTHER, '333333333333'])
  })

  it.each([
    ['everyone', [allow('*')]],
    ['everyone but some', [{ Effect: 'Allow', NotPrincipal: root(OTHER), Action: PULL }]],
    ['an organisation', [allow('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } })]],
    ['a network', [allow('*', { StringEquals: { 'aws:SourceVpce': 'vpce-0a1b2c3d4e5f60718' } })]],
    ['a service for whomever it works', [allow({ Service: 'codebuild.amazonaws.com' })]],
    ['a principal that nobody knows', [allow({ AWS: 'AIDAEXAMPLE' })]],
    ['a condition that is not understood', [allow('*', { StringEquals: { 'ecr:ResourceTag/team': 'a' } })]],
    ['a statement that is none', [allow({})]],
  ])('is anyone with %s', (_, statements) => {
    expect(pullers(...statements).anyone).toBe(true)
  })

  it('is anyone where the policy cannot be read', () => {
    expect(pullersOf('{', OWN)).toEqual({ accounts: [], anyone: true })
  })

  it('names the accounts beside anyone', () => {
    expect(pullers(allow('*'), allow(root(OTHER)))).toEqual({ accounts: [OTHER], anyone: true })
  })
})
