import type { SbomPackage } from './sbom.ts'
import { type Fault, isWithin, parseRange, type VersionRange } from './version-range.ts'

/** Packages that are meant: `maven/log4j-core <2.17.1`. */
export type PackageQuery = {
  /** Type of package URL; undefined where any is meant. */
  readonly ecosystem?: string | undefined
  /** In full, or the last part of it: `log4j-core`. */
  readonly name: string
  readonly range: VersionRange
}

/** Types of package URLs. What else stands before the first slash belongs to the name. @see https://github.com/package-url/purl-spec */
const ECOSYSTEMS: ReadonlySet<string> = new Set([
  ...[
    'alpm',
    'apk',
    'bitnami',
    'cargo',
    'cocoapods',
    'composer',
    'conan',
    'conda',
    'cpan',
    'cran',
    'deb',
    'gem',
    'generic',
  ],
  ...['golang', 'hackage', 'hex', 'huggingface', 'luarocks', 'maven', 'npm', 'nuget', 'pub', 'pypi', 'rpm', 'swift'],
])

/** Segments of a name; that of an npm scope begins with `@`. */
const NAME = String.raw`@?[^@/\s<>=!,]+(?:\/@?[^@/\s<>=!,]+)*`
const HEAD = String.raw`^(${NAME})(?:@|\s*(?=[<>=!])|\s+|$)`
const QUERY = new RegExp(`${HEAD}(.*)$`)

/** What a query looks like; whether its range can be compared, `packageQuery` says. */
export const PACKAGE_QUERY: RegExp = new RegExp(String.raw`${HEAD}[\w.+:~^!<>=,*\s-]*$`)

/** Characters of a query. */
const LENGTH = 512

/**
 * Reads a query: `[ECOSYSTEM/]NAME`, then maybe `@` or a space and a range. `log4j-core@<2.17.1`, `npm/@babel/core >=7 <7.26`,
 * `openssl 3.0.7`.
 */
export function packageQuery(text: string): PackageQuery | Fault {
  const trimmed = text.trim()
  const [, named, ranged = ''] = (trimmed.length <= LENGTH && QUERY.exec(trimmed)) || []
  if (named === undefined) return { fault: `${JSON.stringify(trimmed.slice(0, 80))} names no package` }
  const slash = named.indexOf('/')
  const first = named.slice(0, slash).toLowerCase()
  const ecosystem = slash > 0 && ECOSYSTEMS.has(first) ? first : undefined
  const range = parseRange(ecosystem, ranged)
  if ('fault' in range) return range
  return { ecosystem, name: ecosystem === undefined ? named : named.slice(slash + 1), range }
}

/**
 * A name as it is compared: case does not count, in PyPI also not which of `-`, `_` and `.` parts it, and Maven's colon is a
 * slash.
 * @see https://packaging.python.org/en/latest/specifications/name-normalization/
 */
function folded(name: string, ecosystem: string | undefined): string {
  const lower = name.toLowerCase()
  if (ecosystem === 'pypi') return lower.replaceAll(/[-_.]+/g, '-')
  return ecosystem === 'maven' ? lower.replaceAll(':', '/') : lower
}

/** A module of Go may end in its major version, which is no name. */
function lastOf(name: string, ecosystem: string | undefined): string {
  const whole = ecosystem === 'golang' ? name.replace(/\/v\d+$/, '') : name
  return whole.slice(whole.lastIndexOf('/') + 1)
}

/** Whether a name is meant: in full, or by its last part. */
function isNamed(asked: string, name: string, ecosystem: string | undefined): boolean {
  const [wanted, own] = [folded(asked, ecosystem), folded(name, ecosystem)]
  return wanted === own || wanted === lastOf(own, ecosystem)
}

const ANSWERS = { true: 'yes', false: 'no', undefined: 'unknown' } as const

/**
 * Whether a package is meant; `unknown` where its version is missing, or cannot be compared, and where its ecosystem is
 * asked for and missing.
 */
export function matchesQuery(
  query: PackageQuery,
  { name, version, ecosystem }: Pick<SbomPackage, 'name' | 'version' | 'ecosystem'>,
): 'yes' | 'no' | 'unknown' {
  if (query.ecosystem !== undefined && ecosystem !== undefined && query.ecosystem !== ecosystem) return 'no'
  const either = ecosystem ?? query.ecosystem
  if (!isNamed(query.name, name, either)) return 'no'
  const answer = ANSWERS[`${isWithin(query.range, version, either)}`]
  return answer === 'yes' && ecosystem !== either ? 'unknown' : answer
}
