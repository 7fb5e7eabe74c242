import { describe, expect, test } from 'vitest'
import { fromBasic, fromEnhanced } from '../../functions/adapters/ecr-findings.ts'

describe('a finding of basic scanning', () => {
  test('becomes ours', () => {
    const finding = fromBasic({
      name: 'CVE-2026-0001',
      severity: 'HIGH',
      uri: 'https://nvd.nist.gov/vuln/detail/CVE-2026-0001',
      attributes: [
        { key: 'package_name', value: 'openssl' },
        { key: 'package_version', value: '3.0.1' },
        { key: 'CVSS3_SCORE', value: '8.1' },
      ],
    })
    expect(finding).toEqual({
      id: 'CVE-2026-0001',
      severity: 'HIGH',
      package: 'openssl',
      installed: '3.0.1',
      url: 'https://nvd.nist.gov/vuln/detail/CVE-2026-0001',
      score: 8.1,
    })
  })

  test('that says nothing is still a finding, and nothing is made up about it', () => {
    expect(fromBasic({})).toEqual({ id: 'unknown', severity: 'UNDEFINED', package: 'unknown package' })
    expect(fromBasic({ attributes: [{ key: 'CVSS3_SCORE', value: 'n/a' }] }).score).toBeUndefined()
  })
})

describe('a finding of enhanced scanning', () => {
  const details = {
    vulnerabilityId: 'CVE-2026-0002',
    referenceUrls: ['http://insecure.example', 'https://example.com/2'],
    cvss: [{ baseScore: 5.5 }, { baseScore: 7.5 }, {}],
    vulnerablePackages: [
      { name: 'zlib', version: '1.2', release: '3', epoch: 1, fixedInVersion: '1:1.2-4', sourceLayerHash: 'sha256:a' },
      { name: 'zlib-dev', version: '1.2', fixedInVersion: 'NotAvailable' },
    ],
  }

  test('is one per vulnerable package', () => {
    const found = fromEnhanced({
      severity: 'CRITICAL',
      status: 'ACTIVE',
      exploitAvailable: 'YES',
      packageVulnerabilityDetails: details,
    })
    expect(found).toMatchObject([
      {
        id: 'CVE-2026-0002',
        severity: 'CRITICAL',
        package: 'zlib',
        installed: '1:1.2-3',
        fixed: '1:1.2-4',
        url: 'https://example.com/2',
        score: 7.5,
        exploit: true,
        layer: 'sha256:a',
      },
      { package: 'zlib-dev' },
    ])
    expect(found[1]?.fixed).toBeUndefined()
  })

  test('is none when it is suppressed or closed', () => {
    expect(fromEnhanced({ status: 'SUPPRESSED', packageVulnerabilityDetails: details })).toEqual([])
    expect(fromEnhanced({ status: 'CLOSED', packageVulnerabilityDetails: details })).toEqual([])
  })

  test('without package details is still one, with Inspector’s own score', () => {
    expect(fromEnhanced({ title: 'Hardcoded key', severity: 'HIGH', score: 8, exploitAvailable: 'NO' })).toMatchObject([
      { id: 'Hardcoded key', package: 'unknown package', score: 8, exploit: false },
    ])
    expect(fromEnhanced({})).toMatchObject([{ id: 'unknown', severity: 'UNDEFINED' }])
  })
})
