import { describe, expect, it, test } from 'vitest'
import {
  lengthRefusal,
  type RegistryAccess,
  registryAccessRefusal,
  registryPolicyOf,
} from '../../../functions/domain/new-repository/registry-access.ts'
import { registryPolicy } from '../../../functions/domain/rules/registry-policy.ts'
import { judge } from '../rules/facts.ts'

/** That of the judgements, too. */
const OWN = '123456789012'
const OTHER = '987654321098'
const ORG = 'o-a1b2c3d4e5'
const ROLE = `arn:aws:iam::${OWN}:role/build`
const PLACE = { partition: 'aws', region: 'ap-northeast-1', account: OWN }
const ARN = `arn:aws:ecr:ap-northeast-1:${OWN}:repository`

const every = (_: string): boolean => true
const statementsOf = (...accesses: readonly RegistryAccess[]) => registryPolicyOf(accesses, PLACE).Statement
const root = (account: string) => `arn:aws:iam::${account}:root`

describe('a registry policy', () => {
  it('is that of section 2.4 of the guide, with the repositories that ECR has to be told', () => {
    expect(registryPolicyOf([{ may: 'pull', organisation: ORG }], PLACE)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'PullFromOrganizations',
          Effect: 'Allow',
          Principal: '*',
          Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
          Resource: [`${ARN}/*`],
          Condition: { StringEquals: { 'aws:PrincipalOrgID': ORG } },
        },
      ],
    })
  })

  it('is that of section 6.1 of the guide', () => {
    expect(statementsOf({ may: 'replicate', account: OTHER })).toEqual([
      {
        Sid: 'ReplicateFromAccounts',
        Effect: 'Allow',
        Principal: { AWS: root(OTHER) },
        Action: ['ecr:CreateRepository', 'ecr:ReplicateImage'],
        Resource: [`${ARN}/*`],
      },
    ])
  })

  it('lets a role have caches fetch, below their prefixes', () => {
    const { Action, Principal, Resource } =
      statementsOf({ may: 'cache', role: ROLE, prefixes: ['docker-hub', 'ghcr/'] })[0] ?? {}
    expect(Action).toEqual(['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository'])
    expect(Principal).toEqual({ AWS: ROLE })
    expect(Resource).toEqual([`${ARN}/docker-hub/*`, `${ARN}/ghcr/*`])
  })

  it('has a statement for each right, kind of party and set of prefixes, each with a name of its own', () => {
    const statements = statementsOf(
      { may: 'replicate', account: OTHER, prefixes: ['prod/', 'base'] },
      { may: 'pull', account: OTHER },
      { may: 'pull', organisation: ORG },
      { may: 'pull', account: '111122223333', prefixes: ['shared/'] },
      { may: 'pull', account: '444455556666' },
      { may: 'replicate', account: '111122223333', prefixes: ['base', 'prod/'] },
    )
    expect(statements.map(({ Sid, Principal, Resource }) => [Sid, Principal, Resource])).toEqual([
      ['PullFromAccounts', { AWS: [root(OTHER), root('444455556666')] }, [`${ARN}/*`]],
      ['PullFromOrganizations', '*', [`${ARN}/*`]],
      ['PullFromAccounts2', { AWS: root('111122223333') }, [`${ARN}/shared/*`]],
      ['ReplicateFromAccounts', { AWS: [root(OTHER), root('111122223333')] }, [`${ARN}/base*`, `${ARN}/prod/*`]],
    ])
  })

  it('speaks of the partition of the registry', () => {
    const place = { ...PLACE, partition: 'aws-cn', region: 'cn-north-1' }
    const [statement] = registryPolicyOf([{ may: 'pull', account: OTHER }], place).Statement
    expect(statement).toMatchObject({
      Principal: { AWS: `arn:aws-cn:iam::${OTHER}:root` },
      Resource: [`arn:aws-cn:ecr:cn-north-1:${OWN}:repository/*`],
    })
  })
})

describe('to the rule registry-policy, a policy', () => {
  const all: readonly RegistryAccess[] = [
    { may: 'pull', organisation: ORG },
    { may: 'pull', account: OTHER },
    { may: 'replicate', account: '111122223333' },
    { may: 'cache', role: ROLE, prefixes: ['docker-hub'] },
  ]
  const allowed = { organisations: [ORG], accounts: [OTHER], replicationAccounts: ['111122223333'] }
  const judged = (accesses: readonly RegistryAccess[], parameters: Readonly<Record<string, unknown>>) =>
    judge(registryPolicy, { policy: JSON.stringify(registryPolicyOf(accesses, PLACE)) }, { parameters })

  test('passes where its parties are allowed; roles of the account itself are', () => {
    expect(judged(all, allowed)).toMatchObject({ outcome: 'pass' })
  })

  test.each<[string, RegistryAccess, string]>([
    ['an organisation', { may: 'pull', organisation: ORG }, `Organisation ${ORG} may pull.`],
    ['an account', { may: 'pull', account: OTHER }, `Account ${OTHER} may pull.`],
    ['a source of replicas', { may: 'replicate', account: OTHER }, `Account ${OTHER} may replicate.`],
    [
      'a foreign role with a cache',
      { may: 'cache', role: `arn:aws:iam::${OTHER}:role/build`, prefixes: ['docker-hub'] },
      `Account ${OTHER} may do ecr:BatchImportUpstreamImage, ecr:CreateRepository.`,
    ],
  ])('fails with %s that is not allowed', (_, access, reason) => {
    expect(judged([access], {})).toMatchObject({ outcome: 'fail', reason })
  })
})

