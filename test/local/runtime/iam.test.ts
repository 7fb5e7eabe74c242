import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arnMatches, globMatches } from '../../../local/runtime/iam/glob.ts'
import { compileRole, PolicyError } from '../../../local/runtime/iam.ts'

const policy = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements })
const REPOSITORY = 'arn:aws:ecr:eu-west-1:111122223333:repository/prod/api'
const allow = (more: object) => ({ Effect: 'Allow', Action: 'ecr:DescribeImages', Resource: '*', ...more })

const decide = (statements: object[], action: string, resource = REPOSITORY, facts: [string, string][] = []) =>
  compileRole([policy(...statements)]).decide({ action, resource }, new Map(facts)).allowed

describe('what a role may do', () => {
  const decisions: [string, object[], string, boolean][] = [
    ['nothing without a statement that allows it', [allow({ Action: 'ecr:ListImages' })], 'ecr:DescribeImages', false],
    ['what is allowed', [allow({})], 'ecr:DescribeImages', true],
    ['actions without regard to case', [allow({ Action: ['ECR:describeimages'] })], 'ecr:DescribeImages', true],
    ['actions by wildcard', [allow({ Action: 'ecr:Describe*' })], 'ecr:DescribeImages', true],
    ['other actions than those of NotAction', [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], 'ecr:X', true],
    ['not those of NotAction', [{ Effect: 'Allow', NotAction: 'ecr:*', Resource: '*' }], 'ecr:X', false],
    ['only the resource', [allow({ Resource: REPOSITORY })], 'ecr:DescribeImages', true],
    ['no other resource', [allow({ Resource: 'arn:aws:ecr:*:*:repository/dev/*' })], 'ecr:DescribeImages', false],
    ['resources by wildcard', [allow({ Resource: 'arn:aws:ecr:*:*:repository/pro?/*' })], 'ecr:DescribeImages', true],
    ['not the resource of NotResource', [{ Effect: 'Allow', Action: '*', NotResource: REPOSITORY }], 'ecr:X', false],
    [
      'nothing that is denied',
      [allow({}), { Effect: 'Deny', Action: 'ecr:*', Resource: '*' }],
      'ecr:DescribeImages',
      false,
    ],
  ]

  test.each(decisions)('%s', (_, statements, action, expected) => {
    expect(decide(statements, action)).toBe(expected)
  })

  const conditions: [string, object, [string, string][], boolean][] = [
    ['StringEquals', { StringEquals: { 'aws:RequestedRegion': ['a', 'b'] } }, [['aws:requestedregion', 'b']], true],
    ['StringEquals, otherwise', { StringEquals: { k: 'a' } }, [['k', 'b']], false],
    ['StringNotEquals', { StringNotEquals: { k: 'a' } }, [['k', 'b']], true],
    ['StringLike', { StringLike: { k: 'told#*' } }, [['k', 'told#1']], true],
    ['StringNotLike', { StringNotLike: { k: 'told#*' } }, [['k', 'told#1']], false],
    ['ArnLike', { ArnLike: { k: 'arn:aws:iam::*:role/x*' } }, [['k', 'arn:aws:iam::1:role/xy']], true],
    ['Bool', { Bool: { 'aws:SecureTransport': 'true' } }, [['aws:securetransport', 'true']], true],
    ['Null false: the key is there', { Null: { k: 'false' } }, [['k', 'x']], true],
    ['Null true: the key is not there', { Null: { k: 'true' } }, [['k', 'x']], false],
    ['IfExists', { StringEqualsIfExists: { k: 'x' } }, [['k', 'x']], true],
    [
      'two operators, both must hold',
      { Bool: { a: 'true' }, StringEquals: { b: '1' } },
      [
        ['a', 'true'],
        ['b', '2'],
      ],
      false,
    ],
    ['a fact that is not known', { StringEquals: { 'dynamodb:LeadingKeys': 'x' } }, [], false],
    [
      'a variable',
      { StringEquals: { k: `\${aws:PrincipalAccount}` } },
      [
        ['k', '1'],
        ['aws:principalaccount', '1'],
      ],
      true,
    ],
    ['an unknown variable', { StringEquals: { k: `\${aws:username}` } }, [['k', `\${aws:username}`]], false],
  ]

  test.each(conditions)('%s', (_, condition, facts, expected) => {
    expect(decide([allow({ Condition: condition })], 'ecr:DescribeImages', REPOSITORY, facts)).toBe(expected)
  })

  test('a denial that depends on an unknown fact denies', () => {
    const deny = { Effect: 'Deny', Action: '*', Resource: '*', Condition: { StringEquals: { 'aws:username': 'x' } } }
    expect(decide([allow({}), deny], 'ecr:DescribeImages')).toBe(false)
    const known = { ...deny, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }
    expect(decide([allow({}), known], 'ecr:DescribeImages', REPOSITORY, [['aws:securetransport', 'true']])).toBe(true)
  })

  test('says whether nothing allows or something denies', () => {
    const role = compileRole([policy({ Effect: 'Deny', Action: 'ecr:*', Resource: '*' })])
    expect(role.decide({ action: 'ecr:X', resource: '*' })).toMatchObject({ reason: expect.stringContaining('denies') })
    expect(role.decide({ action: 'sns:X', resource: '*' })).toMatchObject({
      reason: 'no identity-based policy allows the sns:X action',
    })
  })
})

