import type { CacheRule, RegistryRef, ReplicationRule } from '../domain/facts/registry-facts.ts'
import { Unreadable } from '../faults.ts'
import type { RegistryReader } from '../policy/reader.ts'
import { type EcrCall, ecrCall, noneIf, ownRegistry, pages, present } from './ecr-call.ts'
import { readScanning } from './registry-scanning.ts'
import type { AwsCall } from './signed-aws.ts'

type Filter = { readonly filter: string; readonly filterType: string }
type Rule = {
  readonly destinations: readonly { readonly region: string; readonly registryId: string }[]
  readonly repositoryFilters?: readonly Filter[]
}
type Registry = { readonly replicationConfiguration: { readonly rules?: readonly Rule[] } }
type CacheRules = {
  readonly pullThroughCacheRules: readonly {
    readonly ecrRepositoryPrefix: string
    readonly upstreamRegistryUrl: string
    readonly credentialArn?: string
    readonly customRoleArn?: string
  }[]
}

/** A filter that is read wrongly would make a rule cover what it does not. */
function prefixOf({ filter, filterType }: Filter): string {
  if (filterType === 'PREFIX_MATCH') return filter
  throw new Unreadable(`replication has a filter of the type ${filterType}, which is not known here`, true, undefined)
}

async function readReplication(call: EcrCall, registry: RegistryRef): Promise<readonly ReplicationRule[]> {
  const { replicationConfiguration } = await ownRegistry<Registry>(call, registry, 'DescribeRegistry')
  const { rules = [] } = present(replicationConfiguration, 'DescribeRegistry')
  return rules.map(({ destinations, repositoryFilters = [] }) => ({
    destinations: destinations.map(({ region, registryId }) => ({ region, account: registryId })),
    prefixes: repositoryFilters.map(prefixOf),
  }))
}

/** `registry-1.docker.io` of `https://registry-1.docker.io/`. */
const hostOf = (url: string): string =>
  url
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .split('/', 1)
    .join()

async function readCacheRules(call: EcrCall, registry: RegistryRef): Promise<readonly CacheRule[]> {
  const operation = 'DescribePullThroughCacheRules'
  const found: CacheRule[] = []
  for await (const page of pages<CacheRules>(call, registry, operation, { registryId: registry.account })) {
    for (const rule of present(page.pullThroughCacheRules, operation)) {
      const { ecrRepositoryPrefix: prefix, upstreamRegistryUrl, credentialArn, customRoleArn } = rule
      found.push({ prefix, upstream: hostOf(upstreamRegistryUrl), credentialArn, customRoleArn })
    }
  }
  return found
}

/**
 * The registry of an account as ECR has it in `region`, one call for each value. Nothing is kept between two reads.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRegistry.html
 */
export function ecrRegistry(aws: AwsCall, region: string): RegistryReader {
  const call = ecrCall(aws, region)
  return {
    scanning: (ref) => readScanning(call, ref),
    policy: (ref) =>
      ownRegistry<{ readonly policyText: string }>(call, ref, 'GetRegistryPolicy')
        .then(({ policyText }) => present(policyText, 'GetRegistryPolicy'))
        .catch(noneIf('RegistryPolicyNotFoundException')),
    replication: (ref) => readReplication(call, ref),
    cacheRules: (ref) => readCacheRules(call, ref),
  }
}
