import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { type AsffFinding, contentOf, within } from '../../../functions/domain/sweep/asff.ts'
import { type HubContext, memoryText, parseMemory } from '../../../functions/domain/sweep/hub-memory.ts'
import type { RegistryRecord, RepositoryRecord } from '../../../functions/domain/sweep/record.ts'
import { imported, toAsff } from '../../../functions/domain/sweep/security-hub.ts'
import { AsffSchema } from '../../../local/aws/asff.ts'
import { DIGEST } from '../../builders.ts'
import {
  imageRecord,
  PLACE,
  recordedException,
  recordedFinding,
  recordedVerdict,
  registryRecord,
  repositoryRecord,
} from './records.ts'

const HUB = { account: '123456789012', region: 'ap-northeast-1', partition: 'aws' }
const context = (change: Partial<HubContext> = {}): HubContext => ({
  ...{ ...HUB, now: new Date('2026-11-27T21:03:00Z'), scanning: 'BASIC', previous: [] },
  ...change,
})

const told = (record: RepositoryRecord | RegistryRecord, change: Partial<HubContext> = {}): readonly AsffFinding[] => {
  const findings = toAsff(record, context(change))
  for (const finding of findings) v.parse(AsffSchema, finding)
  return findings
}

const ARN = 'arn:aws:ecr:eu-west-1:222222222222:repository/prod/api'

describe('a rule that fails', () => {
  test('of a repository is a failed check of the repository, with what mends it', () => {
    expect(told(repositoryRecord({ verdicts: [recordedVerdict()] }))).toEqual([
      {
        SchemaVersion: '2018-10-08',
        Id: `ecr-steward/${ARN}/scan-on-push`,
        ProductArn: 'arn:aws:securityhub:ap-northeast-1:123456789012:product/123456789012/default',
        ProductName: 'ecr-steward',
        GeneratorId: 'ecr-steward/scan-on-push',
        AwsAccountId: '123456789012',
        Types: ['Software and Configuration Checks/AWS Security Best Practices'],
        CreatedAt: '2026-11-27T21:03:00.000Z',
        UpdatedAt: '2026-11-27T21:03:00.000Z',
        Severity: { Label: 'HIGH', Original: 'HIGH' },
        FindingProviderFields: {
          Severity: { Label: 'HIGH', Original: 'HIGH' },
          Types: ['Software and Configuration Checks/AWS Security Best Practices'],
        },
        Title: 'prod/api fails scan-on-push',
        Description: expect.stringMatching(/^Nothing scans it\. An image that nobody scanned is not clean/),
        SourceUrl: expect.stringMatching(/^https:\/\/eu-west-1\.console\.aws\.amazon\.com\/ecr\/.*prod\/api/),
        ProductFields: {
          ...{ 'ecr-steward/rule': 'scan-on-push', 'ecr-steward/mode': 'report', 'ecr-steward/owner': 'team-a' },
        },
        Remediation: {
          Recommendation: {
            Text: 'Turn on scan on push.',
            Url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html',
          },
        },
        Resources: [
          {
            ...{ Type: 'AwsEcrRepository', Id: ARN, Partition: 'aws', Region: 'eu-west-1' },
            Details: { AwsEcrRepository: { Arn: ARN, RepositoryName: 'prod/api' } },
          },
        ],
        Compliance: { Status: 'FAILED' },
        RecordState: 'ACTIVE',
      },
    ])
  })

  test('of an image is about the image, by its digest as Inspector names it', () => {
    const [finding] = told(
      repositoryRecord({ images: [imageRecord({ verdicts: [recordedVerdict({ rule: 'platforms' })] })] }),
    )
    expect(finding).toMatchObject({
      Title: 'prod/api:1.4.2 fails platforms',
      Resources: [
        {
          ...{ Type: 'AwsEcrContainerImage', Id: `${ARN}/${DIGEST}` },
          Details: {
            AwsEcrContainerImage: { RegistryId: '222222222222', RepositoryName: 'prod/api', ImageTags: ['1.4.2'] },
          },
        },
      ],
    })
  })

  test('of a registry is about what ASFF has no type for', () => {
    const [finding] = told(
      registryRecord({ verdicts: [recordedVerdict({ rule: 'one-of-old', fix: undefined } as object)] }),
    )
    expect(finding).toMatchObject({
      Title: 'the registry 222222222222 in eu-west-1 fails one-of-old',
      Resources: [{ Type: 'Other', Id: 'arn:aws:ecr:eu-west-1:222222222222:registry' }],
      Remediation: { Recommendation: { Text: 'See the report of ecr-steward.' } },
    })
    expect(finding?.ProductFields).not.toHaveProperty('ecr-steward/owner')
  })

  test('is not sent where it is unknown or agreed on', () => {
    const verdicts = [
      recordedVerdict({ outcome: 'unknown', severity: 'UNDEFINED' }),
      recordedVerdict({ rule: 'encryption', exception: recordedException() }),
    ]
    expect(told(repositoryRecord({ verdicts }))).toEqual([])
    const expired = recordedVerdict({ exception: recordedException({ state: 'expired' }) })
    expect(told(repositoryRecord({ verdicts: [expired] }))).toHaveLength(1)
  })
})

