import { describe, expect, it } from 'vitest'
import { InvalidEvent } from '../../functions/events/invalid-event.ts'
import { parseEvent } from '../../functions/events/parse.ts'
import { basicScan, DIGEST, ecrEvent, enhancedScan, finding, ofImage, vulnerability } from './samples.ts'

function refusal(value: unknown): InvalidEvent {
  try {
    parseEvent(value)
  } catch (error) {
    if (error instanceof InvalidEvent) return error
    throw error
  }
  throw new Error('the event was accepted')
}

const push = { 'repository-name': 'prod/api', 'image-digest': DIGEST, 'action-type': 'PUSH', result: 'SUCCESS' }

describe('an event that is not valid', () => {
  it('is refused with every fault: where, what was expected, what was found', () => {
    const event = basicScan({ 'image-digest': undefined, 'finding-severity-counts': { HIGH: '3' } }, { account: 12 })
    expect(refusal(event).message).toBe(
      'account: expected a 12-digit account id, found number 12; ' +
        'detail.image-digest: expected a digest such as sha256:4aa0…, found nothing; ' +
        'detail.finding-severity-counts.HIGH: expected a count, found "3"',
    )
    expect(refusal(event).faults.map(({ path }) => path)).toEqual([
      'account',
      'detail.image-digest',
      'detail.finding-severity-counts.HIGH',
    ])
  })

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '1', null, [], {}])(
    'when it counts %j findings',
    (count) => {
      expect(refusal(basicScan({ 'finding-severity-counts': { HIGH: count } })).faults).toHaveLength(1)
    },
  )

  it.each<[string, unknown, string]>([
    ['no object', null, 'event'],
    ['a list', [basicScan()], 'event'],
    ['another service', basicScan({}, { source: 'aws.s3' }), 'source'],
    ['a time of day', basicScan({}, { time: 'half past ten' }), 'time'],
    ['a time that never was', basicScan({}, { time: '2026-13-45T00:00:00Z' }), 'time'],
    ['an id of two lines', basicScan({}, { id: 'a\nb' }), 'id'],
    ['a detail in text', basicScan({}, { detail: '{}' }), 'detail'],
    ['one tag in text', basicScan({ 'image-tags': 'latest' }), 'detail.image-tags'],
    ['a tag that is a number', basicScan({ 'image-tags': ['a', 1] }), 'detail.image-tags.1'],
    ['a list of counts', basicScan({ 'finding-severity-counts': [1] }), 'detail.finding-severity-counts'],
    ['a repository with a line break', basicScan({ 'repository-name': 'a\nb' }), 'detail.repository-name'],
    ['a status that is a sentence', basicScan({ 'scan-status': '<!here>' }), 'detail.scan-status'],
    ['an ARN of another service', enhancedScan({ 'repository-name': 'arn:aws:s3:::bucket' }), 'detail.repository-name'],
    ['a finding of unknown status', finding({ status: 'OPEN' }), 'detail.status'],
    ['a finding without resources', finding({ resources: [] }), 'detail.resources'],
    [
      'a finding without an image',
      finding({ resources: [ofImage({ imageHash: 1 })] }),
      'detail.resources.details.awsEcrContainerImage.imageHash',
    ],
    [
      'a finding without an id',
      finding({ packageVulnerabilityDetails: vulnerability({ vulnerabilityId: '' }) }),
      'detail.packageVulnerabilityDetails.vulnerabilityId',
    ],
    [
      'a package without a name',
      finding({ packageVulnerabilityDetails: vulnerability({ vulnerablePackages: [{}] }) }),
      'detail.packageVulnerabilityDetails.vulnerablePackages.0.name',
    ],
    [
      'a push without a digest',
      ecrEvent('ECR Image Action', { ...push, 'image-digest': undefined }),
      'detail.image-digest',
    ],
  ])('when it has %s', (_, event, path) => {
    expect(refusal(event).faults.map((fault) => fault.path)).toContain(path)
  })

  it('names an unknown detail type, and the nearest known one', () => {
    expect(refusal(ecrEvent('ECR Image Scans', push)).message).toBe(
      'detail-type: expected a documented detail type (did you mean "ECR Image Scan"?), found "ECR Image Scans"',
    )
    expect(refusal(ecrEvent('inspector2 finding', push, { source: 'x' })).message).toContain('"Inspector2 Finding"')
    expect(refusal(ecrEvent('EC2 Spot Interruption', push)).message).not.toContain('did you mean')
    expect(refusal(ecrEvent('toString', push)).message).toContain('found "toString"')
  })

  it('is refused in few words, whatever its size', () => {
    const tags = Array.from({ length: 50_000 }, () => 7)
    expect(refusal(basicScan({ 'image-tags': tags })).message).toMatch(/^(?:[^;]+; ){5}and 49995 more$/)
    expect(refusal(basicScan({ 'repository-name': 'x'.repeat(200_000) })).message.length).toBeLessThan(200)
  })

  it('keeps characters that hide or move others out of the message', () => {
    const message = refusal(ecrEvent('a\u202Eb\u200Bc\nd\u0007e\u{1F600}', push)).message
    expect(message).toContain('found "a�b�c�d�e\u{1F600}"')
  })
})
