import { App, Fn, Stack, type StackProps } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { type RegistryGrant, type ReplicationSource, registryPolicy } from '../../../infra/registry/registry-policy.ts'
import { canonicalPolicy, REGISTRY_POLICY } from '../../../local/aws/ecr/policy-document.ts'

const OWN = '123456789012'
const OTHER = '987654321098'
const HERE = { account: OWN, region: 'eu-west-1' }

const made = (
  grants: readonly RegistryGrant[],
  sources: readonly ReplicationSource[] = [],
  props: StackProps = { env: HERE },
) => {
  const app = new App({ context: { '@aws-cdk/core:enablePartitionLiterals': true } })
  const stack = new Stack(app, 'User', props)
  const resource = registryPolicy(stack, grants, sources)
  return resource && stack.resolve(resource.policyText)
}

describe('the policy', () => {
  it('is none where nobody is named', () => {
    expect(made([])).toBeUndefined()
  })

  it('is one that ECR takes, with all who are named', () => {
    const policy = made([{ may: 'pull', account: OTHER }], [{ account: OTHER }])
    expect(policy.Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual([
      'PullFromAccounts',
      'ReplicateFromAccounts',
    ])
    expect(canonicalPolicy(JSON.stringify(policy), REGISTRY_POLICY)).toContain(
      `arn:aws:ecr:eu-west-1:${OWN}:repository/*`,
    )
  })

  it('may name who is known at deployment alone', () => {
    const [{ Principal }] = made([{ may: 'pull', account: Fn.ref('Partner') }], [], {}).Statement
    expect(JSON.stringify(Principal)).toContain('{"Ref":"Partner"}')
  })
})

describe('what is refused at synthesis', () => {
  const accounts = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ may: 'pull' as const, account: String(100_000_000_000 + index) }))

  it.each<[string, readonly RegistryGrant[], readonly ReplicationSource[], RegExp]>([
    ['no account', [{ may: 'pull', account: '12' }], [], /access\.account: "12" is none\. Write twelve digits/],
    ['its own account', [], [{ account: OWN }], /replicationFrom\.account: "123456789012" is the account of the reg/],
    ['no source', [], [{ account: 'partner' }], /replicationFrom\.account: "partner" is none\. Write twelve digits/],
    ['a pattern', [], [{ account: OTHER, prefixes: ['prod/*'] }], /replicationFrom\.prefixes: "prod\/\*" is no prefix/],
    ['too long a policy', accounts(400), [], /access: the registry policy has \d+ characters\. Write at most 10240/],
  ])('%s', (_, grants, sources, message) => {
    expect(() => made(grants, sources)).toThrow(message)
    expect(() => made(grants, sources)).toThrow(/^User: /)
  })

  it('is too long wherever the stack goes', () => {
    expect(() => made(accounts(400), [], {})).toThrow(/the registry policy has \d+ characters/)
  })
})
