import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../functions/events/parse.ts'
import { DIGEST, ecrEvent } from './samples.ts'

describe('a replication', () => {
  const replication = (detail: object) =>
    parseEvent(
      ecrEvent('ECR Replication Action', {
        result: 'FAILED',
        'repository-name': 'prod/api',
        'image-digest': DIGEST,
        'action-type': 'REPLICATE',
        'source-account': '123456789012',
        'source-region': 'us-west-2',
        'image-tag': '1.4.2',
        ...detail,
      }),
    )

  it('that failed names the image here, and where it should have come from', () => {
    expect(replication({})).toMatchObject({
      type: 'replication',
      failed: true,
      result: 'FAILED',
      image: { repository: 'prod/api', region: 'ap-northeast-1', digest: DIGEST, tags: ['1.4.2'] },
      sourceAccount: '123456789012',
      sourceRegion: 'us-west-2',
    })
  })

  it.each([
    ['SUCCESS', false],
    ['IN_PROGRESS', false],
    ['FAILED', true],
    ['SOMETHING_NEW', true],
  ])('that ended as %s has failed: %s', (result, failed) => {
    expect(replication({ result })).toMatchObject({ failed })
  })

  it('is read without what only describes it, and with the digest of a sample of AWS that is none of ECR', () => {
    const digest = 'sha256:8g6c3751gf7gc5g47603ege4511d5a80ead5g90f5893543f1489bde2345'
    const bare = { 'source-account': 7, 'source-region': undefined, 'image-tag': undefined, 'image-digest': digest }
    expect(replication(bare)).toMatchObject({ sourceAccount: undefined, image: { tags: [], digest } })
  })
})

describe('a pull through the cache', () => {
  const sync = (detail: object, envelope: object = {}) =>
    parseEvent(
      ecrEvent(
        'ECR Pull Through Cache Action',
        {
          'rule-version': '1',
          'sync-status': 'FAILED',
          'ecr-repository-prefix': 'docker-hub',
          'repository-name': 'docker-hub/library/alpine',
          'upstream-registry-url': 'registry-1.docker.io',
          'image-tag': '3.20',
          ...detail,
        },
        { ...envelope },
      ),
    )

  it('that failed before it knew a digest names the repository, the upstream, and why', () => {
    const why = { 'failure-code': 'UpstreamTooManyRequests', 'failure-reason': 'The upstream registry answered 429.' }
    expect(sync(why)).toMatchObject({
      type: 'cache-sync',
      failed: true,
      repository: 'docker-hub/library/alpine',
      digest: undefined,
      tag: '3.20',
      prefix: 'docker-hub',
      upstream: 'registry-1.docker.io',
      code: 'UpstreamTooManyRequests',
      reason: 'The upstream registry answered 429.',
    })
  })

  it('that succeeded has not failed, even on the day of a sample of AWS that never was', () => {
    const synced = sync({ 'sync-status': 'SUCCESS', 'image-digest': DIGEST }, { time: '2023-02-29T02:36:48Z' })
    expect(synced).toMatchObject({ failed: false, digest: DIGEST, time: '2023-02-29T02:36:48Z' })
  })
})
