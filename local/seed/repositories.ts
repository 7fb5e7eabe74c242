import type { ImageTagMutability } from '@aws-sdk/client-ecr'
import type { LIFECYCLE_POLICIES, REPOSITORY_POLICIES } from './policies.ts'

/** A repository of the seeded registry. */
export type SeedRepository = {
  readonly name: string
  readonly team: string
  readonly mutability: ImageTagMutability
  /** Tags that the mutability does not hold for. */
  readonly exclusions?: readonly string[]
  readonly scanOnPush: boolean
  /** Of whoever is told; without it the repository has no such tag. */
  readonly owner?: string
  /** KMS where given, AES256 where not. */
  readonly kmsKey?: string
  readonly lifecycle?: keyof typeof LIFECYCLE_POLICIES
  readonly policy?: keyof typeof REPOSITORY_POLICIES
}

const KEY = 'arn:aws:kms:ap-northeast-1:123456789012:key/1f0c7a54-6f0e-4d0b-9a55-0c8f3f8a9b11'

/** As a team should make it. */
const right = (name: string, team: string, more: Partial<SeedRepository> = {}): SeedRepository => ({
  name,
  team,
  owner: `${team}@example.com`,
  mutability: 'IMMUTABLE',
  scanOnPush: true,
  kmsKey: KEY,
  lifecycle: 'releases',
  ...more,
})

/** As one is made that nobody thinks about. */
const careless = (name: string, team: string, more: Partial<SeedRepository> = {}): SeedRepository => ({
  name,
  team,
  mutability: 'MUTABLE',
  scanOnPush: false,
  ...more,
})

export const REPOSITORIES: readonly SeedRepository[] = [
  right('base/node', 'platform', { policy: 'organisation' }),
  right('charts/api', 'platform'),
  careless('ci/builder', 'platform', { scanOnPush: true, owner: 'platform@example.com' }),
  careless('ci/shop', 'web', { scanOnPush: true, owner: 'web@example.com' }),
  careless('docker-hub/library/alpine', 'platform', { scanOnPush: true, owner: 'platform@example.com' }),
  careless('ml/trainer', 'research', { scanOnPush: true, owner: 'research@example.com' }),
  careless('my-app', 'nobody'),
  right('prod/api', 'api', { policy: 'shared' }),
  right('prod/edge', 'network'),
  right('prod/gateway', 'network', { mutability: 'MUTABLE' }),
  right('prod/payments', 'payments'),
  // The registry's rules cover it, so its own flag does not matter.
  right('prod/storefront', 'web', { scanOnPush: false }),
  right('prod/web', 'web'),
  careless('sandbox/demo', 'nobody', { policy: 'public' }),
  careless('team-a/worker', 'team-a', {
    scanOnPush: true,
    owner: 'team-a@example.com',
    lifecycle: 'untagged',
    policy: 'wide',
  }),
  right('team-b/batch', 'team-b'),
  right('team-b/firmware', 'team-b', { mutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions: ['latest'] }),
  right('team-ledger/api', 'ledger'),
  right('team-ledger/batch', 'ledger'),
  right('team-ledger/vault', 'ledger'),
  // An image can be put in quarantine where its tags can be moved.
  right('team-ledger/web', 'ledger', { mutability: 'MUTABLE' }),
]