describe('a policy that cannot be judged is refused', () => {
  const refused: [string, unknown, RegExp][] = [
    [
      'an unknown operator',
      policy(allow({ Condition: { NumericLessThan: { k: '1' } } })),
      /NumericLessThan is not known/,
    ],
    ['a set operator', policy(allow({ Condition: { 'ForAllValues:StringEquals': { k: '1' } } })), /ForAllValues/],
    ['an unknown element', policy(allow({ Principal: '*' })), /element Principal is not known/],
    ['Action and NotAction', policy(allow({ NotAction: 'x' })), /either Action or NotAction/],
    ['no Resource', policy({ Effect: 'Allow', Action: '*' }), /either Resource or NotResource/],
    ['a wrong Effect', policy(allow({ Effect: 'allow' })), /neither Allow nor Deny/],
    ['an old version', { Version: '2008-10-17', Statement: [] }, /needs the Version 2012-10-17/],
    ['no object', 'x', /not an object/],
    ['a statement that is none', policy('x' as unknown as object), /statement is not an object/],
    ['actions that are no text', policy(allow({ Action: [1] })), /Action is not text/],
  ]

  test.each(refused)('%s', (_, document, message) => {
    expect(() => compileRole([document])).toThrow(PolicyError)
    expect(() => compileRole([document])).toThrow(message)
  })
})

describe('wildcards', () => {
  test('agree with a regular expression', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ab*?]{0,6}$/), fc.stringMatching(/^[ab]{0,8}$/), (pattern, text) => {
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text)
        expect(globMatches(pattern, text)).toBe(expected)
      }),
    )
  })

  test('do not cross from one part of an ARN into the next', () => {
    expect(arnMatches('arn:aws:s3:*:bucket', 'arn:aws:s3:::bucket')).toBe(false)
    expect(arnMatches('arn:aws:ecr:*:1:repository/*', 'arn:aws:ecr:eu-west-1:1:repository/a:b')).toBe(true)
    expect(arnMatches('arn:aws:ecr:*:repository/x', 'arn:aws:ecr:eu-west-1:1:repository/x')).toBe(false)
  })

  test('an ARN of another account is never matched by a full ARN', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9]{12}$/), (account) => {
        expect(arnMatches('arn:aws:sqs:*:000000000000:*', `arn:aws:sqs:eu-west-1:${account}:queue`)).toBe(false)
      }),
    )
  })
})
