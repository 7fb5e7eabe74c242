import type { ImageTagMutability } from '@aws-sdk/client-ecr'

/** A repository of the seeded registry, as `CreateRepository` takes it. */
export type SeedRepository = {
  readonly name: string
  readonly team: string
  readonly mutability: ImageTagMutability
  readonly scanOnPush: boolean
  /** KMS where given, AES256 where not. */
  readonly kmsKey?: string
}

const KEY = 'arn:aws:kms:ap-northeast-1:123456789012:key/1f0c7a54-6f0e-4d0b-9a55-0c8f3f8a9b11'

export const REPOSITORIES: readonly SeedRepository[] = [
  { name: 'base/node', team: 'platform', mutability: 'IMMUTABLE', scanOnPush: true },
  { name: 'charts/api', team: 'platform', mutability: 'IMMUTABLE', scanOnPush: true },
  { name: 'docker-hub/library/alpine', team: 'platform', mutability: 'MUTABLE', scanOnPush: true },
  { name: 'ml/trainer', team: 'research', mutability: 'MUTABLE', scanOnPush: true },
  { name: 'prod/api', team: 'api', mutability: 'IMMUTABLE', scanOnPush: true },
  { name: 'prod/edge', team: 'network', mutability: 'IMMUTABLE', scanOnPush: true },
  { name: 'prod/gateway', team: 'network', mutability: 'MUTABLE', scanOnPush: true },
  { name: 'prod/payments', team: 'payments', mutability: 'IMMUTABLE', scanOnPush: true, kmsKey: KEY },
  { name: 'prod/storefront', team: 'web', mutability: 'IMMUTABLE', scanOnPush: true },
  { name: 'prod/web', team: 'web', mutability: 'IMMUTABLE', scanOnPush: true },
  { name: 'sandbox/demo', team: 'nobody', mutability: 'MUTABLE', scanOnPush: false },
  { name: 'team-a/worker', team: 'team-a', mutability: 'MUTABLE', scanOnPush: true },
  { name: 'team-b/batch', team: 'team-b', mutability: 'IMMUTABLE', scanOnPush: true },
  { name: 'team-b/firmware', team: 'team-b', mutability: 'IMMUTABLE', scanOnPush: true },
]
