import { describe, expect, test } from 'vitest'
import type { ReplicationRule } from '../../../functions/domain/facts/registry-facts.ts'
import { replication } from '../../../functions/domain/rules/replication.ts'
import { judge } from './facts.ts'

const to = (region: string, prefixes: readonly string[] = [], account = '123456789012'): ReplicationRule => ({
  destinations: [{ region, account }],
  prefixes,
})

const cases: readonly (readonly [string, readonly ReplicationRule[], object, string])[] = [
  ['a rule for everything', [to('eu-west-1')], { destinations: ['eu-west-1'] }, 'pass'],
  ['no rules', [], { destinations: ['eu-west-1'] }, 'fail'],
  [
    'a rule for some, where everything has to go',
    [to('eu-west-1', ['prod/'])],
    { destinations: ['eu-west-1'] },
    'fail',
  ],
  ['a rule for the prefix', [to('eu-west-1', ['prod/'])], { destinations: ['eu-west-1'], prefixes: ['prod/'] }, 'pass'],
  [
    'a rule for more than the prefix',
    [to('eu-west-1', ['pr'])],
    { destinations: ['eu-west-1'], prefixes: ['prod/'] },
    'pass',
  ],
  [
    'a rule for less than the prefix',
    [to('eu-west-1', ['prod/api'])],
    { destinations: ['eu-west-1'], prefixes: ['prod/'] },
    'fail',
  ],
  [
    'one of two prefixes',
    [to('eu-west-1', ['prod/'])],
    { destinations: ['eu-west-1'], prefixes: ['prod/', 'base/'] },
    'fail',
  ],
  ['another account', [to('eu-west-1')], { destinations: ['eu-west-1/987654321098'] }, 'fail'],
  ['the account', [to('eu-west-1', [], '987654321098')], { destinations: ['eu-west-1/987654321098'] }, 'pass'],
  ['one of two regions', [to('eu-west-1')], { destinations: ['eu-west-1', 'us-east-1'] }, 'fail'],
  ['itself and the other', [to('eu-west-1')], { destinations: ['ap-northeast-1', 'eu-west-1'] }, 'pass'],
  ['itself', [], { destinations: ['ap-northeast-1'] }, 'not-applicable'],
]

describe('replication', () => {
  test.each(cases)('%s', (_, rules, parameters, outcome) => {
    expect(judge(replication, { replication: rules }, { parameters: { ...parameters } })).toMatchObject({ outcome })
  })

  test('adds a rule for what is missing to what is there', () => {
    const parameters = { destinations: ['eu-west-1', 'us-east-1'], prefixes: ['prod/'] }
    expect(judge(replication, { replication: [to('eu-west-1')] }, { parameters })).toMatchObject({
      reason: 'No rule replicates what begins with prod/ to us-east-1/123456789012.',
      evidence: [{ name: 'Replication', value: 'everything → eu-west-1/123456789012' }],
      fix: {
        command:
          'aws ecr put-replication-configuration --region ap-northeast-1 --replication-configuration ' +
          `'{"rules":[{"destinations":[{"region":"eu-west-1","registryId":"123456789012"}]},` +
          `{"destinations":[{"region":"us-east-1","registryId":"123456789012"}],"repositoryFilters":[{"filter":"prod/","filterType":"PREFIX_MATCH"}]}]}'`,
      },
    })
    expect(
      judge(
        replication,
        { replication: [to('eu-west-1', ['a', 'b'])] },
        { parameters: { destinations: ['eu-west-1'] } },
      ),
    ).toMatchObject({
      reason: 'No rule replicates every repository to eu-west-1/123456789012.',
      evidence: [{ value: 'a, b → eu-west-1/123456789012' }],
    })
  })
})