describe('a vulnerability', () => {
  const findings = [
    recordedFinding({
      severity: 'MEDIUM',
      package: 'libssl',
      url: 'javascript:alert(1)',
      firstSeen: '2026-09-01T21:00:00.000Z',
    }),
    recordedFinding({ score: 9.8, url: 'https://nvd.nist.gov/vuln/detail/CVE-2026-0001' }),
    recordedFinding({
      id: 'CVE-2026-0002',
      severity: 'UNDEFINED',
      package: 'zlib',
      fixed: undefined,
      installed: undefined,
    }),
    recordedFinding({ id: 'CVE-2026-0003', exception: recordedException() }),
  ]
  const record = repositoryRecord({ images: [imageRecord({ findings })] })

  test('is one finding of an image, with all packages that have it, worst first', () => {
    const all = told(record)
    expect(all.map(({ Title, Severity }) => [Title, Severity])).toEqual([
      ['CVE-2026-0001 in prod/api:1.4.2', { Label: 'HIGH', Original: 'HIGH' }],
      ['CVE-2026-0002 in prod/api:1.4.2', { Label: 'INFORMATIONAL', Original: 'UNDEFINED' }],
    ])
    expect(all[0]).toMatchObject({
      Id: `ecr-steward/${ARN}/${DIGEST}/vulnerability/CVE-2026-0001`,
      ...{ GeneratorId: 'ecr-steward/basic-scan', FirstObservedAt: '2026-09-01T21:00:00.000Z' },
      Types: ['Software and Configuration Checks/Vulnerabilities/CVE'],
      Description: 'CVE-2026-0001 was found in libssl 3.0.1 (fixed in 3.0.15), openssl 3.0.1 (fixed in 3.0.15).',
      Remediation: { Recommendation: { Url: 'https://nvd.nist.gov/vuln/detail/CVE-2026-0001' } },
      ProductFields: { 'ecr-steward/cvss': '9.8' },
      Vulnerabilities: [
        {
          Id: 'CVE-2026-0001',
          VulnerablePackages: [
            { Name: 'libssl', Version: '3.0.1', FixedInVersion: '3.0.15' },
            { Name: 'openssl', Version: '3.0.1', FixedInVersion: '3.0.15' },
          ],
          ...{ ReferenceUrls: ['https://nvd.nist.gov/vuln/detail/CVE-2026-0001'], FixAvailable: 'YES' },
        },
      ],
    })
    expect(all[0]).not.toHaveProperty('Compliance')
    expect(all[1]?.Vulnerabilities?.[0]).toEqual({ Id: 'CVE-2026-0002', VulnerablePackages: [{ Name: 'zlib' }] })
    expect(all[1]?.ProductFields).toEqual({ 'ecr-steward/owner': 'team-a' })
  })

  test('with a fix for some of its packages has one in part', () => {
    const some = [recordedFinding(), recordedFinding({ package: 'zlib', fixed: undefined })]
    const [finding] = told(repositoryRecord({ images: [imageRecord({ findings: some })] }))
    expect(finding?.Vulnerabilities?.[0].FixAvailable).toBe('PARTIAL')
  })

  test('is not sent where Inspector sends it, nor where nobody knows who scans', () => {
    expect(told(record, { scanning: 'ENHANCED' })).toEqual([])
    expect(told(record, { scanning: undefined })).toEqual([])
  })
})

