import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../functions/events/parse.ts'
import { ARN, DIGEST, ecrEvent, inspectorEvent } from './samples.ts'

const image = { 'repository-name': 'prod/api', 'image-digest': DIGEST }

describe('an event without a consumer', () => {
  it.each([
    ['ECR Image Action', { ...image, 'action-type': 'PUSH', result: 'SUCCESS', 'image-tag': '1.4.2' }],
    ['ECR Image Action', { ...image, 'action-type': 'PUSH', result: 'SUCCESS' }],
    ['ECR Image Action', { ...image, 'action-type': 'DELETE', result: 'SUCCESS', 'image-tag': '1.4.2' }],
    ['ECR Image Action', { ...image, 'action-type': 'UPDATE_STORAGE_CLASS', result: 'SUCCESS' }],
    ['ECR Referrer Action', { ...image, 'action-type': 'PUSH', result: 'SUCCESS' }],
    [
      'ECR Replication Action',
      { ...image, 'action-type': 'REPLICATE', result: 'FAILED', 'source-region': 'us-west-2' },
    ],
  ])('%s is recognised with %j', (type, detail) => {
    expect(parseEvent(ecrEvent(type, detail))).toMatchObject({
      type: 'recognised',
      detailType: type,
      repository: 'prod/api',
      digest: DIGEST,
      action: detail['action-type'],
      result: detail.result,
    })
  })

  it('may be a pull through the cache that failed before it knew a digest', () => {
    const detail = {
      'sync-status': 'FAILED',
      'repository-name': 'docker-hub/alpine',
      'ecr-repository-prefix': 'docker-hub',
    }
    const event = parseEvent(ecrEvent('ECR Pull Through Cache Action', detail))
    expect(event).toMatchObject({ type: 'recognised', result: 'FAILED', repository: 'docker-hub/alpine' })
  })

  it('may be a change of scan settings, or an action that AWS lists without a sample', () => {
    const change = { 'action-type': 'SCAN_FREQUENCY_CHANGE', repositories: [{ 'repository-name': 'prod/api' }] }
    expect(parseEvent(ecrEvent('ECR Scan Resource Change', change)).type).toBe('recognised')
    expect(parseEvent(ecrEvent('ECR Artifact Action', { anything: 1 })).type).toBe('recognised')
  })

  it('may say that an image is no longer scanned', () => {
    const detail = { scanStatus: { statusCodeValue: 'INACTIVE', reason: 'SCAN_ELIGIBILITY_EXPIRED' } }
    expect(parseEvent(inspectorEvent('Inspector2 Coverage', [`${ARN}/${DIGEST}`], detail))).toMatchObject({
      type: 'recognised',
      action: 'INACTIVE',
      result: 'SCAN_ELIGIBILITY_EXPIRED',
    })
  })
})

describe("AWS's own samples", () => {
  it('are read, with the digest and the day that do not exist', () => {
    const failed = { ...image, 'image-digest': 'sha256:8g6c3751gf7gc5g47603ege4511d5a80ead5g90f5893543f1489bde2345' }
    const replication = { ...failed, 'action-type': 'REPLICATE', result: 'FAILED', 'source-region': 'us-west-2' }
    expect(parseEvent(ecrEvent('ECR Replication Action', replication))).toMatchObject({ result: 'FAILED' })
    const cached = { 'repository-name': 'docker-hub/alpine', 'sync-status': 'SUCCESS', 'rule-version': '1' }
    const event = ecrEvent('ECR Pull Through Cache Action', cached, { time: '2023-02-29T02:36:48Z' })
    expect(parseEvent(event)).toMatchObject({ time: '2023-02-29T02:36:48Z' })
  })
})

describe('an event of Inspector that is not about an image', () => {
  it('is foreign, whether it covers an instance or enables an account', () => {
    const detail = { scanStatus: { statusCodeValue: 'INACTIVE', reason: 'UNMANAGED_EC2_INSTANCE' } }
    expect(parseEvent(inspectorEvent('Inspector2 Coverage', ['i-087d63509b8c97098'], detail))).toMatchObject({
      type: 'foreign',
      about: 'ec2',
    })
    expect(parseEvent(inspectorEvent('Inspector2 AutoEnable', [], {}))).toMatchObject({ type: 'foreign' })
  })
})
