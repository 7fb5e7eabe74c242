import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import type { ChildrenOf, StoredImage } from '../domain/lifecycle/image.ts'
import { Unreadable } from '../faults.ts'
import type { Holdings } from '../planning/ports.ts'
import { openManifest } from '../policy/image/manifest.ts'
import { ALL, describePages, describeSome, IDS, storedImage } from './described-images.ts'
import { type EcrCall, ecrCall } from './ecr-call.ts'
import { batchGet } from './ecr-manifests.ts'
import { ecrRepositories } from './repository-reader.ts'
import type { AwsCall } from './signed-aws.ts'

/** What a manifest lists; undefined where it is not that of the digest, or cannot be relied upon. */
export function listedIn(text: string, digest: string): readonly string[] | undefined {
  try {
    const opened = openManifest(text, digest)
    return opened.kind === 'index' ? opened.members.map((member) => member.digest) : []
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}

function* slices<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}

async function childrenOf(call: EcrCall, ref: RepositoryRef, indexes: readonly string[]): Promise<ChildrenOf> {
  const children = new Map<string, readonly string[]>()
  for (const some of slices(indexes, IDS)) {
    const { manifests } = await batchGet(call, ref, some)
    for (const digest of some) {
      const text = manifests.get(digest)
      const listed = text === undefined ? undefined : listedIn(text, digest)
      if (listed) children.set(digest, listed)
    }
  }
  return children
}

/**
 * What a registry in `region` holds: a page of up to 1,000 images a call, and of 100 indexes a call what they list.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html
 */
export function ecrHoldings(aws: AwsCall, region: string): Holdings {
  const call = ecrCall(aws, region)
  const repositories = ecrRepositories(aws, region)
  return {
    async *repositories(registry) {
      for await (const page of repositories.listRepositories(registry)) yield page.map(({ ref }) => ref)
    },
    async *images(repository) {
      for await (const page of describePages(call, repository, ALL)) yield page.map(storedImage)
    },
    async describe(repository, digests) {
      const found: StoredImage[] = []
      const ids = [...new Set(digests)].map((imageDigest) => ({ imageDigest }))
      for (const some of slices(ids, IDS)) found.push(...(await describeSome(call, repository, some)))
      return found
    },
    children: (repository, indexes) => childrenOf(call, repository, indexes),
    lifecyclePolicy: (repository) => repositories.lifecyclePolicy(repository),
    repositoryPolicy: (repository) => repositories.policy(repository),
  }
}
