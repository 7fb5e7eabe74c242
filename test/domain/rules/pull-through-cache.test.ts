import { describe, expect, test } from 'vitest'
import type { CacheRule } from '../../../functions/domain/facts/registry-facts.ts'
import { pullThroughCache } from '../../../functions/domain/rules/pull-through-cache.ts'
import { judge } from './facts.ts'

const SECRET = 'arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:ecr-pullthroughcache/hub-a1b2c3'
const OTHER = '987654321098.dkr.ecr.eu-west-1.amazonaws.com'
const rule = (upstream: string, change: Partial<CacheRule> = {}): CacheRule => ({
  prefix: 'cache',
  upstream,
  ...change,
})

const needing = ['registry-1.docker.io', 'ghcr.io', 'registry.gitlab.com', 'acme.azurecr.io', 'cgr.dev', 'new.example']

describe('pull-through-cache', () => {
  test('is not about a registry that caches nothing', () => {
    expect(judge(pullThroughCache, { cacheRules: [] })).toMatchObject({ outcome: 'not-applicable' })
  })

  test.each(['public.ecr.aws', 'registry.k8s.io', 'quay.io'])('asks for no credentials for %s', (upstream) => {
    expect(judge(pullThroughCache, { cacheRules: [rule(upstream)] })).toMatchObject({ outcome: 'pass' })
  })

  test.each(needing)('asks for credentials for %s', (upstream) => {
    expect(judge(pullThroughCache, { cacheRules: [rule(upstream)] })).toMatchObject({
      outcome: 'fail',
      reason: `cache has no credentials for ${upstream}.`,
      evidence: [{ name: 'Cache rule', value: `cache ← ${upstream}` }],
      fix: { cdk: 'CfnPullThroughCacheRule: credentialArn: secret.secretArn' },
    })
    expect(judge(pullThroughCache, { cacheRules: [rule(upstream, { credentialArn: SECRET })] })).toMatchObject({
      outcome: 'pass',
    })
  })

  test('asks for a secret that ECR looks for', () => {
    const credentialArn = SECRET.replace('ecr-pullthroughcache/', '')
    expect(judge(pullThroughCache, { cacheRules: [rule('ghcr.io', { credentialArn })] })).toMatchObject({
      outcome: 'fail',
      reason: 'cache has credentials that ECR does not look for.',
    })
  })

  test.each([
    ['the same account', rule('123456789012.dkr.ecr.eu-west-1.amazonaws.com'), 'pass'],
    ['another account without a role', rule(OTHER), 'fail'],
    ['another account with a role', rule(OTHER, { customRoleArn: 'arn:aws:iam::123456789012:role/cache' }), 'pass'],
  ])('asks for a role for ECR of another account: %s', (_, cacheRule, outcome) => {
    expect(judge(pullThroughCache, { cacheRules: [cacheRule] })).toMatchObject({ outcome })
  })

  test('takes only upstreams that are allowed', () => {
    const parameters = { upstreams: ['public.ecr.aws', '*.azurecr.io'] }
    const allowed = [rule('public.ecr.aws'), rule('acme.azurecr.io', { credentialArn: SECRET })]
    expect(judge(pullThroughCache, { cacheRules: allowed }, { parameters })).toMatchObject({ outcome: 'pass' })
    expect(judge(pullThroughCache, { cacheRules: [...allowed, rule('quay.io')] }, { parameters })).toMatchObject({
      outcome: 'fail',
      reason: 'cache caches quay.io, which is not allowed.',
      fix: {
        command: 'aws ecr delete-pull-through-cache-rule --region ap-northeast-1 --ecr-repository-prefix cache',
      },
    })
  })

  test('names some of many rules that are wrong', () => {
    const cacheRules = Array.from({ length: 7 }, (_, n) => rule('ghcr.io', { prefix: `p${n}` }))
    expect(judge(pullThroughCache, { cacheRules })).toMatchObject({
      reason: expect.stringMatching(/^p0 .*; p4 has no credentials for ghcr\.io; and 2 more\.$/),
      evidence: { length: 5 },
    })
  })

  test('names every rule that is wrong', () => {
    const cacheRules = [rule('ghcr.io'), rule('public.ecr.aws'), rule(OTHER, { prefix: 'other' })]
    expect(judge(pullThroughCache, { cacheRules })).toMatchObject({
      reason: `cache has no credentials for ghcr.io; other has no role for ${OTHER}.`,
    })
  })
})
