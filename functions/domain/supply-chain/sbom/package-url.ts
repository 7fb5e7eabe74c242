import { PackageURL } from 'packageurl-js'

/** What a package URL names. */
export type Named = {
  /** With its namespace, as the users of its ecosystem write it. */
  readonly name: string
  readonly version?: string | undefined
  readonly ecosystem: string
}

/** Characters of a package URL that is read. */
const LENGTH = 4_096

/** Those whose namespace is a distribution, which is no part of the name: `pkg:deb/debian/openssl`. */
const OF_DISTRIBUTIONS: ReadonlySet<string> = new Set(['deb', 'rpm', 'apk', 'alpm'])
/** Those that keep the epoch of a version apart from it. */
const WITH_EPOCH: ReadonlySet<string> = new Set(['deb', 'rpm'])
/** As Amazon Inspector names them. @see https://docs.aws.amazon.com/inspector/latest/user/sbom-export.html */
const OTHER_NAMES: Readonly<Record<string, string>> = { dpkg: 'deb' }

function withEpoch(version: string, epoch: string | undefined): string {
  return epoch && /^[1-9]\d*$/.test(epoch) && !/^\d+:/.test(version) ? `${epoch}:${version}` : version
}

/**
 * Reads a package URL; undefined where it is none.
 * @see https://github.com/package-url/purl-spec
 */
export function readPackageUrl(text: string): Named | undefined {
  if (text.length > LENGTH) return undefined
  try {
    const { type, namespace, name, version, qualifiers } = PackageURL.fromString(text)
    const ecosystem = Object.hasOwn(OTHER_NAMES, type) ? String(OTHER_NAMES[type]) : type
    const inFull = namespace && !OF_DISTRIBUTIONS.has(ecosystem) ? `${namespace}/${name}` : name
    if (!version) return { name: inFull, ecosystem }
    const epoch = WITH_EPOCH.has(ecosystem) ? qualifiers?.epoch : undefined
    return { name: inFull, version: withEpoch(version, epoch), ecosystem }
  } catch {
    return undefined
  }
}
