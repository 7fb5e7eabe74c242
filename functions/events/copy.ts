import * as v from 'valibot'
import type { CacheSyncEvent, ReplicationEvent } from '../domain/event.ts'
import { account, digest, headOf, ifAny, line, repository, shape, text, toHead, word } from './fields.ts'
import { check } from './invalid-event.ts'

const tag = v.nullish(text('a tag'))

const Replication = shape({
  ...headOf('ecr'),
  detail: shape({
    result: word,
    'repository-name': repository,
    'image-digest': digest,
    'image-tag': tag,
    'source-account': ifAny(account),
    'source-region': ifAny(word),
  }),
})

/** A pull that failed has no digest to name. */
const CacheSync = shape({
  ...headOf('ecr'),
  detail: shape({
    'sync-status': word,
    'repository-name': repository,
    'image-digest': v.nullish(digest),
    'image-tag': tag,
    'ecr-repository-prefix': ifAny(line),
    'upstream-registry-url': ifAny(line),
    'failure-code': ifAny(line),
    'failure-reason': ifAny(line),
  }),
})

/** A word that nobody documented is a failure: what is not known to have arrived is missing. */
const isFailure = (word: string): boolean => !['SUCCESS', 'COMPLETE', 'IN_PROGRESS', 'PENDING'].includes(word)

/**
 * `ECR Replication Action`: sent in the region, and to the account, that an image is replicated to.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 */
export function parseReplication(value: unknown): ReplicationEvent {
  const event = check(Replication, value)
  const { result, 'repository-name': name, 'image-digest': imageDigest, 'image-tag': imageTag } = event.detail
  const head = toHead(event)
  const { account, region } = head
  return {
    ...head,
    type: 'replication',
    image: { account, region, repository: name, digest: imageDigest, tags: imageTag ? [imageTag] : [] },
    result,
    failed: isFailure(result),
    sourceAccount: event.detail['source-account'],
    sourceRegion: event.detail['source-region'],
  }
}

/**
 * `ECR Pull Through Cache Action`. AWS's sample is of a success; the names of a failure's fields are those of its schema.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 * @see https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.mixins_preview.aws_ecr.events/ECRPullThroughCacheAction.html
 */
export function parseCacheSync(value: unknown): CacheSyncEvent {
  const event = check(CacheSync, value)
  const { 'sync-status': result, 'repository-name': name } = event.detail
  return {
    ...toHead(event),
    type: 'cache-sync',
    repository: name,
    result,
    failed: isFailure(result),
    digest: event.detail['image-digest'] ?? undefined,
    tag: event.detail['image-tag'] ?? undefined,
    prefix: event.detail['ecr-repository-prefix'],
    upstream: event.detail['upstream-registry-url'],
    code: event.detail['failure-code'],
    reason: event.detail['failure-reason'],
  }
}
