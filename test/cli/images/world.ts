import { beforeAll } from 'vitest'
import {
  attestation,
  configuration,
  imageManifest,
  indexManifest,
  layer,
  member,
  type Stored,
  stored,
} from '../../policy/image/manifests.ts'
import { startRegistry } from '../registry.ts'

export const REPOSITORY = 'shop/api'

/** What steward.yaml asks of images. */
export const CONFIG = `alerts:
  - { repositories: ["**"], to: [sns] }
policy:
  - repositories: ["**"]
    rules:
      vulnerabilities: report
      tag-naming: { mode: report, patterns: ["[0-9].*"] }
exceptions:
  - finding: CVE-2026-1003
    repositories: ["${REPOSITORY}"]
    reason: not reachable
    owner: shop
    expires: 2027-01-31
`

/** A finding of basic scanning. */
export const finding = (name: string, severity: string, packageName = 'openssl') => ({
  ...{ name, severity: severity as 'HIGH' },
  attributes: [{ key: 'package_name', value: packageName }],
})

export const complete = (...findings: readonly ReturnType<typeof finding>[]) => ({
  status: { status: 'COMPLETE' },
  findings: [...findings],
  completedAt: new Date('2026-11-20T10:00:00Z'),
})

const image = (name: string, change: Readonly<Record<string, unknown>> = {}): Stored =>
  imageManifest(configuration({ created: name, ...change }))

/** Everything that a repository may hold, with its digests. */
export const MADE = {
  critical: image('critical'),
  clean: image('clean'),
  excepted: image('excepted'),
  unscanned: image('unscanned'),
  untagged: image('untagged'),
  archived: image('archived'),
  amd64: image('amd64'),
  arm64: image('arm64', { architecture: 'arm64' }),
  provenance: attestation(),
  chart: stored({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.cncf.helm.config.v1+json', digest: stored('chart').digest, size: 5 },
    layers: [layer('chart', 'application/vnd.cncf.helm.chart.content.v1.tar+gzip')],
  }),
  signature: imageManifest(stored({ architecture: '', os: '' }), {
    layers: [layer('signed', 'application/vnd.dev.cosign.simplesigning.v1+json')],
  }),
} as const

export const INDEX = indexManifest([
  member(MADE.amd64),
  member(MADE.arm64, { platform: { os: 'linux', architecture: 'arm64' } }),
  member(MADE.provenance, { platform: { os: 'unknown', architecture: 'unknown' } }),
])

const day = (at: number): Date => new Date(`2026-11-${String(at).padStart(2, '0')}T12:00:00Z`)

/** A repository with an image of every kind: pushed one a day, from the 3rd of November on. */
export function startWorld() {
  const here = startRegistry()
  here.write('images.yaml', CONFIG)
  beforeAll(() => {
    const { ecr } = here.aws
    ecr.createRepository({ repositoryName: REPOSITORY })
    let at = 3
    const put = ({ text }: Stored, imageTag?: string, change: object = {}) =>
      ecr.putImage({
        ...{ repositoryName: REPOSITORY, imageManifest: text, pushedAt: day(at++) },
        ...(imageTag !== undefined && { imageTag }),
        ...change,
      })
    put(MADE.archived, '0.1', { archivedAt: day(20) })
    put(MADE.untagged)
    put(MADE.unscanned, '1.0')
    put(MADE.amd64)
    put(MADE.arm64)
    put(MADE.provenance)
    put(INDEX, '2.0')
    put(MADE.chart, '3.0-chart')
    put(MADE.signature, `sha256-${INDEX.digest.slice('sha256:'.length)}.sig`)
    put(MADE.excepted, '4.0')
    put(MADE.clean, '5.0', { pulledAt: day(24) })
    put(MADE.critical, '6.0')
    ecr.putImage({ repositoryName: REPOSITORY, imageManifest: MADE.critical.text, imageTag: 'latest' })
    const scans = {
      critical: complete(
        finding('CVE-2026-1001', 'CRITICAL'),
        finding('CVE-2026-1002', 'HIGH'),
        finding('CVE-2026-1004', 'LOW'),
      ),
      clean: complete(),
      excepted: complete(finding('CVE-2026-1003', 'HIGH')),
      amd64: complete(finding('CVE-2026-1002', 'HIGH'), finding('CVE-2026-1005', 'MEDIUM')),
      arm64: complete(finding('CVE-2026-1002', 'HIGH')),
    } as const
    for (const [name, scan] of Object.entries(scans))
      ecr.putScan(REPOSITORY, MADE[name as keyof typeof scans].digest, scan)
  })
  return here
}