describe('what is refused', () => {
  const sentence = (access: RegistryAccess, isKnown = every) => {
    const refusal = registryAccessRefusal(access, OWN, 'access', isKnown)
    return refusal && `${refusal.prop}: ${refusal.why}. Write ${refusal.write}.`
  }
  const prefix = 'a'.repeat(256)

  it.each<[RegistryAccess, string]>([
    [{ may: 'push', account: OTHER } as never, 'access.may: "push" is none. Write one of pull, replicate, cache.'],
    [{ may: 'pull', account: '12' }, 'access.account: "12" is none. Write twelve digits.'],
    [{ may: 'replicate', account: 'o' }, 'access.account: "o" is none. Write twelve digits.'],
    [{ may: 'pull', organisation: 'r-1' }, 'access.organisation: "r-1" is none. Write an id such as o-a1b2c3d4e5.'],
    [
      { may: 'cache', role: 'build', prefixes: ['ghcr'] },
      'access.role: "build" is none. Write arn:aws:iam::123456789012:role/NAME.',
    ],
    [
      { may: 'replicate', account: OWN },
      `access.account: "${OWN}" is the account of the registry, whose own policies say what it may. Write another account, or leave it out.`,
    ],
    [{ may: 'cache', role: ROLE } as never, 'access.prefixes: it is missing. Write those of the cache rules.'],
    [
      { may: 'pull', account: OTHER, prefixes: [] },
      'access.prefixes: it is empty. Write one or more, or leave it out where every repository is meant.',
    ],
    [{ may: 'pull', account: OTHER, prefixes: ['a/', 'a/'] }, 'access.prefixes: "a/" is there twice. Write it once.'],
    [
      { may: 'pull', account: OTHER, prefixes: ['ROOT'] },
      'access.prefixes: "ROOT" is no prefix of names. Write 2 to 256 lower-case letters, digits and . _ - /, without a wildcard, such as prod/.',
    ],
  ])('%j', (access, text) => {
    expect(sentence(access)).toBe(text)
  })

  it.each(['p', 'prod/*', '/prod', 'a//b', 'Prod', `${prefix}a`, `${prefix.slice(1)}!`])('the prefix %s', (wrong) => {
    expect(sentence({ may: 'pull', account: OTHER, prefixes: ['fine/', wrong] })).toContain('is no prefix of names')
  })

  it.each(['prod/', 'prod', 'prod-', 'a.b_c/d-', prefix])('but not the prefix %s', (fine) => {
    expect(sentence({ may: 'pull', account: OTHER, prefixes: [fine] })).toBeUndefined()
  })

  it.each<RegistryAccess>([
    { may: 'pull', account: OTHER },
    { may: 'cache', account: OWN, prefixes: ['ghcr'] },
  ])('but not %j', (access) => {
    expect(sentence(access)).toBeUndefined()
  })

  it('nothing that is known at deployment alone', () => {
    const later = (text: string) => text !== 'LATER'
    expect(sentence({ may: 'pull', account: 'LATER', prefixes: ['LATER'] }, later)).toBeUndefined()
  })
})

describe('a policy that is too long', () => {
  const accounts = (count: number): readonly RegistryAccess[] =>
    Array.from({ length: count }, (_, index) => ({ may: 'pull', account: String(100_000_000_000 + index) }))
  const lengthOf = (count: number, place = PLACE) => JSON.stringify(registryPolicyOf(accounts(count), place)).length
  const most = Array.from({ length: 400 }, (_, index) => index + 1).findLast((count) => lengthOf(count) <= 10_240) ?? 0

  it('is refused from its first character on', () => {
    expect(lengthRefusal(accounts(most), PLACE, every)).toBeUndefined()
    expect(lengthRefusal(accounts(most + 1), PLACE, every)).toEqual({
      prop: 'access',
      why: `the registry policy has ${lengthOf(most + 1)} characters`,
      write: 'at most 10240 of them: an organisation in place of its accounts, or fewer prefixes',
    })
  })

  it('is as long as it is at least, where the place is known at deployment alone, and not judged where a party is', () => {
    const later = { partition: 'LATER', region: 'LATER', account: 'LATER' }
    const isKnown = (text: string) => !text.includes('LATER')
    const least = { ...PLACE, region: 'us-east-1' }
    expect(lengthRefusal(accounts(most + 5), later, isKnown)?.why).toContain(String(lengthOf(most + 5, least)))
    expect(lengthRefusal([...accounts(most), { may: 'pull', account: 'LATER' }], PLACE, isKnown)).toBeUndefined()
  })
})
