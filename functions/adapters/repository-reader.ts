import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { RepositoryRef, RepositorySettings, TagMutability } from '../domain/facts/repository-facts.ts'
import { repositoryArn } from '../domain/registry.ts'
import { kept } from '../kept.ts'
import type { RepositoryReader } from '../policy/reader.ts'
import { ecrCall, instant, noneIf, pages, present } from './ecr-call.ts'
import { readScanning } from './registry-scanning.ts'
import type { AwsCall } from './signed-aws.ts'

type Described = {
  readonly repositoryName?: string
  readonly createdAt?: number
  readonly imageTagMutability?: TagMutability
  readonly imageTagMutabilityExclusionFilters?: readonly { readonly filter: string }[]
  readonly imageScanningConfiguration?: { readonly scanOnPush?: boolean }
  readonly encryptionConfiguration?: { readonly encryptionType: string; readonly kmsKey?: string }
}
type Repositories = { readonly repositories: readonly Described[] }
type Tags = { readonly tags: readonly { readonly Key: string; readonly Value?: string }[] }

/** A repository with its settings: a listing brings both. */
export type ListedRepository = { readonly ref: RepositoryRef; readonly settings: RepositorySettings }

export type EcrRepositories = RepositoryReader & {
  /**
   * Every repository of a registry with its settings, up to 1,000 a page, in the order that ECR lists them.
   * @throws {Unreadable} also in the midst of it
   */
  listRepositories(registry: RegistryRef): AsyncIterable<readonly ListedRepository[]>
  /** Has the next read of the registry's scanning configuration ask ECR again. */
  forget(): void
}

/** How long the scanning configuration, which is the same for every repository of a registry, is not asked for again. Milliseconds. */
const FRESH = 5 * 60_000

/** Where ECR does not say it, the least is taken: tags that move, no scan. */
const settingsOf = (described: Described): RepositorySettings => ({
  tagMutability: described.imageTagMutability ?? 'MUTABLE',
  exclusions: (described.imageTagMutabilityExclusionFilters ?? []).map(({ filter }) => filter),
  scanOnPush: described.imageScanningConfiguration?.scanOnPush ?? false,
  encryption: {
    type: described.encryptionConfiguration?.encryptionType ?? 'AES256',
    kmsKey: described.encryptionConfiguration?.kmsKey,
  },
  createdAt: instant(described.createdAt),
})

/**
 * Repositories as ECR has them in `region`: one call for each value, and one in five minutes for the registry's scanning.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRepositories.html
 */
export function ecrRepositories(aws: AwsCall, region: string, now: () => number = Date.now): EcrRepositories {
  const call = ecrCall(aws, region)
  const keeping = { keyOf: ({ account, region: of }: RegistryRef) => `${account}/${of}`, most: 100, fresh: FRESH, now }
  const keptScanning = () => kept(keeping, (registry: RegistryRef) => readScanning(call, registry))
  let scanning = keptScanning()
  const named = ({ account, repository }: RepositoryRef) => ({ registryId: account, repositoryName: repository })

  return {
    async settings(ref) {
      const input = { registryId: ref.account, repositoryNames: [ref.repository] }
      const { repositories } = await call<Repositories>(ref, 'DescribeRepositories', input)
      return settingsOf(present(repositories?.[0], 'DescribeRepositories'))
    },
    lifecyclePolicy: (ref) =>
      call<{ readonly lifecyclePolicyText: string }>(ref, 'GetLifecyclePolicy', named(ref))
        .then(({ lifecyclePolicyText }) => present(lifecyclePolicyText, 'GetLifecyclePolicy'))
        .catch(noneIf('LifecyclePolicyNotFoundException')),
    policy: (ref) =>
      call<{ readonly policyText: string }>(ref, 'GetRepositoryPolicy', named(ref))
        .then(({ policyText }) => present(policyText, 'GetRepositoryPolicy'))
        .catch(noneIf('RepositoryPolicyNotFoundException')),
    async tags(ref) {
      const { tags } = await call<Tags>(ref, 'ListTagsForResource', { resourceArn: repositoryArn(ref) })
      return Object.fromEntries(present(tags, 'ListTagsForResource').map(({ Key, Value = '' }) => [Key, Value]))
    },
    scanning: (ref) => scanning(ref),
    forget() {
      scanning = keptScanning()
    },
    async *listRepositories(registry) {
      const { account } = registry
      for await (const page of pages<Repositories>(call, registry, 'DescribeRepositories', { registryId: account })) {
        yield present(page.repositories, 'DescribeRepositories').map((described) => ({
          ref: { account, region, repository: present(described.repositoryName, 'DescribeRepositories') },
          settings: settingsOf(described),
        }))
      }
    },
  }
}
