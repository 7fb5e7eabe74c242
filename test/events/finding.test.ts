import { describe, expect, it } from 'vitest'
import { fixedVersion, installedVersion } from '../../functions/domain/package-version.ts'
import { parseInspectorDate } from '../../functions/events/inspector-date.ts'
import { parseEvent } from '../../functions/events/parse.ts'
import { DIGEST, finding, libssl, ofImage, vulnerability } from './samples.ts'

const parsed = (detail: Readonly<Record<string, unknown>> = {}) => {
  const event = parseEvent(finding(detail))
  if (event.type !== 'finding') throw new Error(`expected a finding, got ${event.type}`)
  return event
}
const first = (detail: Readonly<Record<string, unknown>> = {}) => parsed(detail).findings[0]
const withVulnerability = (fields: Readonly<Record<string, unknown>>) =>
  first({ packageVulnerabilityDetails: vulnerability(fields) })

describe('a finding of 2024', () => {
  it('becomes one finding per vulnerable package', () => {
    const packages = [libssl(), libssl({ name: 'openssl', fixedInVersion: 'NotAvailable' })]
    const event = parsed({ packageVulnerabilityDetails: vulnerability({ vulnerablePackages: packages }) })
    expect(event.findings).toEqual([
      {
        id: 'CVE-2024-6119',
        severity: 'MEDIUM',
        package: 'libssl3t64',
        installed: '3.0.13-0ubuntu3.2',
        fixed: '3.0.13-0ubuntu3.4',
        url: 'https://www.cve.org/CVERecord?id=CVE-2024-6119',
        epss: 0.00045,
        exploit: false,
        layer: `sha256:${'15'.repeat(32)}`,
      },
      expect.objectContaining({ package: 'openssl', fixed: undefined }),
    ])
  })

  it('names the image, and when it was pushed and the finding first seen', () => {
    expect(parsed()).toMatchObject({
      image: {
        account: '123456789012',
        region: 'ap-northeast-1',
        repository: 'prod/api',
        digest: DIGEST,
        tags: ['1.4.2'],
      },
      firstSeen: '2024-09-04T16:55:38.411Z',
      pushedAt: '2024-09-04T16:55:28.000Z',
      title: 'CVE-2024-6119 - libssl3t64',
    })
  })
})

describe('a finding of 2021', () => {
  const old = {
    inspectorScore: 6.5,
    firstObservedAt: 'Dec 3, 2021, 6:02:30 PM',
    epss: undefined,
    exploitAvailable: undefined,
    resources: [ofImage({ inUseCount: 1, pushedAt: 'Dec 3, 2021, 12:02:13 AM' }, { region: 'N/A', partition: 'N/A' })],
  }

  it('knows its score and whether the image is in use, and leaves unknown what was not said then', () => {
    expect(first(old)).toMatchObject({ score: 6.5, inUse: 1, epss: undefined, exploit: undefined })
  })

  it('takes the region from the ARN, and reads the dates of its time', () => {
    expect(parsed(old)).toMatchObject({
      image: { region: 'ap-northeast-1' },
      firstSeen: '2021-12-03T18:02:30.000Z',
      pushedAt: '2021-12-03T00:02:13.000Z',
    })
  })

  it('has the best base score where Inspector gives none of its own', () => {
    const cvss = [{ baseScore: 6.5 }, { baseScore: 8.1 }, { baseScore: 99 }, {}]
    expect(withVulnerability({ cvss })).toMatchObject({ score: 8.1 })
  })
})

describe('a finding', () => {
  it.each(['ACTIVE', 'CLOSED', 'SUPPRESSED'])('may be %s', (status) => {
    expect(parsed({ status }).status).toBe(status)
  })

  it('is UNDEFINED while Inspector has not triaged it', () => {
    expect(parsed({ severity: 'UNTRIAGED' }).severity).toBe('UNDEFINED')
  })

  it('has a known exploit where Inspector says YES, or when it last saw one', () => {
    expect(first({ exploitAvailable: 'YES' })?.exploit).toBe(true)
    const exploitabilityDetails = { lastKnownExploitAt: 'Sat Aug 31 00:04:50.000 UTC 2024' }
    expect(first({ exploitAvailable: undefined, exploitabilityDetails })?.exploit).toBe(true)
  })

  it('links to its source before any reference, and only to a reference that is https', () => {
    expect(withVulnerability({ sourceUrl: 'https://a.example/1' })?.url).toBe('https://a.example/1')
    expect(withVulnerability({ referenceUrls: ['http://a.example', 'https://b.example'] })?.url).toBe(
      'https://b.example',
    )
    expect(withVulnerability({ referenceUrls: undefined })?.url).toBeUndefined()
  })

  it('is still a finding where what merely describes it has another type', () => {
    const odd = { inspectorScore: 'N/A', epss: 'N/A', firstObservedAt: 7, exploitAvailable: 1, title: null }
    expect(parsed(odd)).toMatchObject({ firstSeen: undefined, title: undefined })
    expect(first(odd)).toMatchObject({ id: 'CVE-2024-6119', score: undefined, epss: undefined, exploit: undefined })
  })

  it.each([['CODE_VULNERABILITY'], ['NETWORK_REACHABILITY']])('of type %s has a severity and no packages', (type) => {
    expect(parsed({ type, severity: 'HIGH', packageVulnerabilityDetails: undefined })).toMatchObject({
      severity: 'HIGH',
      findings: [],
    })
  })

  it('of another resource is foreign', () => {
    const resources = [{ type: 'AWS_LAMBDA_FUNCTION', id: 'arn:aws:lambda:eu-central-1:123456789012:function:f' }]
    expect(parseEvent(finding({ resources }))).toMatchObject({ type: 'foreign', about: 'AWS_LAMBDA_FUNCTION' })
    expect(parseEvent(finding({ resources: undefined }, { resources: ['i-0123456789abcdef0'] }))).toMatchObject({
      type: 'foreign',
      about: 'ec2',
    })
  })
})

describe('versions and dates', () => {
  it('write an epoch only where it is not zero, on both sides alike', () => {
    expect(installedVersion({ epoch: 1, version: '8.0', release: '2.el9' })).toBe('1:8.0-2.el9')
    expect(installedVersion({ epoch: 0, version: '8.0' })).toBe('8.0')
    expect(installedVersion({ release: '2' })).toBeUndefined()
    expect(fixedVersion('1:8.1-1.el9')).toBe('1:8.1-1.el9')
    expect(fixedVersion('0:8.1')).toBe('8.1')
  })

  it.each([undefined, '', ' ', 'NotAvailable', 'Not Available', 'not available'])('find no fix in %j', (text) => {
    expect(fixedVersion(text)).toBeUndefined()
  })

  it.each([
    ['Fri Nov 20 09:14:05.120 UTC 2026', '2026-11-20T09:14:05.120Z'],
    ['Nov 5, 2026, 12:00:00 PM', '2026-11-05T12:00:00.000Z'],
    ['Nov 5, 2026, 12:00:00\u202fAM', '2026-11-05T00:00:00.000Z'],
    ['2026-11-20T09:14:05Z', '2026-11-20T09:14:05.000Z'],
    ['yesterday', undefined],
    ['Fri anF 20 09:14:05.120 UTC 2026', undefined],
  ])('read %s', (text, instant) => {
    expect(parseInspectorDate(text)).toBe(instant)
  })
})
