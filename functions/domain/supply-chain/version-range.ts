import { orderOf } from './versions/order.ts'

const OPERATORS = ['<', '<=', '=', '!=', '>', '>='] as const
type Operator = (typeof OPERATORS)[number]

/** `<2.17.1` */
export type Bound = { readonly operator: Operator; readonly version: string }

/** All of these hold; an empty one takes every version, also one that is not known. */
export type VersionRange = readonly Bound[]

/** Why a text is none, in a clause. */
export type Fault = { readonly fault: string }

/** An operator, and a version as any ecosystem writes it; `^1.2` and `~1.2` would be ranges to others. */
const BOUND = /^(<=|>=|!=|==?|<|>|)(\w[\w.+:~^!-]{0,127})$/

function boundOf(text: string): Bound | Fault {
  const [, operator, version] = BOUND.exec(text) ?? []
  if (version === undefined) return { fault: `${JSON.stringify(text)} is no bound such as "<2.17.1"` }
  return { operator: operator === '==' || !operator ? '=' : (operator as Operator), version }
}

/**
 * Reads a range such as `<2.17.1`, `>=1.0 <2`, `=1.2.3`, `1.2.3`, `*`.
 * @param ecosystem type of package URL; undefined where the range is for any
 */
export function parseRange(ecosystem: string | undefined, text: string): VersionRange | Fault {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed === '*') return []
  // A space may stand behind an operator.
  const parts = trimmed.replaceAll(/([<>=!])\s+/g, '$1').split(/[\s,]+/)
  const bounds = parts.map(boundOf)
  const fault = bounds.find((bound) => 'fault' in bound)
  if (fault) return fault
  const range = bounds.filter((bound): bound is Bound => !('fault' in bound))
  const order = orderOf(ecosystem)
  const odd = range.find(({ version }) => order(version, version) === undefined)
  return odd ? { fault: `${JSON.stringify(odd.version)} is no version that can be compared` } : range
}

const HOLDS: Readonly<Record<Operator, (difference: number) => boolean>> = {
  '<': (difference) => difference < 0,
  '<=': (difference) => difference <= 0,
  '=': (difference) => difference === 0,
  '!=': (difference) => difference !== 0,
  '>': (difference) => difference > 0,
  '>=': (difference) => difference >= 0,
}

const [EPOCH, REVISION] = [/^\d+:/, /-[^-]*$/]
/** What a version has besides what upstream gave it. */
const EXTRAS: ReadonlyMap<string | undefined, readonly RegExp[]> = new Map<string | undefined, readonly RegExp[]>([
  ...['deb', 'rpm', 'alpm'].map((ecosystem) => [ecosystem, [EPOCH, REVISION]] as const),
  ['apk', [/-r\d+$/]],
  ['pypi', [/\+.*$/]],
])

/** A version, without what a bound says nothing of: `<3.2.3` is meant of `1:3.2.2-1.amzn2023`, too. */
const asIn = (bound: string, version: string, ecosystem: string | undefined): string =>
  (EXTRAS.get(ecosystem) ?? []).reduce((text, extra) => (extra.test(bound) ? text : text.replace(extra, '')), version)

/**
 * Whether a version is in a range; undefined where that cannot be told. A bound without an epoch or a revision says nothing of
 * them: `=3.2.2` takes `1:3.2.2-1`.
 * @param ecosystem type of package URL, whose order of versions counts
 */
export function isWithin(
  range: VersionRange,
  version: string | undefined,
  ecosystem: string | undefined,
): boolean | undefined {
  if (range.length === 0) return true
  if (version === undefined) return undefined
  const order = orderOf(ecosystem)
  const held = range.map((bound) => {
    const difference = order(asIn(bound.version, version, ecosystem), bound.version)
    return difference === undefined ? undefined : HOLDS[bound.operator](difference)
  })
  if (held.includes(false)) return false
  return held.includes(undefined) ? undefined : true
}
