import type { CacheRule, RegistryRef } from '../facts/registry-facts.ts'
import { matches } from '../pattern.ts'
import { awsCommand } from '../rule/aws-command.ts'
import { type Fix, fail, notApplicable, pass } from '../rule/judgement.ts'
import { globs } from '../rule/parameter.ts'
import { registryRule } from '../rule/rule.ts'

/** Upstreams that ask nobody who they are. */
const OPEN = ['public.ecr.aws', 'registry.k8s.io', 'quay.io']
/** Another registry of ECR, whose account a role has to be taken for. */
const ECR = /^(\d{12})\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/
/** Where ECR looks for a secret. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-secret.html */
const SECRET = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:ecr-pullthroughcache\//

/** Rules that are named; ECR takes fifty. */
const MOST = 5

type Trouble = { readonly rule: CacheRule; readonly why: string; readonly fix: Fix }

const deletion = ({ prefix, upstream }: CacheRule, { region }: RegistryRef): Fix => ({
  text: `Delete the cache rule ${prefix}, or allow ${upstream}; what is cached stays.`,
  command: awsCommand('DeletePullThroughCacheRule', { ecrRepositoryPrefix: prefix }, region),
  cdk: 'CfnPullThroughCacheRule: upstreamRegistryUrl',
})

const SECRET_FIX: Fix = {
  text: 'Keep a user name and a token of the upstream in a secret whose name begins with ecr-pullthroughcache/, and name it in the rule.',
  cdk: 'CfnPullThroughCacheRule: credentialArn: secret.secretArn',
}
const ROLE_FIX: Fix = {
  text: 'Name a role in the rule that may pull from the registry of the other account.',
  cdk: 'CfnPullThroughCacheRule: customRoleArn: role.roleArn',
}

function troubleOf(rule: CacheRule, allowed: readonly string[], ref: RegistryRef): Trouble | undefined {
  const { prefix, upstream, credentialArn, customRoleArn } = rule
  if (allowed.length > 0 && !allowed.some((pattern) => matches(pattern, upstream)))
    return { rule, why: `${prefix} caches ${upstream}, which is not allowed`, fix: deletion(rule, ref) }
  const [, account] = ECR.exec(upstream) ?? []
  if (account !== undefined)
    return account === ref.account || customRoleArn
      ? undefined
      : { rule, why: `${prefix} has no role for ${upstream}`, fix: ROLE_FIX }
  if (OPEN.includes(upstream) || SECRET.test(credentialArn ?? '')) return undefined
  const why = credentialArn
    ? `${prefix} has credentials that ECR does not look for`
    : `${prefix} has no credentials for ${upstream}`
  return { rule, why, fix: SECRET_FIX }
}

export const pullThroughCache = registryRule({
  id: 'pull-through-cache',
  severity: 'MEDIUM',
  summary: 'Only upstreams that are allowed are cached, with the credentials that they ask for.',
  why: 'A cache rule brings images of strangers into the registry. Where the upstream asks who pulls, a rule without credentials fails at the first pull: Docker Hub, GitHub, GitLab, Azure and Chainguard do; ECR Public, Quay and Kubernetes do not.',
  see: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html',
  needs: ['cacheRules'],
  parameters: {
    upstreams: globs({
      about: 'Hosts that may be cached; without any, all that ECR can cache.',
      default: [],
      example: '[public.ecr.aws, registry-1.docker.io, "*.azurecr.io"]',
    }),
  },
  judge({ cacheRules }, { upstreams }, { ref }) {
    if (cacheRules.length === 0) return notApplicable('The registry caches nothing.')
    const troubles = cacheRules.flatMap((rule) => troubleOf(rule, upstreams, ref) ?? [])
    const [first] = troubles
    if (!first) return pass('Every cache rule is as it should be.')
    const shown = troubles.slice(0, MOST)
    const more = troubles.length > MOST ? `; and ${troubles.length - MOST} more` : ''
    const evidence = shown.map(({ rule: { prefix, upstream } }) => ({
      name: 'Cache rule',
      value: `${prefix} ← ${upstream}`,
    }))
    return fail(`${shown.map(({ why }) => why).join('; ')}${more}.`, first.fix, evidence)
  },
})
