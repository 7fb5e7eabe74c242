import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../functions/events/parse.ts'
import { ARN, DIGEST, ecrEvent, inspectorEvent } from './samples.ts'

const image = { 'repository-name': 'prod/api', 'image-digest': DIGEST }

describe('an event without a consumer', () => {
  it.each([
    ['ECR Image Action', { 'action-type': 'UPDATE_STORAGE_CLASS', result: 'SUCCESS' }],
    ['ECR Referrer Action', { 'action-type': 'UPDATE_STORAGE_CLASS', result: 'SUCCESS', 'image-tag': 'sbom' }],
    ['ECR Image Action', { 'action-type': 'PUSH', result: 'FAILURE' }],
  ])('%s is recognised with %j', (type, { result, ...detail }) => {
    expect(parseEvent(ecrEvent(type, { ...image, ...detail, result }))).toMatchObject({
      type: 'recognised',
      detailType: type,
      repository: 'prod/api',
      digest: DIGEST,
      action: detail['action-type'],
      result,
    })
  })

  it('may be an action that AWS lists without a sample', () => {
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
