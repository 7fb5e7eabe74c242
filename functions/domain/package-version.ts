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

/** Order of a character: `~` before the end, then letters, then all else. */
const rank = (char: string | undefined): number => {
  if (char === undefined) return 0
  if (char === '~') return -1
  return /[a-z]/i.test(char) ? char.charCodeAt(0) : 256 + char.charCodeAt(0)
}

function compareTexts(a: string, b: string): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = rank(a[at]) - rank(b[at])
    if (difference !== 0) return difference
  }
  return 0
}

/** Numbers of any length. */
function compareNumbers(a: string, b: string): number {
  const [x, y] = [BigInt(a), BigInt(b)]
  if (x === y) return 0
  return x < y ? -1 : 1
}

/** Texts and numbers by turns. */
function compareParts(a: string, b: string): number {
  const [x, y] = [a.split(/(\d+)/), b.split(/(\d+)/)]
  for (let at = 0; at < Math.max(x.length, y.length); at++) {
    const [one = '', other = ''] = [x[at], y[at]]
    const difference = at % 2 === 0 ? compareTexts(one, other) : compareNumbers(one, other)
    if (difference !== 0) return difference
  }
  return 0
}

function split(version: string): readonly [epoch: string, upstream: string, revision: string] {
  const prefix = /^\d+:/.exec(version)?.[0] ?? '0:'
  const epoch = prefix.slice(0, -1)
  const rest = version.startsWith(prefix) ? version.slice(prefix.length) : version
  const dash = rest.lastIndexOf('-')
  return dash < 0 ? [epoch, rest, ''] : [epoch, rest.slice(0, dash), rest.slice(dash + 1)]
}

/**
 * Negative where `a` is older than `b`: by epoch, upstream version and revision, as Debian orders them. Other package
 * managers differ in details only, such as pre-releases of npm, which come after their release here.
 * @see https://www.debian.org/doc/debian-policy/ch-controlfields.html#version
 */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [split(a), split(b)]
  return compareParts(x[0], y[0]) || compareParts(x[1], y[1]) || compareParts(x[2], y[2])
}

/** The release of a distribution that a version names. */
const RELEASE = /(?:deb|el|fc|amzn)\d+/

const first = (version: string, parts: number): string => version.split('.', parts).join('.')

/**
 * Versions of a package that one upgrade goes through: those of one release of a distribution, of one branch of Alpine, of
 * one upstream version where the distribution revises that, and else of one major version. So nobody is asked to upgrade
 * to what another distribution has.
 */
export function versionFamily(version: string): string {
  const [epoch, upstream, revision] = split(version)
  const release = RELEASE.exec(version)?.[0]
  if (release !== undefined) return `${release} ${epoch}:${first(upstream, 1)}`
  if (/^r\d+$/.test(revision)) return `alpine ${first(upstream, 2)}`
  if (revision !== '') return `${epoch}:${upstream}`
  return first(upstream, upstream.startsWith('0.') ? 2 : 1)
}
