import { Stack, Token, TokenComparison } from 'aws-cdk-lib'
import { CfnPullThroughCacheRule } from 'aws-cdk-lib/aws-ecr'
import { Construct } from 'constructs'
import { quoted } from '../../functions/domain/new-repository/refusal.ts'
import { type Refusal, refuse } from '../refuse.ts'
import { arnOf, credentialsRefusal } from './cache-credentials.ts'
import { cacheRole } from './cache-role.ts'
import { prefixRefusal, withoutSlash } from './prefixes.ts'
import { stableId } from './stable-id.ts'
import { type PullThroughCache, UPSTREAMS } from './upstreams.ts'

export type { CacheCredentials, PullThroughCache } from './upstreams.ts'

/** Rules of a registry. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
const MOST_RULES = 50
/** Characters of a prefix. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html */
const PREFIX_LENGTH = [2, 30] as const
const ACCOUNT = /^\d{12}$/
const AZURE_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/
const ROOT = 'ROOT'

type OfEcr = Extract<PullThroughCache, { readonly upstream: 'ecr' }>

/** Of the cached repositories, without a slash at the end. */
const cachePrefix = ({ prefix, upstream }: PullThroughCache): string => withoutSlash(prefix ?? upstream)

function ownPrefixRefusal(prop: string, prefix: string): Refusal | undefined {
  if (prefix === ROOT)
    return {
      prop,
      why: `with ${ROOT} every name that the registry does not have is asked of the upstream, also one that somebody mistyped`,
      write: "a prefix, such as 'docker-hub'",
    }
  return prefixRefusal(prop, prefix, PREFIX_LENGTH)
}

function ecrRefusal(scope: Construct, prop: string, { account, region, role, ...cache }: OfEcr): Refusal | undefined {
  const { account: ownAccount, region: ownRegion } = Stack.of(scope)
  if (account !== undefined && !Token.isUnresolved(account) && !ACCOUNT.test(account))
    return { prop: `${prop}.account`, why: `${quoted(account)} is no account`, write: 'twelve digits' }
  if ((account ?? ownAccount) === ownAccount && (region ?? ownRegion) === ownRegion)
    return { prop: `${prop}.account`, why: 'the registry would cache itself', write: 'another account or region' }
  if (role && Token.compareStrings(role.env.account, ownAccount) === TokenComparison.DIFFERENT)
    return {
      prop: `${prop}.role`,
      why: `it is in ${role.env.account}, and ECR takes a role of its own account, ${ownAccount}`,
      write: 'none, and one is made',
    }
  const { upstreamRepositoryPrefix: upstream } = cache
  return upstream === undefined ? undefined : prefixRefusal(`${prop}.upstreamRepositoryPrefix`, upstream, PREFIX_LENGTH)
}

function cacheRefusal(scope: Construct, prop: string, cache: PullThroughCache): Refusal | undefined {
  const { upstream, prefix = upstream } = cache
  if (!Object.hasOwn(UPSTREAMS, upstream))
    return {
      prop: `${prop}.upstream`,
      why: `it is ${quoted(String(upstream))}, which ECR does not cache`,
      write: `one of ${Object.keys(UPSTREAMS).join(', ')}`,
    }
  const credentials = 'credentials' in cache ? cache.credentials : undefined
  return (
    ownPrefixRefusal(`${prop}.prefix`, prefix) ??
    credentialsRefusal(scope, `${prop}.credentials`, upstream, credentials) ??
    (cache.upstream === 'ecr' ? ecrRefusal(scope, prop, cache) : undefined) ??
    (cache.upstream === 'azure' ? azureRefusal(`${prop}.registryName`, cache.registryName) : undefined)
  )
}

const azureRefusal = (prop: string, name: string): Refusal | undefined =>
  Token.isUnresolved(name) || AZURE_NAME.test(name)
    ? undefined
    : {
        prop,
        why: `${quoted(String(name))} is no name of a registry`,
        write: "what stands before .azurecr.io: 'contoso'",
      }

/** Two of which one is the other, or inside of it: no page of ECR says which of the rules a name would go to. */
function overlap(prefixes: readonly string[]): Refusal | undefined {
  for (const [index, prefix] of prefixes.entries()) {
    const outer = prefixes.findIndex((other, at) => at !== index && `${prefix}/`.startsWith(`${other}/`))
    if (outer < 0) continue
    const [other] = prefixes.slice(outer)
    return {
      prop: `pullThroughCaches[${index}].prefix`,
      why:
        prefix === other
          ? `${quoted(prefix)} is the prefix of pullThroughCaches[${outer}], too`
          : `${quoted(prefix)} is inside ${quoted(String(other))}, the prefix of pullThroughCaches[${outer}]`,
      write: 'prefixes of which none is inside another: cache/docker-hub and cache/ghcr',
    }
  }
  return undefined
}

function hostOf(scope: Construct, cache: PullThroughCache): string {
  if (cache.upstream === 'azure') return `${cache.registryName}.azurecr.io`
  if (cache.upstream !== 'ecr') return String(UPSTREAMS[cache.upstream].host)
  const { account, region, urlSuffix } = Stack.of(scope)
  return `${cache.account ?? account}.dkr.ecr.${cache.region ?? region}.${urlSuffix}`
}

/** What a registry of ECR needs beside its host. */
function ofEcr(scope: Construct, cache: OfEcr) {
  const isOther = cache.account !== undefined && cache.account !== Stack.of(scope).account
  const { upstreamRepositoryPrefix: upstream } = cache
  const narrowed = upstream === undefined ? {} : { upstreamRepositoryPrefix: withoutSlash(upstream) }
  const role = cache.role ?? (isOther ? cacheRole(scope, cachePrefix(cache), { ...cache, ...narrowed }) : undefined)
  return { ...narrowed, ...(role && { customRoleArn: role.roleArn }) }
}

/**
 * Repositories that ECR fills from another registry, when somebody pulls what it does not have.
 * @returns the prefixes of their repositories, without a slash at the end
 * @throws {Error} for what ECR would refuse, and for prefixes of which one is inside another
 */
export function pullThroughCaches(scope: Construct, caches: readonly PullThroughCache[]): readonly string[] {
  if (caches.length === 0) return []
  const why = `there are ${caches.length}`
  const refusal =
    (caches.length > MOST_RULES ? { prop: 'pullThroughCaches', why, write: `at most ${MOST_RULES}` } : undefined) ??
    caches.map((cache, index) => cacheRefusal(scope, `pullThroughCaches[${index}]`, cache)).find(Boolean) ??
    overlap(caches.map(cachePrefix))
  if (refusal) refuse(scope, refusal)
  const group = new Construct(scope, 'Caches')
  for (const cache of caches) {
    const prefix = cachePrefix(cache)
    const place = new Construct(group, stableId(scope, prefix))
    const rule = new CfnPullThroughCacheRule(place, 'Rule', {
      ecrRepositoryPrefix: prefix,
      upstreamRegistryUrl: hostOf(scope, cache),
      ...('credentials' in cache && { credentialArn: arnOf(cache.credentials) }),
      ...(cache.upstream === 'ecr' && ofEcr(place, cache)),
    })
    // The rights of the role that is made for it come first.
    for (const role of place.node.children.filter((child) => child !== rule)) rule.node.addDependency(role)
  }
  return caches.map(cachePrefix)
}
