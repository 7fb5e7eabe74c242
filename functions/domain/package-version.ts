/** A package's version as Inspector takes it apart. */
export type PackageVersion = {
  readonly epoch?: number | undefined
  readonly version?: string | undefined
  readonly release?: string | undefined
}

/** `1:3.0.13-0ubuntu3.2`; an epoch of zero is not written, as package managers do not write it. */
export function installedVersion({ epoch, version, release }: PackageVersion): string | undefined {
  if (!version) return undefined
  return `${epoch ? `${epoch}:` : ''}${version}${release ? `-${release}` : ''}`
}

/**
 * The version that closes a vulnerability, written as `installedVersion` writes it. Inspector says `NotAvailable` where
 * there is none.
 * @see https://docs.aws.amazon.com/inspector/v2/APIReference/API_VulnerablePackage.html
 */
export function fixedVersion(fixedInVersion: string | undefined): string | undefined {
  const version = fixedInVersion?.trim().replace(/^0:/, '')
  return version && !/^not ?available$/i.test(version) ? version : undefined
}
