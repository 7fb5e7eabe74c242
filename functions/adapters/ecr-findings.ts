import type { EnhancedImageScanFinding, ImageScanFinding } from '@aws-sdk/client-ecr'
import type { Finding } from '../domain/finding.ts'
import { fixedVersion, installedVersion } from '../domain/package-version.ts'
import { toSeverity } from '../domain/severity.ts'

const attribute = (finding: ImageScanFinding, ...names: readonly string[]): string | undefined =>
  names.map((name) => finding.attributes?.find(({ key }) => key === name)?.value).find(Boolean)

const scoreOf = (text: string | undefined): number | undefined => {
  const score = Number(text)
  return text === undefined || Number.isNaN(score) ? undefined : score
}

/**
 * A finding of basic scanning. It does not say which version fixes it.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanFinding.html
 */
export const fromBasic = (finding: ImageScanFinding): Finding => ({
  id: finding.name ?? 'unknown',
  severity: toSeverity(finding.severity ?? 'UNDEFINED'),
  package: attribute(finding, 'package_name') ?? 'unknown package',
  installed: attribute(finding, 'package_version'),
  url: finding.uri,
  score: scoreOf(attribute(finding, 'CVSS4_SCORE', 'CVSS3_SCORE', 'CVSS2_SCORE')),
})

const EXPLOITS: Readonly<Record<string, boolean>> = { YES: true, NO: false }

const isActive = ({ status }: EnhancedImageScanFinding): boolean => (status ?? 'ACTIVE') === 'ACTIVE'

/**
 * A finding of enhanced scanning: one per vulnerable package; none where it is suppressed or closed.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_EnhancedImageScanFinding.html
 */
export function fromEnhanced(finding: EnhancedImageScanFinding): Finding[] {
  if (!isActive(finding)) return []
  const details = finding.packageVulnerabilityDetails
  const packages = details?.vulnerablePackages?.length ? details.vulnerablePackages : [{ name: 'unknown package' }]
  const best = Math.max(...(details?.cvss ?? []).map(({ baseScore }) => baseScore ?? 0))
  return packages.map((one) => ({
    id: details?.vulnerabilityId ?? finding.title ?? 'unknown',
    severity: toSeverity(finding.severity ?? 'UNDEFINED'),
    package: one.name ?? 'unknown package',
    installed: installedVersion(one),
    fixed: fixedVersion(one.fixedInVersion),
    url: details?.sourceUrl ?? details?.referenceUrls?.find((url) => url.startsWith('https://')),
    score: finding.score ?? (best > 0 ? best : undefined),
    exploit: EXPLOITS[finding.exploitAvailable ?? ''],
    layer: one.sourceLayerHash,
  }))
}
