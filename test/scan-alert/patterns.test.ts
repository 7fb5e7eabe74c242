import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePattern } from '../../cli/replay/pattern/matcher.ts'
import { scanOutcome } from '../../functions/domain/scan-status.ts'
import { SEVERITIES, type Severity, severitiesFrom, toSeverity } from '../../functions/domain/severity.ts'
import { COMPLETE, NOT_YET, SEVERITY_WORDS, scanAlertPatterns } from '../../functions/scan-alert/patterns.ts'
import { policy } from '../builders.ts'

const patterns = (...thresholds: readonly Severity[]) =>
  scanAlertPatterns(thresholds.map((threshold) => policy({ threshold })))

const matching = (event: object, thresholds: readonly Severity[]): string[] =>
  patterns(...thresholds)
    .filter(({ pattern }) => compilePattern(pattern)(event))
    .map(({ id }) => id)

const basicScan = (status: string, counts?: Record<string, number>) => ({
  source: 'aws.ecr',
  'detail-type': 'ECR Image Scan',
  resources: ['arn:aws:ecr:eu-west-1:123456789012:repository/prod/api'],
  detail: { 'scan-status': status, ...(counts && { 'finding-severity-counts': counts }) },
})

const enhancedScan = (
  resource: string,
  status = 'INITIAL_SCAN_COMPLETE',
  counts: Record<string, number> = { HIGH: 1 },
) => ({
  source: 'aws.inspector2',
  'detail-type': 'Inspector2 Scan',
  resources: [resource],
  detail: { 'scan-status': status, 'finding-severity-counts': counts },
})

const finding = (severity: string, status = 'ACTIVE', type = 'AWS_ECR_CONTAINER_IMAGE') => ({
  source: 'aws.inspector2',
  'detail-type': 'Inspector2 Finding',
  detail: { severity, status, resources: [{ type }] },
})

const ECR = 'arn:aws:ecr:eu-west-1:123456789012:repository/prod/api'

