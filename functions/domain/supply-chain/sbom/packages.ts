import type { Licence, SbomPackage } from '../sbom.ts'
import { readPackageUrl } from './package-url.ts'
import { RefusedSbom } from './refused.ts'

/** Characters of a name or a version. */
const LENGTH = 512
/** Packages of one document; the largest images have a tenth of them. */
const MOST = 200_000

/** Package URLs of what the document is about: no package within it. */
const WHOLE: ReadonlySet<string> = new Set(['oci', 'docker', 'swid'])
/** What is a package whatever is said of it. */
const PARTS: ReadonlySet<string> = new Set(['', 'library', 'framework', 'firmware', 'source', 'install', 'other'])

/** What both formats say of a package. */
export type Entry = {
  readonly name: string | undefined
  readonly version: string | undefined
  readonly purl: string | undefined
  /** `library`, `OPERATING-SYSTEM`: type or purpose, as the format spells it. */
  readonly kind: string | undefined
  readonly licence: Licence | undefined
}

/** What an SBOM says where it does not say it. */
const said = (text: string | undefined): string | undefined =>
  text === undefined || /^(?:NOASSERTION|UNKNOWN)?$/i.test(text) ? undefined : text

/** Images, operating systems and files are packages only where a package URL says so; lock files have no version. */
function isPart(kind: string, version: string | undefined): boolean {
  return PARTS.has(kind) || (kind === 'application' && version !== undefined)
}

function bounded(text: string | undefined, what: string): string | undefined {
  if (text !== undefined && text.length > LENGTH)
    throw new RefusedSbom(`it lists a package whose ${what} has more than ${LENGTH} characters`)
  return text
}

/**
 * A package, by its package URL and else by what its other fields say; undefined of what is none.
 * @throws {RefusedSbom} where it has no name
 */
export function packageOf({ name, version, purl, kind = '', licence }: Entry): SbomPackage | undefined {
  const named = purl === undefined ? undefined : readPackageUrl(purl)
  const found = {
    name: bounded(said(named?.name ?? name), 'name'),
    version: bounded(named?.version ?? said(version), 'version'),
    ecosystem: bounded(named?.ecosystem, 'ecosystem'),
  }
  if (named ? WHOLE.has(named.ecosystem) : !isPart(kind.toLowerCase(), found.version)) return undefined
  if (found.name === undefined) throw new RefusedSbom('it lists a package without a name')
  return { name: found.name, version: found.version, ecosystem: found.ecosystem, ...(licence && { licence }) }
}

/** @throws {RefusedSbom} where there are too many */
export function refuseTooMany(packages: readonly unknown[]): void {
  if (packages.length > MOST) throw new RefusedSbom(`it lists more than ${MOST} packages`)
}

/** An instant as it stands there, where it is one. */
export const instant = (text: string | undefined): string | undefined =>
  text !== undefined && text.length <= 40 && !Number.isNaN(Date.parse(text)) ? text : undefined
