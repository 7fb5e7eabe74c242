import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../functions/events/parse.ts'
import { ARN, basicScan, DIGEST, enhancedScan } from './samples.ts'

const NAME_IN_ARN: readonly [string, string, string, string][] = [
  [ARN, 'ap-northeast-1', '123456789012', 'prod/api'],
  ['arn:aws-cn:ecr:cn-north-1:210987654321:repository/a/b/c', 'cn-north-1', '210987654321', 'a/b/c'],
  ['arn:aws-us-gov:ecr:us-gov-west-1:210987654321:repository/web', 'us-gov-west-1', '210987654321', 'web'],
  ['prod/api', 'ap-northeast-1', '123456789012', 'prod/api'],
]

describe('a basic scan', () => {
  it('names the image by account, region, repository and digest', () => {
    expect(parseEvent(basicScan())).toEqual({
      id: '85fc3613-e913-7fc4-a80c-a3753e4aa9ae',
      time: '2026-11-20T02:36:48Z',
      account: '123456789012',
      region: 'ap-northeast-1',
      detailType: 'ECR Image Scan',
      type: 'scan',
      scanner: 'basic',
      image: {
        account: '123456789012',
        region: 'ap-northeast-1',
        repository: 'prod/api',
        digest: DIGEST,
        tags: ['1.4.2'],
      },
      status: 'COMPLETE',
      outcome: 'complete',
      counts: { CRITICAL: 10, MEDIUM: 9 },
    })
  })

  it.each([undefined, null, []])('has no tags where the list is %j', (tags) => {
    expect(parseEvent(basicScan({ 'image-tags': tags }))).toMatchObject({ image: { tags: [] } })
  })

  it('counts severities that nobody documented as UNDEFINED', () => {
    const counts = {
      CRITICAL: 1,
      INFORMATIONAL: 2,
      INFORMAL: 3,
      UNTRIAGED: 4,
      UNDEFINED: 5,
      APOCALYPTIC: 6,
      constructor: 7,
    }
    expect(parseEvent(basicScan({ 'finding-severity-counts': counts }))).toMatchObject({
      counts: { CRITICAL: 1, INFORMATIONAL: 5, UNDEFINED: 22 },
    })
  })

  it('marks a complete scan without counts as uncounted, and one with empty counts as clean', () => {
    expect(parseEvent(basicScan({ 'finding-severity-counts': undefined }))).toMatchObject({
      counts: {},
      uncounted: true,
    })
    expect(parseEvent(basicScan({ 'finding-severity-counts': {} }))).not.toHaveProperty('uncounted')
  })

  it.each([
    ['COMPLETE', 'complete'],
    ['ACTIVE', 'complete'],
    ['IN_PROGRESS', 'pending'],
    ['PENDING', 'pending'],
    ['IMAGE_ARCHIVED', 'pending'],
    ['FAILED', 'failed'],
    ['UNSUPPORTED_IMAGE', 'failed'],
    ['LIMIT_EXCEEDED', 'failed'],
    ['FINDINGS_UNAVAILABLE', 'failed'],
    ['SCAN_ELIGIBILITY_EXPIRED', 'failed'],
    ['constructor', 'failed'],
    ['A_WORD_OF_NEXT_YEAR', 'failed'],
  ])('that says %s is %s, and keeps the word', (status, outcome) => {
    const event = basicScan({ 'scan-status': status, 'finding-severity-counts': undefined })
    expect(parseEvent(event)).toMatchObject({ status, outcome })
  })
})

describe('an enhanced scan', () => {
  it.each(NAME_IN_ARN)('of %s takes region, account and repository from it', (name, region, account, repository) => {
    const image = { account, region, repository, digest: DIGEST, tags: ['latest'] }
    expect(parseEvent(enhancedScan({ 'repository-name': name }))).toMatchObject({ scanner: 'enhanced', image })
  })

  it('leaves TOTAL out of the counts', () => {
    expect(parseEvent(enhancedScan())).toMatchObject({ counts: { CRITICAL: 7, HIGH: 61, MEDIUM: 62 } })
    expect(parseEvent(enhancedScan())).not.toHaveProperty('counts.TOTAL')
  })

  it.each([
    ['arn:aws:lambda:us-west-2:111122223333:function:lambda-example:$LATEST', 'lambda'],
    ['i-087d63509b8c97098', 'ec2'],
    ['/subscriptions/0/resourceGroups/x', 'another service'],
  ])('of %s is foreign', (resource, about) => {
    const sent = { ...enhancedScan({ 'repository-name': undefined, 'image-digest': undefined }), resources: [resource] }
    expect(parseEvent(sent)).toMatchObject({ type: 'foreign', about, detailType: 'Inspector2 Scan' })
  })
})
