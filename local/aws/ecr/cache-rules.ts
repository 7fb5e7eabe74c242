import type * as ecr from '@aws-sdk/client-ecr'
import { AwsError } from '../error.ts'
import type { Handler } from '../service.ts'
import { cacheRuleNotFound } from './errors.ts'
import { page } from './page.ts'
import type { Registry } from './state.ts'

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
const MOST_RULES = 50

type Upstream = {
  readonly name: ecr.UpstreamRegistry
  readonly host: RegExp
  readonly needs: 'nothing' | 'secret'
}

/**
 * The upstreams that ECR caches from. Those of Amazon ECR in other accounts need a role, which is not asked for here.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
 */
const UPSTREAMS: readonly Upstream[] = [
  { name: 'ecr', host: /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/, needs: 'nothing' },
  { name: 'ecr-public', host: /^public\.ecr\.aws$/, needs: 'nothing' },
  { name: 'quay', host: /^quay\.io$/, needs: 'nothing' },
  { name: 'k8s', host: /^registry\.k8s\.io$/, needs: 'nothing' },
  { name: 'docker-hub', host: /^registry-1\.docker\.io$/, needs: 'secret' },
  { name: 'github-container-registry', host: /^ghcr\.io$/, needs: 'secret' },
  { name: 'azure-container-registry', host: /^[a-z0-9]+\.azurecr\.io$/, needs: 'secret' },
  { name: 'gitlab-container-registry', host: /^registry\.gitlab\.com$/, needs: 'secret' },
  { name: 'chainguard', host: /^cgr\.dev$/, needs: 'secret' },
]

const unsupported = (message: string): AwsError => new AwsError('UnsupportedUpstreamRegistryException', message)

function upstreamOf({ upstreamRegistryUrl = '', upstreamRegistry }: ecr.CreatePullThroughCacheRuleRequest): Upstream {
  const found = UPSTREAMS.find(({ host }) => host.test(upstreamRegistryUrl))
  if (!found || (upstreamRegistry !== undefined && upstreamRegistry !== found.name))
    throw unsupported(
      `The upstream registry URL ${upstreamRegistryUrl} is invalid. Specify a valid upstream registry URL and try again`,
    )
  return found
}

function checkSecret(registry: Registry, credentialArn: string | undefined): void {
  if (credentialArn === undefined || registry.hasSecret(credentialArn)) return
  throw new AwsError(
    'SecretNotFoundException',
    `The ARN of the secret specified in the pull through cache rule was not found: ${credentialArn}`,
  )
}

function need(registry: Registry, prefix = ''): ecr.PullThroughCacheRule {
  const rule = registry.cacheRules.get(prefix)
  if (!rule) throw cacheRuleNotFound(prefix, registry.around.account)
  return rule
}

function create(registry: Registry, input: ecr.CreatePullThroughCacheRuleRequest) {
  const { ecrRepositoryPrefix = '', upstreamRegistryUrl, credentialArn, customRoleArn } = input
  const { name, needs } = upstreamOf(input)
  if (needs === 'secret' && credentialArn === undefined)
    throw unsupported('The specified upstream registry requires authentication. Specify a valid Secrets Manager ARN.')
  checkSecret(registry, credentialArn)
  if (registry.cacheRules.has(ecrRepositoryPrefix))
    throw new AwsError(
      'PullThroughCacheRuleAlreadyExistsException',
      `A pull through cache rule with Amazon ECR repository prefix '${ecrRepositoryPrefix}' already exists in registry '${registry.around.account}'`,
    )
  if (registry.cacheRules.size >= MOST_RULES)
    throw new AwsError('LimitExceededException', `A registry can have at most ${MOST_RULES} pull through cache rules.`)
  const rule = {
    ecrRepositoryPrefix,
    upstreamRegistryUrl,
    createdAt: registry.now(),
    registryId: registry.around.account,
    upstreamRegistry: name,
    credentialArn,
    customRoleArn,
    upstreamRepositoryPrefix: input.upstreamRepositoryPrefix ?? 'ROOT',
  }
  registry.cacheRules.set(ecrRepositoryPrefix, rule)
  return rule
}

function describe(registry: Registry, input: ecr.DescribePullThroughCacheRulesRequest) {
  const { ecrRepositoryPrefixes: prefixes } = input
  const rules = prefixes
    ? prefixes.map((prefix) => need(registry, prefix))
    : [...registry.cacheRules].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rule]) => rule)
  const keyOf = ({ ecrRepositoryPrefix = '' }: ecr.PullThroughCacheRule): string => ecrRepositoryPrefix
  if (prefixes) return { pullThroughCacheRules: rules }
  const { items, nextToken } = page(rules, keyOf, 'DescribePullThroughCacheRules', input)
  return { pullThroughCacheRules: items, nextToken }
}

function update(registry: Registry, input: ecr.UpdatePullThroughCacheRuleRequest) {
  const rule = need(registry, input.ecrRepositoryPrefix)
  const { credentialArn = rule.credentialArn, customRoleArn = rule.customRoleArn } = input
  checkSecret(registry, credentialArn)
  Object.assign(rule, { credentialArn, customRoleArn, updatedAt: registry.now() })
  const { ecrRepositoryPrefix, registryId, updatedAt, upstreamRepositoryPrefix } = rule
  return { ecrRepositoryPrefix, registryId, updatedAt, credentialArn, customRoleArn, upstreamRepositoryPrefix }
}

/** No upstream is reached from here: a rule is valid while its secret is there. */
function validate(registry: Registry, { ecrRepositoryPrefix }: ecr.ValidatePullThroughCacheRuleRequest) {
  const { createdAt: _, updatedAt: __, upstreamRegistry: ___, ...rule } = need(registry, ecrRepositoryPrefix)
  const isValid = rule.credentialArn === undefined || registry.hasSecret(rule.credentialArn)
  return { ...rule, isValid, ...(!isValid && { failure: 'The secret of the pull through cache rule was not found.' }) }
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html */
export const cacheRuleHandlers = (registry: Registry): Record<string, Handler> => ({
  CreatePullThroughCacheRule: (input: ecr.CreatePullThroughCacheRuleRequest) => create(registry, input),
  DescribePullThroughCacheRules: (input: ecr.DescribePullThroughCacheRulesRequest) => describe(registry, input),
  UpdatePullThroughCacheRule: (input: ecr.UpdatePullThroughCacheRuleRequest) => update(registry, input),
  ValidatePullThroughCacheRule: (input: ecr.ValidatePullThroughCacheRuleRequest) => validate(registry, input),
  DeletePullThroughCacheRule: ({ ecrRepositoryPrefix = '' }: ecr.DeletePullThroughCacheRuleRequest) => {
    const { updatedAt: _, upstreamRegistry: __, ...deleted } = need(registry, ecrRepositoryPrefix)
    registry.cacheRules.delete(ecrRepositoryPrefix)
    return deleted
  },
})