/** As a sweep a day later sees a record after what was sent of another. */
function later(
  before: RepositoryRecord | RegistryRecord,
  after: RepositoryRecord | RegistryRecord,
  change: Partial<HubContext> = {},
) {
  const previous = told(before).map(imported)
  return told(after, { now: new Date('2026-11-28T21:03:00Z'), previous, ...change })
}

const images = (...all: Parameters<typeof imageRecord>[0][]) =>
  repositoryRecord({ images: all.map((one) => imageRecord(one)) })

describe('the next sweep', () => {
  const failing = repositoryRecord({ verdicts: [recordedVerdict()] })
  const passing = repositoryRecord({ rules: [{ rule: 'scan-on-push', pass: 1, fail: 0, unknown: 0, excepted: 0 }] })
  const vulnerable = images({ findings: [recordedFinding()] })

  test('updates what is still so, as old as it is', () => {
    const [finding] = later(failing, failing)
    expect(finding).toMatchObject({ CreatedAt: '2026-11-27T21:03:00.000Z', UpdatedAt: '2026-11-28T21:03:00.000Z' })
    expect(contentOf(finding as AsffFinding)).toBe(contentOf(told(failing)[0] as AsffFinding))
  })

  test('archives what is fixed', () => {
    expect(later(failing, passing)).toEqual([
      expect.objectContaining({
        Id: `ecr-steward/${ARN}/scan-on-push`,
        ...{ Title: 'prod/api fails scan-on-push', Compliance: { Status: 'PASSED' }, RecordState: 'ARCHIVED' },
        Description: 'The sweep of 2026-11-28 21:03 UTC no longer finds it.',
        Resources: [{ Type: 'AwsEcrRepository', Id: ARN, Partition: 'aws', Region: 'eu-west-1' }],
      }),
    ])
    const [gone] = later(vulnerable, images({}))
    expect(gone).toMatchObject({
      RecordState: 'ARCHIVED',
      Types: ['Software and Configuration Checks/Vulnerabilities/CVE'],
    })
    expect(gone).not.toHaveProperty('Compliance')
  })

  test('says that something passes only where a rule says so', () => {
    const status = (before: RepositoryRecord, after: RepositoryRecord) => later(before, after)[0]?.Compliance
    expect(status(failing, repositoryRecord())).toEqual({ Status: 'NOT_AVAILABLE' })
    const ofImage = images({ verdicts: [recordedVerdict()] })
    expect(status(ofImage, passing)).toEqual({ Status: 'NOT_AVAILABLE' })
  })

  test('archives what somebody has agreed to, with the words of who did', () => {
    const agreed = { exception: recordedException() }
    const words = 'Excepted until 2027-01-31 by team-a: TLS ends before it'
    expect(later(failing, repositoryRecord({ verdicts: [recordedVerdict(agreed)] }))).toMatchObject([
      { RecordState: 'ARCHIVED', Description: words, Compliance: { Status: 'NOT_AVAILABLE' } },
    ])
    expect(later(vulnerable, images({ findings: [recordedFinding(agreed)] }))).toMatchObject([
      { RecordState: 'ARCHIVED', Description: words },
    ])
  })

  test('leaves vulnerabilities to Inspector once it scans', () => {
    expect(later(vulnerable, vulnerable, { scanning: 'ENHANCED' })).toMatchObject([
      { RecordState: 'ARCHIVED', Description: 'Inspector scans the registry now, and sends findings of its own.' },
    ])
    expect(later(vulnerable, repositoryRecord({ omitted: OMITTED }), { scanning: 'ENHANCED' })).toHaveLength(1)
  })

  const OMITTED = { images: 1, findings: [], fails: 0, unknowns: 0, excepted: 0 }
  test.each<[string, RepositoryRecord, RepositoryRecord, Partial<HubContext>]>([
    ['could not be read', failing, repositoryRecord({ unread: ['settings'] }), {}],
    ['is unknown now', failing, repositoryRecord({ verdicts: [recordedVerdict({ outcome: 'unknown' })] }), {}],
    ['was left out of the record', vulnerable, repositoryRecord({ omitted: OMITTED }), {}],
    ['is of an image that is being scanned', vulnerable, images({ scan: 'pending' }), {}],
    ['is of a registry whose scanning could not be read', vulnerable, images({}), { scanning: undefined }],
  ])('neither repeats nor archives what %s', (_, before, after, change) => {
    expect(later(before, after, change)).toEqual([])
  })

  test('archives a rule of the repository also where images were left out', () => {
    expect(later(failing, repositoryRecord({ omitted: OMITTED }))).toHaveLength(1)
  })

  test('does the same for a registry', () => {
    const before = registryRecord({ verdicts: [recordedVerdict({ rule: 'replication' })] })
    expect(later(before, registryRecord())).toMatchObject([{ RecordState: 'ARCHIVED', Resources: [{ Type: 'Other' }] }])
    expect(later(before, registryRecord({ unread: ['replication'] }))).toEqual([])
  })
})

