import { matches } from '../pattern.ts'
import type { Licence } from './sbom.ts'

/** Patterns of licences: `MIT`, `GPL-*`, `GPL-2.0-only WITH Classpath-exception-2.0`, and of what is no expression as it stands there. */
export type LicencePolicy = {
  /** Empty where all are. */
  readonly allowed: readonly string[]
  readonly denied: readonly string[]
  /** Whether one that is not said, or is no expression, will do. */
  readonly unlicensed: boolean
}

const matchesAny = (patterns: readonly string[], names: readonly string[]): boolean =>
  patterns.some((pattern) => names.some((name) => matches(pattern.toLowerCase(), name.toLowerCase())))

type Known = Extract<Licence, { readonly id: string }>

/** `GPL-2.0+` is `GPL-2.0`, `GPL-2.0+` and `GPL-2.0-or-later`: whoever gets it may choose. */
const namesOf = ({ id, orLater }: Known): readonly string[] => (orLater ? [id, `${id}+`, `${id}-or-later`] : [id])

/** An exception permits more than the licence alone; one that is named itself goes before the licence without it. */
function isFineKnown(licence: Known, { allowed, denied }: LicencePolicy): boolean {
  const names = namesOf(licence)
  const inFull = licence.exception === undefined ? [] : names.map((name) => `${name} WITH ${licence.exception}`)
  const named = (patterns: readonly string[]): boolean =>
    inFull.length > 0 &&
    matchesAny(
      patterns.filter((pattern) => /\sWITH\s/i.test(pattern)),
      inFull,
    )
  if (named(denied)) return false
  if (named(allowed)) return true
  return !matchesAny(denied, names) && (allowed.length === 0 || matchesAny(allowed, names))
}

function isFineText(text: string, { allowed, denied, unlicensed }: LicencePolicy): boolean {
  if (matchesAny(denied, [text])) return false
  return unlicensed || matchesAny(allowed, [text])
}

/** Whether something may come under a licence: under any of several where one may choose, under all where they all hold. */
export function isLicenceFine(licence: Licence | undefined, policy: LicencePolicy): boolean {
  if (licence === undefined) return policy.unlicensed
  if ('or' in licence) return licence.or.some((one) => isLicenceFine(one, policy))
  if ('and' in licence) return licence.and.every((one) => isLicenceFine(one, policy))
  return 'unread' in licence ? isFineText(licence.unread, policy) : isFineKnown(licence, policy)
}

/** `MIT OR (Apache-2.0 AND BSD-3-Clause)` */
export function licenceText(licence: Licence | undefined): string {
  if (licence === undefined) return 'not said'
  if ('unread' in licence) return licence.unread
  if ('id' in licence)
    return `${licence.id}${licence.orLater ? '+' : ''}${licence.exception === undefined ? '' : ` WITH ${licence.exception}`}`
  const inner = (one: Licence): string => ('id' in one || 'unread' in one ? licenceText(one) : `(${licenceText(one)})`)
  return 'or' in licence ? licence.or.map(inner).join(' OR ') : licence.and.map(inner).join(' AND ')
}
