import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePolicy } from '../../../functions/domain/policy-document/parse.ts'

const allow = { Effect: 'Allow', Principal: '*', Action: 'ecr:*' }
const policyOf = (...statements: readonly unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements })

describe('a policy', () => {
  test('may have one statement that is in no list', () => {
    const { statements, faults } = parsePolicy(JSON.stringify({ Statement: { Sid: 'One', ...allow } }))
    expect(faults).toEqual([])
    expect(statements).toEqual([
      {
        name: 'One',
        index: 0,
        effect: 'Allow',
        parties: [{ kind: 'everyone' }],
        isNotPrincipal: false,
        actions: { negated: false, patterns: ['ecr:*'] },
        resources: undefined,
        conditions: [],
      },
    ])
  })

  test('has conditions on keys whose case does not count, with one value or several', () => {
    const Condition = { StringEquals: { 'AWS:PrincipalOrgID': 'o-1', b: ['x', 'y'] }, Bool: { c: true, d: [1, 'z'] } }
    expect(parsePolicy(policyOf({ ...allow, Condition })).statements[0]?.conditions).toEqual([
      { operator: 'StringEquals', key: 'aws:principalorgid', values: ['o-1'] },
      { operator: 'StringEquals', key: 'b', values: ['x', 'y'] },
      { operator: 'Bool', key: 'c', values: ['true'] },
      { operator: 'Bool', key: 'd', values: ['1', 'z'] },
    ])
  })

  test.each([
    [{ AWS: '*' }, [{ kind: 'everyone' }]],
    [{ AWS: '123456789012' }, [{ kind: 'account', account: '123456789012' }]],
    [{ AWS: 'arn:aws:iam::123456789012:root' }, [{ kind: 'account', account: '123456789012' }]],
    [{ AWS: 'arn:aws-cn:sts::123456789012:assumed-role/a/b' }, [{ kind: 'account', account: '123456789012' }]],
    [{ AWS: 'arn:aws:iam::*:root' }, [{ kind: 'stranger', text: 'arn:aws:iam::*:root' }]],
    [{ AWS: 'AROAEXAMPLEID' }, [{ kind: 'stranger', text: 'AROAEXAMPLEID' }]],
    [{ AWS: 42 }, [{ kind: 'stranger', text: '42' }]],
    [{ Service: ['a.amazonaws.com', '*'] }, [{ kind: 'service', name: 'a.amazonaws.com' }, { kind: 'everyone' }]],
    [{ Federated: 'accounts.google.com' }, [{ kind: 'stranger', text: 'Federated accounts.google.com' }]],
    [{ CanonicalUser: '79a5' }, [{ kind: 'stranger', text: 'CanonicalUser 79a5' }]],
    [{ constructor: 'x' }, [{ kind: 'stranger', text: 'constructor x' }]],
  ])('names %j', (Principal, parties) => {
    expect(parsePolicy(policyOf({ ...allow, Principal })).statements[0]?.parties).toEqual(parties)
  })
})

describe('what is malformed', () => {
  test.each([
    ['not JSON', '{', 'it is not JSON of a policy'],
    ['a list', '[]', 'it is not JSON of a policy'],
    ['nothing', 'null', 'it is not JSON of a policy'],
    ['no statements', '{}', 'it has no Statement'],
  ])('is named: %s', (_, text, fault) => {
    expect(parsePolicy(text)).toEqual({ statements: [], faults: [fault] })
  })

  const { Principal, Action, ...bare } = allow
  test.each([
    ['x', 'is no mapping'],
    [{ ...allow, Effect: 'Permit' }, 'has no Effect that is known'],
    [{ ...bare, Action }, 'needs either Principal or NotPrincipal'],
    [{ ...allow, NotPrincipal: '*' }, 'needs either Principal or NotPrincipal'],
    [{ ...allow, Principal: 'arn:aws:iam::123456789012:root' }, 'names no principal'],
    [{ ...allow, Principal: ['*'] }, 'names no principal'],
    [{ ...allow, Principal: { AWS: [] } }, 'names no principal'],
    [{ ...bare, Principal }, 'needs either Action or NotAction'],
    [{ ...allow, NotAction: 'x' }, 'needs either Action or NotAction'],
    [{ ...allow, Action: [] }, 'names no action'],
    [{ ...allow, Action: [{}] }, 'names no action'],
    [{ ...allow, Resource: null }, 'names no resource'],
    [{ ...allow, Resource: '*', NotResource: 'x' }, 'has both Resource and NotResource'],
    [{ ...allow, Condition: 'x' }, 'has a Condition that is none'],
    [{ ...allow, Condition: { StringEquals: 'x' } }, 'has a Condition that is none'],
    [{ ...allow, Condition: { StringEquals: { a: [] } } }, 'has a Condition that is none'],
    [{ ...allow, Condition: { StringEquals: { a: null } } }, 'has a Condition that is none'],
  ])('is named, and the others are read: %j', (statement, fault) => {
    const { statements, faults } = parsePolicy(policyOf(allow, statement, allow))
    expect(faults).toEqual([`statement 2 ${fault}`])
    expect(statements.map(({ name }) => name)).toEqual(['1', '3'])
  })

  test('never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.json().map((text) => `{"Statement":${text}}`),
        ),
        (text) => {
          expect(() => parsePolicy(text)).not.toThrow()
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
