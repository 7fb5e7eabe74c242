import { App, Aws, CfnParameter, SecretValue, Stack } from 'aws-cdk-lib'
import { CfnPullThroughCacheRule } from 'aws-cdk-lib/aws-ecr'
import { Role } from 'aws-cdk-lib/aws-iam'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { describe, expect, it } from 'vitest'
import { pullThroughCache } from '../../../functions/domain/rules/pull-through-cache.ts'
import { type PullThroughCache, pullThroughCaches } from '../../../infra/registry/pull-through-caches.ts'
import { judge } from '../../domain/rules/facts.ts'
import { stackOf } from '../stack-of.ts'
import { statementsOf } from '../synth.ts'
import { HERE, refusalOf } from './refusals.ts'

const secretArn = (name: string, place = 'eu-west-1:123456789012'): string =>
  `arn:aws:secretsmanager:${place}:secret:${name}`
const HUB = secretArn('ecr-pullthroughcache/docker-hub-a1b2c3')
const OTHER = '999999999999'

const stack = stackOf((made) => {
  const { valueAsString: project } = new CfnParameter(made, 'Project', { default: 'shop' })
  pullThroughCaches(made, [
    { upstream: 'docker-hub', credentials: HUB },
    { upstream: 'ghcr', credentials: Secret.fromSecretNameV2(made, 'GitHub', 'ecr-pullthroughcache/ghcr') },
    { upstream: 'gitlab', credentials: secretArn('ecr-pullthroughcache/gitlab') },
    { upstream: 'chainguard', credentials: secretArn('ecr-pullthroughcache/chainguard') },
    { upstream: 'azure', registryName: 'contoso', credentials: secretArn('ecr-pullthroughcache/contoso') },
    ...(['quay', 'ecr-public', 'kubernetes'] as const).map((upstream) => ({ upstream })),
    { upstream: 'quay', prefix: `${project}/quay` },
    { upstream: 'ecr', prefix: 'tokyo/', region: 'ap-northeast-1' },
    { upstream: 'ecr', account: OTHER, upstreamRepositoryPrefix: 'base/' },
    {
      ...{ upstream: 'ecr', prefix: 'mirror', account: OTHER },
      role: Role.fromRoleArn(made, 'Puller', 'arn:aws:iam::123456789012:role/puller'),
    },
  ])
})

const rules = stack.ofType('AWS::ECR::PullThroughCacheRule').map(({ Properties }) => Properties)
const ruleOf = (prefix: unknown) => rules.find(({ EcrRepositoryPrefix }) => EcrRepositoryPrefix === prefix)
const suffix = { Ref: 'AWS::URLSuffix' }
const region = { Ref: 'AWS::Region' }

describe('a cache', () => {
  it.each([
    ['docker-hub', 'registry-1.docker.io', HUB],
    ['gitlab', 'registry.gitlab.com', secretArn('ecr-pullthroughcache/gitlab')],
    ['chainguard', 'cgr.dev', secretArn('ecr-pullthroughcache/chainguard')],
    ['azure', 'contoso.azurecr.io', secretArn('ecr-pullthroughcache/contoso')],
  ])('of %s knows its host and its secret', (prefix, UpstreamRegistryUrl, CredentialArn) => {
    expect(ruleOf(prefix)).toEqual({ EcrRepositoryPrefix: prefix, UpstreamRegistryUrl, CredentialArn })
  })

  it('takes a secret by its name', () => {
    const { CredentialArn, UpstreamRegistryUrl } = ruleOf('ghcr') ?? {}
    expect(UpstreamRegistryUrl).toBe('ghcr.io')
    expect(JSON.stringify(CredentialArn)).toContain(':secret:ecr-pullthroughcache/ghcr')
  })

  it.each([
    ['quay', 'quay.io'],
    ['ecr-public', 'public.ecr.aws'],
    ['kubernetes', 'registry.k8s.io'],
  ])('of %s asks for nothing', (prefix, UpstreamRegistryUrl) => {
    expect(ruleOf(prefix)).toEqual({ EcrRepositoryPrefix: prefix, UpstreamRegistryUrl })
  })

  it('has a prefix that may be known only at deployment', () => {
    expect(rules).toContainEqual({
      EcrRepositoryPrefix: { 'Fn::Join': ['', [{ Ref: 'Project' }, '/quay']] },
      UpstreamRegistryUrl: 'quay.io',
    })
  })
})

