import { App, Fn, Stack, type StackProps } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { replication } from '../../../functions/domain/rules/replication.ts'
import {
  type ReplicationDestination,
  type ReplicationRule,
  registryReplication,
} from '../../../infra/registry/replication.ts'
import { judge } from '../../domain/rules/facts.ts'

const OWN = '123456789012'
const OTHER = '987654321098'
/** That of the judgements, too. */
const HERE = { account: OWN, region: 'ap-northeast-1' }

type Rules = readonly {
  readonly destinations: readonly { readonly region: string; readonly registryId: string }[]
  readonly repositoryFilters?: readonly { readonly filter: string }[]
}[]

const made = (rules: readonly ReplicationRule[], props: StackProps = { env: HERE }): Rules | undefined => {
  const stack = new Stack(new App(), 'User', props)
  const resource = registryReplication(stack, rules)
  return resource && stack.resolve(resource.replicationConfiguration).rules
}

describe('replication', () => {
  it('is to other regions and accounts, by prefixes or of everything', () => {
    expect(
      made([
        { destinations: [{ region: 'us-east-1' }, { region: 'eu-west-1' }], prefixes: ['prod-'] },
        { destinations: [{ region: 'ap-northeast-1', account: OTHER }] },
      ]),
    ).toEqual([
      {
        destinations: [
          { region: 'us-east-1', registryId: OWN },
          { region: 'eu-west-1', registryId: OWN },
        ],
        repositoryFilters: [{ filter: 'prod-', filterType: 'PREFIX_MATCH' }],
      },
      { destinations: [{ region: 'ap-northeast-1', registryId: OTHER }] },
    ])
  })

  it('is none without a rule', () => {
    expect(made([])).toBeUndefined()
  })

  it.each<[readonly string[] | undefined, 'pass' | 'fail']>([
    [undefined, 'pass'],
    [['prod'], 'pass'],
    [['base/'], 'fail'],
  ])('of %j is to the rule replication, which asks for prod/ in eu-west-1: %s', (prefixes, outcome) => {
    const rules = made([{ destinations: [{ region: 'eu-west-1' }], ...(prefixes && { prefixes }) }]) ?? []
    const fact = rules.map(({ destinations, repositoryFilters = [] }) => ({
      destinations: destinations.map(({ region, registryId: account }) => ({ region, account })),
      prefixes: repositoryFilters.map(({ filter }) => filter),
    }))
    const parameters = { destinations: ['eu-west-1'], prefixes: ['prod/'] }
    expect(judge(replication, { replication: fact }, { parameters })).toMatchObject({ outcome })
  })

  it('goes where is known at deployment alone, which is not judged', () => {
    const to = { region: Fn.ref('Region'), account: Fn.ref('Account') }
    expect(made([{ destinations: [to], prefixes: [Fn.ref('Prefix')] }])).toMatchObject([
      { destinations: [{ region: { Ref: 'Region' }, registryId: { Ref: 'Account' } }] },
    ])
  })
})

describe('what is refused at synthesis', () => {
  const to = (...destinations: readonly ReplicationDestination[]): ReplicationRule => ({ destinations })
  const account = (index: number) => String(100_000_000_000 + index)
  const several = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ region: 'eu-west-1', account: account(index) }))
  const frankfurt = { region: 'eu-central-1' }

  it.each<[string, readonly ReplicationRule[], RegExp]>([
    ['itself', [to(frankfurt, { region: HERE.region })], /replication\.destinations: it is the registry itself/],
    [
      'itself by its account',
      [to(HERE)],
      /replication\.destinations: it is the registry itself\. Write another region/,
    ],
    ['no destination', [to()], /replication\.destinations: it is empty\. Write one or more/],
    ['a place', [to({ region: 'Frankfurt' })], /replication\.destinations\.region: "Frankfurt" is no region/],
    ['no account', [to({ ...frankfurt, account: '12' })], /replication\.destinations\.account: "12" is no account/],
    ['a destination twice', [to(frankfurt, { ...frankfurt, account: OWN })], /"eu-central-1" is there twice/],
    ['11 rules', Array.from({ length: 11 }, () => to(frankfurt)), /replication: there are 11 rules\. Write at most 10/],
    [
      '26 destinations',
      [to(...several(13)), to(...several(26))],
      /there are 26 in all rules together\. Write at most 25/,
    ],
    [
      '101 prefixes',
      [{ ...to(frankfurt), prefixes: Array.from({ length: 101 }, (_, index) => `team-${index}/`) }],
      /replication\.prefixes: there are 101 in a rule\. Write at most 100/,
    ],
    ['a prefix twice', [{ ...to(frankfurt), prefixes: ['prod/', 'prod/'] }], /"prod\/" is there twice/],
    ['a pattern', [{ ...to(frankfurt), prefixes: ['prod/*'] }], /replication\.prefixes: "prod\/\*" is no prefix/],
    [
      'no prefix',
      [{ ...to(frankfurt), prefixes: [] }],
      /replication\.prefixes: it is empty.*every repository is meant/,
    ],
  ])('%s', (_, rules, message) => {
    expect(() => made(rules)).toThrow(message)
    expect(() => made(rules)).toThrow(/^User: replication/)
  })

  it('but not what is within the quotas', () => {
    const rules = [to(...several(25)), ...Array.from({ length: 9 }, () => to(...several(12)))]
    expect(made(rules)).toHaveLength(10)
  })

  it('is itself by the same token, where the stack is of no place in particular', () => {
    const stack = new Stack(new App(), 'User')
    expect(() => registryReplication(stack, [to({ region: stack.region })])).toThrow(/it is the registry itself/)
    expect(() => registryReplication(stack, [to({ region: 'eu-west-1' })])).not.toThrow()
  })
})
