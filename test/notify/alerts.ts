import type { Alert, AlertItem } from '../../functions/domain/alert.ts'

const DIGEST = `sha256:${'9f86d081884c7d65'.repeat(4)}`

export const item = (changes: Partial<AlertItem> = {}): AlertItem => ({
  id: 'CVE-2026-31789',
  severity: 'CRITICAL',
  change: 'new',
  subject: 'openssl',
  text: '3.0.11 → 3.0.15',
  notes: ['exploit known', 'CVSS 9.8'],
  url: 'https://nvd.nist.gov/vuln/detail/CVE-2026-31789',
  ...changes,
})

export const items = (count: number, changes: Partial<AlertItem> = {}): AlertItem[] =>
  Array.from({ length: count }, (_, index) => item({ id: `CVE-2026-${1_000 + index}`, ...changes }))

/** A believable alert, with what a test is about in place of its own. */
export const alert = (changes: Partial<Alert> = {}): Alert => ({
  version: 1,
  id: 'a3f1c2d4e5b6a7988f00112233445566',
  kind: 'vulnerabilities',
  severity: 'CRITICAL',
  title: '1 critical, 1 high in prod/api:1.4.2',
  summary: '2 at HIGH or above, 2 with a fix',
  subject: {
    account: '123456789012',
    region: 'ap-northeast-1',
    repository: 'prod/api',
    digest: DIGEST,
    tags: ['1.4.2', 'latest'],
  },
  facts: [
    { name: 'With a fix', value: '2 of 2' },
    { name: 'Pushed', value: '2026-11-23 09:12 UTC' },
  ],
  counts: { CRITICAL: 1, HIGH: 1, LOW: 40 },
  items: [item(), item({ id: 'CVE-2026-6345', severity: 'HIGH', subject: 'setuptools', text: '65.5.1 → 70.0.0' })],
  omitted: 0,
  todo: 'It is fixed by upgrading 2 packages: openssl, setuptools.',
  command: `docker pull 123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/prod/api@${DIGEST}`,
  links: [{ text: 'Open in the ECR console', url: 'https://ap-northeast-1.console.aws.amazon.com/ecr/' }],
  notices: [],
  channels: ['security'],
  createdAt: '2026-11-24T03:04:05.000Z',
  events: ['event-1'],
  ...changes,
})

/** The alert on an image that could not be scanned. */
export const failedAlert = (changes: Partial<Alert> = {}): Alert => {
  const { counts: _, ...rest } = alert()
  return {
    ...rest,
    kind: 'scan-failed',
    severity: 'UNDEFINED',
    title: 'Not scanned: prod/batch:7',
    summary: 'The scan ended as UNSUPPORTED_IMAGE. Whether the image is vulnerable is unknown.',
    items: [],
    facts: [{ name: 'Scan status', value: 'UNSUPPORTED_IMAGE' }],
    ...changes,
  }
}