describe('a cache of a registry of ECR', () => {
  it('needs no role within the account', () => {
    const account = { Ref: 'AWS::AccountId' }
    expect(ruleOf('tokyo')).toEqual({
      EcrRepositoryPrefix: 'tokyo',
      UpstreamRegistryUrl: { 'Fn::Join': ['', [account, '.dkr.ecr.ap-northeast-1.', suffix]] },
    })
  })

  it('has a role for another account, which pulls there and pushes here, and nowhere else', () => {
    expect(ruleOf('ecr')).toEqual({
      EcrRepositoryPrefix: 'ecr',
      UpstreamRegistryUrl: { 'Fn::Join': ['', [`${OTHER}.dkr.ecr.`, region, '.', suffix]] },
      UpstreamRepositoryPrefix: 'base',
      CustomRoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^CachesecrRole/), 'Arn'] },
    })
    expect(stack.one('AWS::IAM::Role').Properties.AssumeRolePolicyDocument).toMatchObject({
      Statement: [{ Action: 'sts:AssumeRole', Principal: { Service: 'pullthroughcache.ecr.amazonaws.com' } }],
    })
    const [work, login] = statementsOf(stack.one('AWS::IAM::Policy'))
    const arn = (...account: readonly unknown[]) => ({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:', region, ...account]],
    })
    expect(work?.Resource).toEqual([
      arn(':', { Ref: 'AWS::AccountId' }, ':repository/ecr/*'),
      arn(`:${OTHER}:repository/base/*`),
    ])
    expect(work?.Action).toEqual(expect.arrayContaining(['ecr:BatchGetImage', 'ecr:PutImage']))
    expect(login).toMatchObject({ Action: 'ecr:GetAuthorizationToken', Resource: '*' })
  })

  it('takes a role that is there', () => {
    expect(ruleOf('mirror')).toMatchObject({ CustomRoleArn: 'arn:aws:iam::123456789012:role/puller' })
  })
})

/** As it stands in ECR once the stack is deployed to `HERE`. */
const deployed = (text: unknown): string =>
  JSON.stringify(text)
    .replaceAll('{"Ref":"AWS::AccountId"}', `"${HERE.account}"`)
    .replaceAll('{"Ref":"AWS::Region"}', `"${HERE.region}"`)
    .replaceAll('{"Ref":"AWS::URLSuffix"}', '"amazonaws.com"')
    .replaceAll('{"Ref":"AWS::Partition"}', '"aws"')
    .replace(/^\{"Fn::Join":\["",\[(.*)\]\]\}$/, '$1')
    .replaceAll('"', '')
    .replaceAll(',', '')

it('passes the rule pull-through-cache, whatever is cached', () => {
  const cacheRules = rules.map(({ EcrRepositoryPrefix, UpstreamRegistryUrl, CredentialArn, CustomRoleArn }) => ({
    prefix: deployed(EcrRepositoryPrefix),
    upstream: deployed(UpstreamRegistryUrl),
    credentialArn: CredentialArn === undefined ? undefined : deployed(CredentialArn),
    customRoleArn: CustomRoleArn === undefined ? undefined : deployed(CustomRoleArn),
  }))
  expect(cacheRules).toHaveLength(12)
  expect(judge(pullThroughCache, { cacheRules })).toMatchObject({ outcome: 'pass' })
})

it('keeps its logical ids wherever a cache stands in the list', () => {
  const idsOf = (caches: readonly PullThroughCache[]) => {
    const made = new Stack(new App(), 'User')
    pullThroughCaches(made, caches)
    const rules = made.node.findAll().filter((one) => CfnPullThroughCacheRule.isCfnPullThroughCacheRule(one))
    return rules.map(({ logicalId }) => made.resolve(logicalId))
  }
  const quay = { upstream: 'quay' } as const
  const nested = { upstream: 'ecr-public', prefix: 'cache/public' } as const
  expect(idsOf([quay, nested])).toEqual(['CachesquayRule925ECB79', 'CachescachepublicRule2F820B1A'])
  expect(idsOf([nested, quay])).toEqual(idsOf([quay, nested]).toReversed())
})