describe('what comes from outside', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3_000 }),
    fc.constantFrom('', ' ', '\u202e\n', '👩‍👩‍👧'.repeat(300), '\ud800'),
  )

  test('is within the limits of ASFF whatever it is, and never 240 KB', () => {
    fc.assert(
      fc.property(hostile, hostile, fc.array(hostile, { maxLength: 80 }), (a, b, many) => {
        const findings = many.map((name) =>
          recordedFinding({ id: a, package: name, installed: b, fixed: b, url: `https://${a}` }),
        )
        const verdicts = [recordedVerdict({ rule: a, reason: b, fix: { text: b } })]
        const record = repositoryRecord({
          owner: b,
          verdicts,
          images: [imageRecord({ tags: many, findings, verdicts })],
        })
        for (const finding of told(record)) expect(JSON.stringify(finding).length).toBeLessThan(60_000)
        const previous = told(record).map(imported)
        for (const finding of told(repositoryRecord(), { previous })) expect(finding.RecordState).toBe('ARCHIVED')
      }),
      { numRuns: 60 },
    )
  })

  test('is the same finding under the same id, and another under another', () => {
    const idOf = (rule: string) => told(repositoryRecord({ verdicts: [recordedVerdict({ rule })] }))[0]?.Id
    const long = 'x'.repeat(600)
    expect(idOf(long)).toBe(idOf(long))
    expect(idOf(long)).toMatch(/^ecr-steward\/[0-9a-f]{32}$/)
    expect(idOf(`${long}1`)).not.toBe(idOf(long))
  })

  test('is cut between characters', () => {
    expect(within('ab😀cd', 5)).toBe('ab😀…')
    expect(within('ab😀cd', 4)).toBe('ab…')
    expect(within('abcd', 4)).toBe('abcd')
    expect(within('\n', 4)).toBe('–')
  })
})

test('what is remembered is read as it was written, and nothing else', () => {
  const previous = told(repositoryRecord({ verdicts: [recordedVerdict()] })).map(imported)
  expect(parseMemory(memoryText(previous))).toEqual(previous)
  for (const text of [undefined, '', '{', 'null', '{"version":2,"findings":[]}', '{"version":1,"findings":[{}]}'])
    expect(parseMemory(text)).toEqual([])
})

test('in another partition names begin as there', () => {
  const record = { ...registryRecord({ verdicts: [recordedVerdict()] }), ...PLACE, region: 'cn-north-1' }
  const [finding] = toAsff(record, context({ region: 'cn-north-1', partition: 'aws-cn' }))
  expect(finding?.ProductArn).toMatch(/^arn:aws-cn:securityhub:cn-north-1:/)
  expect(finding?.Resources[0].Id).toMatch(/^arn:aws-cn:ecr:cn-north-1:/)
})
