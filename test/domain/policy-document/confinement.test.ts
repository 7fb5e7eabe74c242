import { describe, expect, test } from 'vitest'
import { confinement, exemption } from '../../../functions/domain/policy-document/confinement.ts'

const ACCOUNT = '123456789012'
const account = { kind: 'account', account: ACCOUNT }
const source = { ...account, isSource: true }
const organisation = { kind: 'organisation', id: 'o-a1b2c3d4e5' }

const condition = (operator: string, key: string, ...values: readonly string[]) => ({
  operator,
  key: key.toLowerCase(),
  values,
})

describe('a condition confines', () => {
  test.each([
    ['StringEquals', 'aws:PrincipalAccount', ACCOUNT, account],
    ['StringLike', 'aws:PrincipalAccount', ACCOUNT, account],
    ['StringEqualsIgnoreCase', 'aws:PrincipalOrgID', 'o-a1b2c3d4e5', organisation],
    ['ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-a1b2c3d4e5/*', organisation],
    ['ForAnyValue:StringEquals', 'aws:SourceOrgPaths', 'o-a1b2c3d4e5/r-ab12/', organisation],
    ['StringEquals', 'aws:SourceOrgID', 'o-a1b2c3d4e5', organisation],
    ['StringLike', 'aws:PrincipalArn', `arn:aws:iam::${ACCOUNT}:role/*`, account],
    ['ArnLike', 'aws:PrincipalArn', `arn:*:iam::${ACCOUNT}:role/*`, account],
    ['StringEquals', 'aws:SourceAccount', ACCOUNT, source],
    ['StringLike', 'aws:SourceArn', `arn:aws:lambda:us-east-1:${ACCOUNT}:function:*`, source],
    ['ArnEquals', 'aws:SourceArn', `arn:aws:lambda:*:${ACCOUNT}:function:*`, source],
    ['StringEquals', 'aws:SourceVpc', 'vpc-0a1b2c3d', { kind: 'network', id: 'vpc-0a1b2c3d' }],
    ['StringEquals', 'aws:SourceVpce', 'vpce-0a1b2c3d', { kind: 'network', id: 'vpce-0a1b2c3d' }],
    ['StringEquals', 'aws:PrincipalServiceName', 'ecs.amazonaws.com', { kind: 'service', name: 'ecs.amazonaws.com' }],
    ['Bool', 'aws:PrincipalIsAWSService', 'True', { kind: 'service', name: 'any AWS service' }],
  ])('%s %s %s', (operator, key, value, party) => {
    expect(confinement(condition(operator, key, value))).toEqual([party])
  })

  test('to one of several', () => {
    expect(confinement(condition('StringEquals', 'aws:PrincipalAccount', ACCOUNT, '111111111111'))).toEqual([
      account,
      { ...account, account: '111111111111' },
    ])
  })
})

describe('a condition confines nobody for certain', () => {
  test.each([
    ['a key that is not known', 'StringEquals', 'aws:PrincipalTag/team', 'a'],
    ['a key that every object has', 'StringEquals', 'constructor', 'a'],
    ['an operator that is not known', 'FooEquals', 'aws:PrincipalAccount', ACCOUNT],
    ['an operator that holds without the key', 'StringEqualsIfExists', 'aws:PrincipalAccount', ACCOUNT],
    ['an operator that holds for no values', 'ForAllValues:StringEquals', 'aws:PrincipalOrgPaths', 'o-a1b2c3d4e5/*'],
    ['a key of several values without an operator for it', 'StringLike', 'aws:PrincipalOrgPaths', 'o-a1b2c3d4e5/*'],
    ['a negated operator', 'StringNotEquals', 'aws:PrincipalAccount', ACCOUNT],
    ['a wildcard', 'StringLike', 'aws:PrincipalAccount', '12345678901?'],
    ['a wildcard over colons', 'StringLike', 'aws:PrincipalArn', `arn:*:iam::${ACCOUNT}:role/x`],
    ['a wildcard over a region', 'StringLike', 'aws:SourceArn', `arn:aws:lambda:*:${ACCOUNT}:function:*`],
    ['a wildcard for the account', 'ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/x'],
    ['an operator on ARNs for something else', 'ArnEquals', 'aws:PrincipalAccount', ACCOUNT],
    ['a variable', 'StringEquals', 'aws:PrincipalOrgID', `$\{aws:ResourceOrgID}`],
    ['a bucket, whose ARN has no account', 'ArnLike', 'aws:SourceArn', 'arn:aws:s3:::bucket'],
    ['what is not a service', 'Bool', 'aws:PrincipalIsAWSService', 'false'],
    ['an address', 'IpAddress', 'aws:SourceIp', '203.0.113.0/24'],
  ])('by %s', (_, operator, key, value) => {
    expect(confinement(condition(operator, key, value))).toBeUndefined()
  })

  test('where one of several values is not known', () => {
    expect(confinement(condition('StringLike', 'aws:PrincipalAccount', ACCOUNT, '*'))).toBeUndefined()
  })
})

describe('a negated condition leaves out', () => {
  test.each(['StringNotEquals', 'StringNotLike', 'StringNotEqualsIfExists', 'StringNotEqualsIgnoreCase'])(
    'whom it names: %s',
    (operator) => {
      expect(exemption(condition(operator, 'aws:PrincipalAccount', ACCOUNT))).toEqual([account])
    },
  )

  test.each(['ArnNotEquals', 'ArnNotLikeIfExists'])('whose ARN it names: %s', (operator) => {
    expect(exemption(condition(operator, 'aws:PrincipalArn', `arn:aws:iam::${ACCOUNT}:role/x`))).toEqual([account])
  })

  test.each(['StringEquals', 'ForAnyValue:StringNotEquals', 'constructor'])('nobody: %s', (operator) => {
    expect(exemption(condition(operator, 'aws:PrincipalAccount', ACCOUNT))).toBeUndefined()
  })
})
