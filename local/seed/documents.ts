import type { SeedImage } from './build.ts'

/** A package as an SBOM lists it. */
export type Listed = {
  readonly name: string
  readonly version: string
  readonly purl: string
  readonly licence: string
}

const npm = (name: string, version: string, licence = 'MIT'): Listed => ({
  ...{ name, version, licence, purl: `pkg:npm/${name.replace('@', '%40')}@${version}` },
})

const maven = (group: string, name: string, version: string, licence = 'Apache-2.0'): Listed => ({
  ...{ name, version, licence, purl: `pkg:maven/${group}/${name}@${version}` },
})

const deb = (name: string, version: string, licence: string): Listed => ({
  ...{ name, version, licence },
  purl: `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=amd64&distro=debian-12`,
})

export const API_PACKAGES: readonly Listed[] = [
  npm('express', '4.19.2'),
  npm('@fastify/cors', '9.0.1'),
  npm('pg', '8.12.0'),
  npm('semver', '7.6.3', 'ISC'),
  deb('openssl', '3.0.15-1~deb12u1', 'Apache-2.0'),
  deb('tzdata', '2024b-0+deb12u1', 'LicenseRef-public-domain'),
]

const vault = (log4j: string): readonly Listed[] => [
  maven('org.apache.logging.log4j', 'log4j-core', log4j),
  maven('org.apache.logging.log4j', 'log4j-api', log4j),
  maven('com.fasterxml.jackson.core', 'jackson-databind', '2.15.4'),
  maven('org.postgresql', 'postgresql', '42.7.4', 'BSD-2-Clause'),
  maven('org.hibernate.orm', 'hibernate-core', '6.4.10.Final', 'LGPL-2.1-or-later'),
  deb('libc6', '2.36-9+deb12u7', 'LGPL-2.1-or-later AND GPL-2.0-only'),
]

/** With the version of log4j-core that Log4Shell is about. */
export const VAULT_PACKAGES = vault('2.14.1')

const hexOf = ({ digest }: SeedImage): string => digest.slice('sha256:'.length)
const REGISTRY = '123456789012.dkr.ecr.ap-northeast-1.amazonaws.com'
const oci = ({ repository, digest }: SeedImage): string =>
  `pkg:oci/${repository.split('/')[1]}@${encodeURIComponent(digest)}?repository_url=${REGISTRY}/${repository}`

/** As syft writes it. @see https://spdx.github.io/spdx-spec/v2.3/ */
export const spdx = (image: SeedImage, packages: readonly Listed[]): object => ({
  spdxVersion: 'SPDX-2.3',
  dataLicense: 'CC0-1.0',
  SPDXID: 'SPDXRef-DOCUMENT',
  name: `${REGISTRY}/${image.repository}`,
  documentNamespace: `https://git.example.com/sbom/${image.repository}-${hexOf(image).slice(0, 12)}`,
  creationInfo: {
    created: image.pushed,
    creators: ['Organization: Example', 'Tool: syft-1.18.1'],
    licenseListVersion: '3.25',
  },
  packages: [
    {
      ...{ name: `${REGISTRY}/${image.repository}`, SPDXID: 'SPDXRef-DocumentRoot-Image', versionInfo: image.digest },
      ...{ downloadLocation: 'NOASSERTION', filesAnalyzed: false, primaryPackagePurpose: 'CONTAINER' },
      checksums: [{ algorithm: 'SHA256', checksumValue: hexOf(image) }],
      externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: oci(image) }],
    },
    ...packages.map(({ name, version, purl, licence }, index) => ({
      ...{ name, SPDXID: `SPDXRef-Package-${index}`, versionInfo: version, downloadLocation: 'NOASSERTION' },
      ...{ filesAnalyzed: false, licenseConcluded: 'NOASSERTION', licenseDeclared: licence },
      externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }],
    })),
  ],
  relationships: [
    {
      ...{ spdxElementId: 'SPDXRef-DOCUMENT', relatedSpdxElement: 'SPDXRef-DocumentRoot-Image' },
      relationshipType: 'DESCRIBES',
    },
  ],
})

/** As Trivy writes it. @see https://cyclonedx.org/docs/1.6/json/ */
export const cycloneDx = (image: SeedImage, packages: readonly Listed[]): object => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  serialNumber: `urn:uuid:${hexOf(image).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')}`,
  version: 1,
  metadata: {
    timestamp: image.pushed,
    tools: { components: [{ type: 'application', name: 'trivy', version: '0.58.0' }] },
    component: {
      ...{ 'bom-ref': oci(image), type: 'container', name: `${REGISTRY}/${image.repository}`, version: image.digest },
      purl: oci(image),
      hashes: [{ alg: 'SHA-256', content: hexOf(image) }],
    },
  },
  components: packages.map(({ name, version, purl, licence }) => ({
    ...{ 'bom-ref': purl, type: 'library', ...named(name, purl), version, purl },
    licenses: [{ expression: licence }],
  })),
})

/** Maven and npm have the group apart from the name. */
function named(name: string, purl: string): { readonly group?: string; readonly name: string } {
  const [, group] = /^pkg:(?:maven|npm)\/([^/]+)\//.exec(purl) ?? []
  return group === undefined ? { name } : { group: decodeURIComponent(group), name: name.split('/').at(-1) ?? name }
}

/**
 * Where GitHub says that an image was built. @param source `https://github.com/acme/ledger-web` @param branch `main`
 * @see https://slsa.dev/spec/v1.0/provenance
 */
export const slsaProvenance = (source: string, branch: string): object => ({
  buildDefinition: {
    buildType: 'https://actions.github.io/buildtypes/workflow/v1',
    externalParameters: {
      workflow: { ref: `refs/heads/${branch}`, repository: source, path: '.github/workflows/release.yml' },
    },
    internalParameters: { github: { event_name: 'push', runner_environment: 'github-hosted' } },
    resolvedDependencies: [
      {
        uri: `git+${source}@refs/heads/${branch}`,
        digest: { gitCommit: '3f2c9d1e8b7a6c5d4e3f2a1b0c9d8e7f6a5b4c3d' },
      },
    ],
  },
  runDetails: {
    builder: { id: `${source}/.github/workflows/release.yml@refs/heads/${branch}` },
    metadata: { invocationId: `${source}/actions/runs/11894203117/attempts/1` },
  },
})
