import type { RegistryScanning } from './repository-facts.ts'

/** The private registry of an account in a region. */
export type RegistryRef = { readonly account: string; readonly region: string }

export type ReplicationRule = {
  readonly destinations: readonly { readonly region: string; readonly account: string }[]
  /** Prefixes of repository names; without any, every repository. */
  readonly prefixes: readonly string[]
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PullThroughCacheRule.html */
export type CacheRule = {
  readonly prefix: string
  /** Host of the upstream: `registry-1.docker.io`. */
  readonly upstream: string
  readonly credentialArn?: string | undefined
  readonly customRoleArn?: string | undefined
}

/** What is read of a registry. */
export type RegistryValues = {
  readonly scanning: RegistryScanning
  /** Text of the registry policy; undefined where there is none. */
  readonly policy: string | undefined
  readonly replication: readonly ReplicationRule[]
  readonly cacheRules: readonly CacheRule[]
}
