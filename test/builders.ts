import type { Alert } from '../functions/domain/alert.ts'
import type { AlertPolicy } from '../functions/domain/alert-policy.ts'
import type { Telling } from '../functions/domain/compose.ts'
import type { FindingEvent, ScanEvent } from '../functions/domain/event.ts'
import type { Exception } from '../functions/domain/exception.ts'
import type { Finding } from '../functions/domain/finding.ts'
import type { ImageRef } from '../functions/domain/image.ts'
import type { ScanTelling } from '../functions/domain/scan-telling.ts'
import type { Verdict } from '../functions/domain/verdict.ts'

export const DIGEST = `sha256:${'4a'.repeat(32)}`

export const image = (change: Partial<ImageRef> = {}): ImageRef => ({
  account: '123456789012',
  region: 'ap-northeast-1',
  repository: 'prod/api',
  digest: DIGEST,
  tags: ['1.4.2'],
  ...change,
})

export const policy = (change: Partial<AlertPolicy> = {}): AlertPolicy => ({
  repositories: ['**'],
  threshold: 'HIGH',
  slack: ['security'],
  ...change,
})

export const finding = (change: Partial<Finding> = {}): Finding => ({
  id: 'CVE-2026-0001',
  severity: 'HIGH',
  package: 'openssl',
  installed: '3.0.1',
  fixed: '3.0.15',
  ...change,
})

/** An exception without what it is about. */
export const exception = (change: Partial<Exception> = {}): Exception => ({
  repositories: ['prod/*'],
  reason: 'TLS ends before this service',
  owner: 'team-a',
  expires: '2027-01-31',
  line: 12,
  ...change,
})

export const scanEvent = (change: Partial<ScanEvent> = {}): ScanEvent => ({
  type: 'scan',
  id: 'event-1',
  time: '2026-11-20T09:00:00Z',
  account: '123456789012',
  region: 'ap-northeast-1',
  detailType: 'ECR Image Scan',
  scanner: 'basic',
  image: image(),
  status: 'COMPLETE',
  outcome: 'complete',
  counts: { HIGH: 1 },
  ...change,
})

export const findingEvent = (change: Partial<FindingEvent> = {}): FindingEvent => ({
  type: 'finding',
  id: 'finding-1',
  time: '2026-11-20T09:00:00Z',
  account: '123456789012',
  region: 'ap-northeast-1',
  detailType: 'Inspector2 Finding',
  image: image(),
  status: 'ACTIVE',
  severity: 'HIGH',
  findings: [finding()],
  ...change,
})

export const verdict = (change: Partial<Verdict> = {}): Verdict => ({
  rule: 'tag-immutability',
  outcome: 'fail',
  severity: 'MEDIUM',
  mode: 'report',
  reason: 'Tags can be moved to another image.',
  evidence: [{ name: 'Tag mutability', value: 'MUTABLE' }],
  fix: {
    text: 'Make the tags of the repository immutable.',
    command: 'aws ecr put-image-tag-mutability --repository-name prod/api',
    cdk: 'imageTagMutability: TagMutability.IMMUTABLE',
  },
  line: 12,
  ...change,
})

/** A telling about the repository `prod/api`. */
export const policyTelling = (change: Partial<Telling> = {}): Telling => ({
  subject: { account: '123456789012', region: 'ap-northeast-1', repository: 'prod/api', tags: [] },
  slack: ['security'],
  facts: [],
  notices: [],
  events: ['event-1'],
  now: new Date('2026-11-20T09:01:00Z'),
  ...change,
})

export const telling = (change: Partial<ScanTelling> = {}): ScanTelling => ({
  image: image(),
  policy: policy(),
  events: ['event-1'],
  now: new Date('2026-11-20T09:01:00Z'),
  pushedAt: '2026-11-20T08:55:12.000Z',
  scannedAt: '2026-11-20T08:59:30.000Z',
  scanner: 'basic',
  notices: [],
  ...change,
})

export const alert = (change: Partial<Alert> = {}): Alert => ({
  version: 1,
  id: '0123456789abcdef0123456789abcdef',
  kind: 'vulnerabilities',
  severity: 'CRITICAL',
  title: '1 critical in prod/api:1.4.2',
  summary: '1 at HIGH or above, 1 with a fix',
  subject: {
    account: '123456789012',
    region: 'ap-northeast-1',
    repository: 'prod/api',
    digest: DIGEST,
    tags: ['1.4.2'],
  },
  facts: [{ name: 'Scanner', value: 'basic' }],
  counts: { CRITICAL: 1 },
  items: [
    {
      id: 'CVE-2026-0001',
      severity: 'CRITICAL',
      change: 'new',
      subject: 'openssl',
      text: '3.0.1 → 3.0.15',
      notes: ['CVSS 9.8'],
      url: 'https://nvd.nist.gov/vuln/detail/CVE-2026-0001',
    },
  ],
  omitted: 0,
  todo: 'It is fixed by upgrading 1 package: openssl.',
  links: [],
  notices: [],
  channels: ['security'],
  createdAt: '2026-11-20T09:01:00.000Z',
  events: ['event-1'],
  ...change,
})
