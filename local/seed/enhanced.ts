import type { EnhancedImageScanFinding, VulnerablePackage } from '@aws-sdk/client-ecr'
import type { SeedImage } from './build.ts'
import { digestOf, layerDigest } from './digest.ts'
import type { SeedFinding } from './findings.ts'

/** Where and when a finding is seen. */
export type Sighting = {
  readonly account: string
  readonly region: string
  readonly at: Date
  /** Tasks and pods that run the image. */
  readonly inUse?: number
}

/** `1:2.36-9+deb12u4` taken apart as Inspector does. */
function versionParts(text: string): Pick<VulnerablePackage, 'epoch' | 'version' | 'release'> {
  const [, epoch = '0', version = '', release] = /^(?:(\d+):)?(.+?)(?:-([^-]+))?$/.exec(text) ?? []
  return { epoch: Number(epoch), version, ...(release && { release }) }
}

const managerOf = (name: string, layer: string): string => {
  if (name.includes(':')) return 'JAR'
  return layer.startsWith('debian') ? 'OS' : 'NODEPKG'
}

function toPackage({ package: name, installed, fixed, layer }: SeedFinding): VulnerablePackage {
  const packageManager = managerOf(name, layer)
  const isOs = packageManager === 'OS'
  return {
    arch: isOs ? 'AMD64' : undefined,
    name,
    packageManager,
    ...(isOs ? versionParts(installed) : { epoch: 0, version: installed }),
    fixedInVersion: fixed === undefined ? 'NotAvailable' : `${isOs && !fixed.includes(':') ? '0:' : ''}${fixed}`,
    sourceLayerHash: layerDigest(layer),
  }
}

const resourceOf = (image: SeedImage, { account, region, at, inUse }: Sighting) => ({
  details: {
    awsEcrContainerImage: {
      architecture: image.architecture,
      imageHash: image.digest,
      imageTags: [...image.tags],
      platform: 'DEBIAN_12',
      pushedAt: new Date(image.pushed),
      registry: account,
      repositoryName: image.repository,
      ...(inUse !== undefined && { inUseCount: inUse, lastInUseAt: at }),
    },
  },
  id: `arn:aws:ecr:${region}:${account}:repository/${image.repository}/${image.digest}`,
  type: 'AWS_ECR_CONTAINER_IMAGE',
})

/**
 * A finding as enhanced scanning gives it. EPSS is not part of it: only Inspector's own events and API have that.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_EnhancedImageScanFinding.html
 */
export function toEnhanced(finding: SeedFinding, image: SeedImage, sighting: Sighting): EnhancedImageScanFinding {
  const { account, region, at } = sighting
  const { id, score } = finding
  const cvss = {
    baseScore: score,
    scoringVector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    source: 'NVD',
    version: '3.1',
  }
  return {
    awsAccountId: account,
    description: `${id} in ${finding.package} ${finding.installed}.`,
    findingArn: `arn:aws:inspector2:${region}:${account}:finding/${digestOf(`${image.digest} ${id} ${finding.package}`).slice(7, 39)}`,
    firstObservedAt: at,
    lastObservedAt: at,
    updatedAt: at,
    packageVulnerabilityDetails: {
      cvss: [cvss],
      referenceUrls: [`https://www.cve.org/CVERecord?id=${id}`],
      relatedVulnerabilities: [],
      source: 'NVD',
      sourceUrl: `https://nvd.nist.gov/vuln/detail/${id}`,
      vendorSeverity: finding.severity,
      vulnerabilityId: id,
      vulnerablePackages: [toPackage(finding)],
    },
    remediation: { recommendation: { text: 'None Provided' } },
    resources: [resourceOf(image, sighting)],
    score,
    scoreDetails: {
      cvss: { adjustments: [], score, scoreSource: 'NVD', scoringVector: cvss.scoringVector, version: '3.1' },
    },
    severity: finding.severity,
    status: 'ACTIVE',
    title: `${id} - ${finding.package}`,
    type: 'PACKAGE_VULNERABILITY',
    fixAvailable: finding.fixed === undefined ? 'NO' : 'YES',
    exploitAvailable: finding.exploit ? 'YES' : 'NO',
  }
}
