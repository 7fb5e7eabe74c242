import type { Sbom, SbomPackage } from '../sbom.ts'
import { checksum, digestsIn } from './digests.ts'
import type { LicenceReader } from './licence.ts'
import { instant, packageOf, refuseTooMany } from './packages.ts'
import { listOf, record, type Shape } from './shape.ts'

const PROPERTIES = listOf(record({ name: 'text', value: 'text' }))

const COMPONENT: Record<string, Shape> = {
  ...{ type: 'text', group: 'text', name: 'text', version: 'text', purl: 'text', 'bom-ref': 'text' },
  hashes: listOf(record({ alg: 'text', content: 'text' })),
  licenses: listOf(record({ expression: 'text', license: record({ id: 'text', name: 'text' }) })),
}
const COMPONENTS: Shape = { handedAs: 'component', each: record(COMPONENT) }
// Components may have components.
COMPONENT.components = COMPONENTS

const TOOL = record({ name: 'text', version: 'text' })

/** What is used of a document of CycloneDX. @see https://cyclonedx.org/docs/1.6/json/ */
export const CYCLONEDX: Readonly<Record<string, Shape>> = {
  bomFormat: 'text',
  specVersion: 'text',
  metadata: record({
    timestamp: 'text',
    properties: PROPERTIES,
    // A list until 1.4, and an object from 1.5.
    tools: { each: TOOL, fields: { components: listOf(TOOL) } },
    component: record({ ...COMPONENT, properties: PROPERTIES }),
  }),
  components: COMPONENTS,
}

type Properties = readonly { readonly name?: string; readonly value?: string }[]
type Tool = { readonly name?: string; readonly version?: string }

export type Component = {
  readonly type?: string
  readonly group?: string
  readonly name?: string
  readonly version?: string
  readonly purl?: string
  readonly 'bom-ref'?: string
  readonly hashes?: readonly { readonly alg?: string; readonly content?: string }[]
  readonly licenses?: readonly {
    readonly expression?: string
    readonly license?: { readonly id?: string; readonly name?: string }
  }[]
}

export type CycloneDxDocument = {
  readonly bomFormat?: string
  readonly specVersion?: string
  readonly metadata?: {
    readonly timestamp?: string
    readonly properties?: Properties
    readonly tools?: readonly Tool[] | { readonly components?: readonly Tool[] }
    readonly component?: Component & { readonly properties?: Properties }
  }
}

const VERSIONS: ReadonlySet<string> = new Set(['1.4', '1.5', '1.6', '1.7'])

/** `CycloneDX 1.6`; undefined where it is not of a version that is read. */
export const cycloneDxVersion = ({ bomFormat, specVersion = '' }: CycloneDxDocument): string | undefined =>
  bomFormat === 'CycloneDX' && VERSIONS.has(specVersion) ? `CycloneDX ${specVersion}` : undefined

/** Where Trivy and Amazon Inspector write the digest of an image. */
const DIGEST_PROPERTIES: ReadonlySet<string> = new Set(['aquasecurity:trivy:RepoDigest', 'imageId'])

const digestProperties = (properties: Properties = []): (string | undefined)[] =>
  properties.filter(({ name = '' }) => DIGEST_PROPERTIES.has(name)).map(({ value }) => value)

function aboutOf({ component, properties }: NonNullable<CycloneDxDocument['metadata']>): string[] {
  const { name, version, purl, 'bom-ref': ref, hashes = [] } = component ?? {}
  return digestsIn([
    ...[name, version, purl, ref],
    ...hashes.map(({ alg, content }) => checksum(alg, content)),
    ...digestProperties(component?.properties),
    ...digestProperties(properties),
  ])
}

const isList = (tools: object): tools is readonly Tool[] => Array.isArray(tools)

function toolIn(tools: NonNullable<CycloneDxDocument['metadata']>['tools'] = []): string | undefined {
  const [first] = isList(tools) ? tools : (tools.components ?? [])
  return first?.name === undefined ? undefined : [first.name, first.version].join(' ').trim().slice(0, 100)
}

/** Reads the components of a document as they come. */
export function cycloneDxReader(licences: LicenceReader) {
  const packages: SbomPackage[] = []
  const read = ({ group, name, version, purl, type: kind, licenses = [] }: Component): void => {
    const licence = licences(licenses.map(({ expression, license }) => expression ?? license?.id ?? license?.name))
    const found = packageOf({ name: group && name ? `${group}/${name}` : name, version, purl, kind, licence })
    if (found) packages.push(found)
    refuseTooMany(packages)
  }
  return {
    component: read,
    sbom({ metadata = {} }: CycloneDxDocument, format: string): Sbom {
      // What it is about is a package of its own where it has a name in some ecosystem.
      if (metadata.component?.purl !== undefined) read({ ...metadata.component, type: 'container' })
      const { timestamp, tools } = metadata
      return { format, about: aboutOf(metadata), packages, created: instant(timestamp), tool: toolIn(tools) }
    },
  }
}
