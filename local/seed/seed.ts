import type { LocalAws } from '../aws/server.ts'
import { changes } from './changes.ts'
import { IMAGES, seedImage } from './images.ts'
import { seedLedger } from './ledger.ts'
import { LIFECYCLE_POLICIES, REPOSITORY_POLICIES } from './policies.ts'
import { pushImage } from './push.ts'
import { putScan } from './put-scan.ts'
import { putRegistrySettings } from './registry.ts'
import { REPOSITORIES, type SeedRepository } from './repositories.ts'
import { EARLIER_SCANS, SCANS } from './scans.ts'
import { scanStages } from './stages.ts'
import { seedWorkloads } from './workloads.ts'

/** Milliseconds that a scan takes from the push to its end. */
const SCAN_MS = 45_000
const CREATED = Date.parse('2026-01-13T02:00:00Z')

const tagsOf = ({ team, owner }: SeedRepository) =>
  Object.entries({ team, owner }).flatMap(([Key, Value]) => (Value === undefined ? [] : [{ Key, Value }]))

function createRepository(aws: LocalAws, repository: SeedRepository): void {
  const { name: repositoryName, mutability, exclusions, scanOnPush, kmsKey, lifecycle, policy } = repository
  aws.call('ecr', 'CreateRepository', {
    repositoryName,
    imageTagMutability: mutability,
    imageTagMutabilityExclusionFilters: exclusions?.map((filter) => ({ filterType: 'WILDCARD', filter })),
    imageScanningConfiguration: { scanOnPush },
    encryptionConfiguration: kmsKey ? { encryptionType: 'KMS', kmsKey } : { encryptionType: 'AES256' },
    tags: tagsOf(repository),
  })
  if (lifecycle)
    aws.call('ecr', 'PutLifecyclePolicy', { repositoryName, lifecyclePolicyText: LIFECYCLE_POLICIES[lifecycle] })
  if (policy) aws.call('ecr', 'SetRepositoryPolicy', { repositoryName, policyText: REPOSITORY_POLICIES[policy] })
}

/**
 * Fills an empty registry: repositories and images as they were in November 2026, what runs them, and what scans had found
 * and people had changed by `at`. What is later comes with the events that tell of it: see `applyStage`. Leaves the clock at `at`.
 * @param at instant in milliseconds
 * @throws AwsError where the registry already has one of them
 */
export async function seed(aws: LocalAws, at: number): Promise<void> {
  aws.clock.set(CREATED)
  for (const repository of REPOSITORIES) createRepository(aws, repository)
  putRegistrySettings(aws)
  for (const image of IMAGES) pushImage(aws, image)
  seedLedger(aws)
  seedWorkloads(aws)
  for (const scan of EARLIER_SCANS) putScan(aws, scan, Date.parse(seedImage(scan.image).pushed) + SCAN_MS)
  for (const { time, scan } of scanStages) if (Date.parse(time) < at) putScan(aws, SCANS[scan], Date.parse(time))
  for (const { time, apply } of changes) if (Date.parse(time) < at) apply(aws)
  aws.clock.set(at)
}