describe('the rules of scan-alert', () => {
  it('let a HIGH-only scan through when the threshold is HIGH, which the rule of the guide misses', () => {
    expect(matching(basicScan('COMPLETE', { HIGH: 3, MEDIUM: 1 }), ['HIGH'])).toEqual(['BasicScan'])
  })

  it('stop what nobody wants to be told, so that a scan below the threshold costs nothing', () => {
    expect(matching(basicScan('COMPLETE', { MEDIUM: 3, LOW: 9 }), ['HIGH'])).toEqual([])
    expect(matching(basicScan('COMPLETE', { HIGH: 3 }), ['CRITICAL'])).toEqual([])
    expect(matching(enhancedScan(ECR, 'INITIAL_SCAN_COMPLETE', { CRITICAL: 0, HIGH: 0, TOTAL: 0 }), ['HIGH'])).toEqual(
      [],
    )
    expect(matching(finding('MEDIUM'), ['HIGH'])).toEqual([])
  })

  it('take the lowest threshold of all entries', () => {
    expect(matching(basicScan('COMPLETE', { MEDIUM: 1 }), ['CRITICAL', 'MEDIUM', 'HIGH'])).toEqual(['BasicScan'])
  })

  it('let a complete scan through that has no count with a known name: it is unknown, not clean', () => {
    expect(matching(basicScan('COMPLETE'), ['HIGH'])).toEqual(['BasicScanUncounted'])
    expect(matching(basicScan('COMPLETE', { NEGLIGIBLE: 2 }), ['UNDEFINED'])).toEqual(['BasicScanUncounted'])
    expect(matching(basicScan('COMPLETE', { MEDIUM: 2 }), ['HIGH'])).toEqual([])
  })

  it.each(['FAILED', 'UNSUPPORTED_IMAGE', 'LIMIT_EXCEEDED', 'A_WORD_OF_TOMORROW'])(
    'let %s through as failed',
    (status) => {
      expect(matching(basicScan(status), ['CRITICAL'])).toEqual(['BasicScanFailed'])
      expect(matching(enhancedScan(ECR, status), ['CRITICAL'])).toEqual(['EnhancedScanFailed'])
    },
  )

  it.each(NOT_YET)('wait for the end of a scan that is %s', (status) => {
    expect(matching(basicScan(status), ['UNDEFINED'])).toEqual([])
    expect(matching(enhancedScan(ECR, status), ['UNDEFINED'])).toEqual([])
  })

  it.each(['aws', 'aws-cn', 'aws-us-gov', 'aws-iso-b', 'aws-eusc'])(
    'know repositories of the partition %s',
    (partition) => {
      const arn = `arn:${partition}:ecr:eu-west-1:123456789012:repository/team/app`
      expect(matching(enhancedScan(arn), ['HIGH'])).toEqual(['EnhancedScan'])
    },
  )

  it('leave scans and findings of functions and instances to others', () => {
    expect(matching(enhancedScan('arn:aws:lambda:eu-west-1:123456789012:function:ecr:$LATEST'), ['LOW'])).toEqual([])
    expect(matching(enhancedScan('arn:aws:ec2:eu-west-1:123456789012:instance/i-1', 'FAILED'), ['LOW'])).toEqual([])
    expect(matching(finding('CRITICAL', 'ACTIVE', 'AWS_EC2_INSTANCE'), ['LOW'])).toEqual([])
  })

  it('let open findings of images through, not those that are closed or suppressed', () => {
    expect(matching(finding('CRITICAL'), ['HIGH'])).toEqual(['EnhancedFinding'])
    expect(matching(finding('CRITICAL', 'CLOSED'), ['HIGH'])).toEqual([])
    expect(matching(finding('CRITICAL', 'SUPPRESSED'), ['HIGH'])).toEqual([])
  })

  it("know Inspector's own word for what nobody has judged yet", () => {
    expect(matching(finding('UNTRIAGED'), ['UNDEFINED'])).toEqual(['EnhancedFinding'])
    expect(matching(finding('UNTRIAGED'), ['INFORMATIONAL'])).toEqual([])
  })

  it('split the words for a scan exactly as the function does', () => {
    expect(COMPLETE.map(scanOutcome)).toEqual(COMPLETE.map(() => 'complete'))
    expect(NOT_YET.map(scanOutcome)).toEqual(NOT_YET.map(() => 'pending'))
  })

  it('agree with the severities of the domain, whatever the counts and thresholds', () => {
    const counts = fc.dictionary(fc.constantFrom(...SEVERITY_WORDS), fc.nat({ max: 3 }), { minKeys: 1 })
    const thresholds = fc.array(fc.constantFrom(...SEVERITIES), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(counts, thresholds, (found, wanted) => {
        const worth = Object.entries(found).some(
          ([word, count]) =>
            count > 0 && wanted.some((threshold) => severitiesFrom(threshold).includes(toSeverity(word))),
        )
        expect(matching(basicScan('COMPLETE', found), wanted)).toEqual(worth ? ['BasicScan'] : [])
      }),
    )
  })
})

/** Leaves of a pattern, where `$or` multiplies: what EventBridge counts against its limit of 1,000 combinations. */
const combinations = (pattern: unknown): number => {
  if (typeof pattern !== 'object' || pattern === null || Array.isArray(pattern)) return 1
  const { $or = [], ...fields } = pattern as { $or?: unknown[] }
  const alternatives = $or.reduce((sum: number, branch) => sum + combinations(branch), 0)
  return Object.values(fields).reduce((product: number, field) => product * combinations(field), alternatives || 1)
}

describe.each(SEVERITIES)('with the threshold %s', (threshold) => {
  it.each(patterns(threshold).map((named) => [named.id, named] as const))(
    '%s stays within the limits of EventBridge',
    (_, { pattern, description }) => {
      expect(JSON.stringify(pattern).length).toBeLessThan(4_096)
      expect(combinations(pattern)).toBeLessThan(1_000)
      expect(description.length).toBeLessThanOrEqual(512)
    },
  )
})