describe('refuses', () => {
  const refusal = (...caches: readonly unknown[]) =>
    refusalOf((made) => void pullThroughCaches(made, caches as PullThroughCache[]))
  const byHand =
    "Write Secret.fromSecretNameV2(this, 'Credentials', 'ecr-pullthroughcache/docker-hub'), a secret that is there already, with username and accessToken in it."
  const hub = (credentials: unknown) => refusal({ upstream: 'docker-hub', credentials })

  it.each([
    [
      'an upstream that ECR does not cache',
      [{ upstream: 'gcr' }],
      'pullThroughCaches[0].upstream: it is "gcr", which ECR does not cache. Write one of docker-hub, ghcr, gitlab, azure, chainguard, quay, ecr-public, kubernetes, ecr.',
    ],
    [
      'one prefix twice, also with a slash',
      [{ upstream: 'quay' }, { upstream: 'ecr-public', prefix: 'quay/' }],
      'pullThroughCaches[0].prefix: "quay" is the prefix of pullThroughCaches[1], too. Write prefixes of which none is inside another: cache/docker-hub and cache/ghcr.',
    ],
    [
      'a prefix inside another',
      [
        { upstream: 'quay', prefix: 'cache' },
        { upstream: 'ecr-public', prefix: 'cache/public' },
      ],
      'pullThroughCaches[1].prefix: "cache/public" is inside "cache", the prefix of pullThroughCaches[0]. Write prefixes of which none is inside another: cache/docker-hub and cache/ghcr.',
    ],
    [
      'ROOT',
      [{ upstream: 'quay', prefix: 'ROOT' }],
      "pullThroughCaches[0].prefix: with ROOT every name that the registry does not have is asked of the upstream, also one that somebody mistyped. Write a prefix, such as 'docker-hub'.",
    ],
    [
      'a prefix of one character',
      [{ upstream: 'quay', prefix: 'q' }],
      'pullThroughCaches[0].prefix: "q" has 1 characters. Write 2 to 30 of them.',
    ],
    [
      'a prefix that begins no name',
      [{ upstream: 'quay', prefix: 'Quay' }],
      'pullThroughCaches[0].prefix: "Quay" begins no name of a repository. Write lower-case letters and digits, with one of . _ - between them, and / between namespaces: cache/docker-hub.',
    ],
    [
      'a registry of Azure by its host',
      [{ upstream: 'azure', registryName: 'contoso.azurecr.io', credentials: HUB }],
      'pullThroughCaches[0].registryName: "contoso.azurecr.io" is no name of a registry. Write what stands before .azurecr.io: \'contoso\'.',
    ],
    [
      'the registry itself',
      [{ upstream: 'ecr' }],
      'pullThroughCaches[0].account: the registry would cache itself. Write another account or region.',
    ],
    [
      'an account that is none',
      [{ upstream: 'ecr', account: '12' }],
      'pullThroughCaches[0].account: "12" is no account. Write twelve digits.',
    ],
    [
      'a prefix of the upstream that begins no name',
      [{ upstream: 'ecr', account: OTHER, upstreamRepositoryPrefix: '-base' }],
      'pullThroughCaches[0].upstreamRepositoryPrefix: "-base" begins no name of a repository. Write lower-case letters and digits, with one of . _ - between them, and / between namespaces: cache/docker-hub.',
    ],
    [
      'more than fifty',
      Array.from({ length: 51 }, (_, index) => ({ upstream: 'quay', prefix: `quay-${index}` })),
      'pullThroughCaches: there are 51. Write at most 50.',
    ],
    [
      'needless credentials',
      [{ upstream: 'quay', credentials: HUB }],
      'pullThroughCaches[0].credentials: Quay takes none. Write no credentials.',
    ],
  ])('%s', (_, caches, message) => {
    expect(refusal(...caches)).toBe(`Registry: ${message}`)
  })

  it.each([
    ['none', undefined, 'they are missing, and Docker Hub asks who pulls'],
    ['a name', 'ecr-pullthroughcache/docker-hub', '"ecr-pullthroughcache/docker-hub" is no ARN of a secret'],
    [
      'a secret that ECR does not look for',
      secretArn('hub'),
      'its name is "hub", and ECR looks for names that begin with ecr-pullthroughcache/',
    ],
  ])('%s for credentials', (_, credentials, why) => {
    expect(hub(credentials)).toBe(`Registry: pullThroughCaches[0].credentials: ${why}. ${byHand}`)
  })

  it.each(['eu-west-1:999999999999', 'eu-central-1:123456789012'])('a secret of %s', (place) => {
    expect(hub(secretArn('ecr-pullthroughcache/hub', place))).toMatch(
      /credentials: it is in \d{12} and eu-\w+-1, and ECR takes secrets of its own account and region alone\. Write a secret of 123456789012 and eu-west-1 of the stack\.$/,
    )
  })

  it('a role of another account', () => {
    const message = refusalOf((made) => {
      const role = Role.fromRoleArn(made, 'Puller', `arn:aws:iam::${OTHER}:role/puller`)
      pullThroughCaches(made, [{ upstream: 'ecr', account: OTHER, role }])
    })
    expect(message).toBe(
      'Registry: pullThroughCaches[0].role: it is in 999999999999, and ECR takes a role of its own account, 123456789012. Write none, and one is made.',
    )
  })

  const ofSecret = (props: ConstructorParameters<typeof Secret>[2]) =>
    refusalOf((made) => {
      const credentials = new Secret(made, 'Hub', props)
      pullThroughCaches(made, [{ upstream: 'docker-hub', credentials }])
    })
  const secretName = 'ecr-pullthroughcache/docker-hub'
  const secretObjectValue = { username: SecretValue.unsafePlainText('robot') }

  it.each([
    ['name', {}, 'its name is generated, and ECR looks for names that begin with ecr-pullthroughcache/'],
    ['value', { secretName }, 'its value is generated, and Docker Hub does not know it'],
    [
      'other name',
      { secretName: 'hub', secretObjectValue },
      'its name is "hub", and ECR looks for names that begin with ecr-pullthroughcache/',
    ],
  ])('a secret of the app with a generated or wrong one: %s', (_, props, why) => {
    expect(ofSecret(props)).toBe(`Registry: pullThroughCaches[0].credentials: ${why}. ${byHand}`)
  })

  it('neither a secret of the app with a name and a value, nor what is known only at deployment', () => {
    expect(ofSecret({ secretName, secretObjectValue })).toBeUndefined()
    expect(hub(Aws.NO_VALUE)).toBeUndefined()
  })
})
