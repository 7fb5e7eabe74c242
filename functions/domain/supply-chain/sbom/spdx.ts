import type { Sbom, SbomPackage } from '../sbom.ts'
import { checksum, digestsIn } from './digests.ts'
import type { LicenceReader } from './licence.ts'
import { instant, packageOf, refuseTooMany } from './packages.ts'
import { listOf, record, type Shape } from './shape.ts'

/** What is used of a document of SPDX. @see https://spdx.github.io/spdx-spec/v2.3/ */
export const SPDX: Readonly<Record<string, Shape>> = {
  spdxVersion: 'text',
  name: 'text',
  documentNamespace: 'text',
  creationInfo: record({ created: 'text', creators: listOf('text') }),
  documentDescribes: listOf('text'),
  packages: {
    handedAs: 'package',
    each: record({
      ...{ SPDXID: 'text', name: 'text', versionInfo: 'text', primaryPackagePurpose: 'text' },
      ...{ licenseConcluded: 'text', licenseDeclared: 'text' },
      checksums: listOf(record({ algorithm: 'text', checksumValue: 'text' })),
      externalRefs: listOf(record({ referenceType: 'text', referenceLocator: 'text' })),
    }),
  },
  relationships: {
    handedAs: 'relationship',
    each: record({ spdxElementId: 'text', relationshipType: 'text', relatedSpdxElement: 'text' }),
  },
}

export type SpdxDocument = {
  readonly spdxVersion?: string
  readonly name?: string
  readonly documentNamespace?: string
  readonly creationInfo?: { readonly created?: string; readonly creators?: readonly string[] }
  readonly documentDescribes?: readonly string[]
}

export type SpdxPackage = {
  readonly SPDXID?: string
  readonly name?: string
  readonly versionInfo?: string
  readonly primaryPackagePurpose?: string
  readonly licenseConcluded?: string
  readonly licenseDeclared?: string
  readonly checksums?: readonly { readonly algorithm?: string; readonly checksumValue?: string }[]
  readonly externalRefs?: readonly { readonly referenceType?: string; readonly referenceLocator?: string }[]
}

export type Relationship = {
  readonly spdxElementId?: string
  readonly relationshipType?: string
  readonly relatedSpdxElement?: string
}

const DOCUMENT = 'SPDXRef-DOCUMENT'
const VERSIONS: Readonly<Record<string, string>> = { 'SPDX-2.2': 'SPDX 2.2', 'SPDX-2.3': 'SPDX 2.3' }

/** `SPDX 2.3`; undefined where it is not of a version that is read. */
export const spdxVersion = ({ spdxVersion: version = '' }: SpdxDocument): string | undefined =>
  Object.hasOwn(VERSIONS, version) ? VERSIONS[version] : undefined

type Found = { readonly id: string | undefined; readonly found: SbomPackage }

const digestsOf = ({ name, versionInfo, checksums = [], externalRefs = [] }: SpdxPackage): string[] =>
  digestsIn([
    ...[name, versionInfo],
    ...externalRefs.map(({ referenceLocator }) => referenceLocator),
    ...checksums.map(({ algorithm, checksumValue }) => checksum(algorithm, checksumValue)),
  ])

/** What is concluded goes before what is declared; neither need be said. */
const licencesOf = ({ licenseConcluded, licenseDeclared }: SpdxPackage, licences: LicenceReader) =>
  licences([licenseConcluded]) ?? licences([licenseDeclared])

/** `Tool: syft-1.4.1` as `syft 1.4.1`. */
function toolIn(creators: readonly string[] = []): string | undefined {
  const [, tool] = creators.map((one) => /^Tool: (.{1,100})$/.exec(one)).find((one) => one !== null) ?? []
  return tool?.replace(/-(?=v?\d[^-]*$)/, ' ')
}

/** Reads the packages of a document as they come. */
export function spdxReader(licences: LicenceReader) {
  const packages: Found[] = []
  const digests = new Map<string, readonly string[]>()
  const described = new Set<string>()
  return {
    package(raw: SpdxPackage): void {
      const purl = raw.externalRefs?.find(({ referenceType }) => referenceType === 'purl')?.referenceLocator
      const { name, versionInfo: version, primaryPackagePurpose: kind, SPDXID: id } = raw
      const found = packageOf({ name, version, purl, kind, licence: licencesOf(raw, licences) })
      if (found) packages.push({ id, found })
      const own = digestsOf(raw)
      if (id !== undefined && own.length > 0) digests.set(id, own)
      refuseTooMany(packages)
    },
    relationship({
      spdxElementId: one = '',
      relationshipType: type,
      relatedSpdxElement: other = '',
    }: Relationship): void {
      if (type === 'DESCRIBES' && one === DOCUMENT) described.add(other)
      if (type === 'DESCRIBED_BY' && other === DOCUMENT) described.add(one)
    },
    sbom(document: SpdxDocument, format: string): Sbom {
      for (const id of document.documentDescribes ?? []) described.add(id)
      const own = [...described].flatMap((id) => digests.get(id) ?? [])
      const { name, documentNamespace, creationInfo } = document
      // The one thing that it describes is the whole, unless it has a name in some ecosystem.
      const isWhole = ({ id = '', found }: Found): boolean =>
        described.size === 1 && described.has(id) && found.ecosystem === undefined
      return {
        format,
        about: [...new Set([...own, ...digestsIn([name, documentNamespace])])],
        packages: packages.filter((one) => !isWhole(one)).map(({ found }) => found),
        created: instant(creationInfo?.created),
        tool: toolIn(creationInfo?.creators),
      }
    },
  }
}
