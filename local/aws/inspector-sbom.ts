import { createHash } from 'node:crypto'
import { readPackageUrl } from '../../functions/domain/supply-chain/sbom/package-url.ts'
import type { StoredImage, StoredRepository } from './ecr/stored.ts'

export const TYPE = 'AWS_ECR_CONTAINER_IMAGE'

/** An image that Inspector has looked into. */
export type Inspected = {
  readonly repository: StoredRepository
  readonly image: StoredImage
  /** Package URLs. */
  readonly purls: readonly string[]
}

/** What packages of an operating system come as; any other is a library. */
const OF_SYSTEMS: ReadonlySet<string> = new Set(['deb', 'rpm', 'apk'])

/** How Inspector names an image: `arn:aws:ecr:REGION:ACCOUNT:repository/NAME/sha256:…`. */
export const resourceOf = ({ repository, image }: Inspected): string =>
  `${repository.settings.repositoryArn}/${image.digest}`

const folder = (prefix: string): string => (prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`)

/** Where the document of an image goes. A slash of its ARN is an underscore there, also one of the repository's name. */
export function keyOf(inspected: Inspected, { reportId, prefix }: { reportId: string; prefix: string }): string {
  const resource = resourceOf(inspected)
  const account = `account=${resource.split(':')[4]}`
  const name = `${resource.replaceAll('/', '_')}_CYCLONEDX_1_4.json`
  return `${folder(prefix)}CYCLONEDX_1_4_outputs_${reportId}/${account}/resource=${TYPE}/${name}`
}

function architectureOf({ repository, image }: Inspected): string {
  const config = repository.blobs.get(image.parts[0]?.digest ?? '')
  try {
    const { architecture } = JSON.parse(Buffer.from(config ?? '').toString('utf8')) as { architecture?: unknown }
    return typeof architecture === 'string' ? architecture : 'amd64'
  } catch {
    // Tests push images whose configuration is made up, or is not there.
    return 'amd64'
  }
}

/** @throws {TypeError} where it is no package URL */
function componentOf(purl: string): object {
  const named = readPackageUrl(purl)
  if (!named) throw new TypeError(`It is no package URL: ${purl}`)
  const ref = createHash('md5').update(purl).digest('hex')
  return { type: OF_SYSTEMS.has(named.ecosystem) ? 'application' : 'library', name: named.name, purl, 'bom-ref': ref }
}

/** @throws {TypeError} where one is no package URL */
export const componentsOf = (purls: readonly string[]): readonly object[] => purls.map(componentOf)

/**
 * What Inspector writes of an image: versions stand in the package URLs alone.
 * @see https://docs.aws.amazon.com/inspector/latest/user/sbom-export.html
 */
export function documentOf(inspected: Inspected, at: Date): string {
  const { repository, image, purls } = inspected
  const properties = {
    imageId: image.digest,
    architecture: architectureOf(inspected),
    accountId: repository.settings.registryId,
    resourceType: TYPE,
  }
  return JSON.stringify({
    ...{ bomFormat: 'CycloneDX', specVersion: '1.4', version: 1 },
    metadata: {
      timestamp: at.toISOString().replace(/\.\d+Z$/, 'Z'),
      component: null,
      properties: Object.entries(properties).map(([name, value]) => ({ name, value })),
    },
    components: componentsOf(purls),
  })
}
