import { compareVersions } from '../../package-version.ts'
import { apk } from './apk.ts'
import { arch } from './arch.ts'
import { gem } from './gem.ts'
import { compareKeys, numbersIn, type Scheme } from './key.ts'
import { maven } from './maven.ts'
import { python } from './python.ts'
import { rpm } from './rpm.ts'
import { semantic } from './semantic.ts'

/** Negative where `a` comes before `b`; undefined where that cannot be told. */
export type Order = (a: string, b: string) => number | undefined

/** Characters of a version that is compared: numbers of many digits take long. */
const LENGTH = 512

const by =
  (scheme: Scheme): Order =>
  (a, b) => {
    const [one, other] = [scheme(a), scheme(b)]
    return one && other && compareKeys(one, other)
  }

const DEBIAN = /^(?:\d+:)?\d[A-Za-z0-9.+:~-]*$/
/** @see https://www.debian.org/doc/debian-policy/ch-controlfields.html#version */
const debian: Order = (a, b) => (DEBIAN.test(a) && DEBIAN.test(b) ? compareVersions(a, b) : undefined)

const numbered: Scheme = (version) => numbersIn(version).map((number) => [1, number])
const NUMBERED = /^v?(\d+(?:\.\d+)*)(.*)$/
/** Numbers are the same everywhere; nobody knows what else is behind them. */
const generic: Order = (a, b) => {
  const [[, numbers, rest], [, others, otherRest]] = [NUMBERED.exec(a) ?? [], NUMBERED.exec(b) ?? []]
  if (numbers === undefined || others === undefined) return undefined
  const difference = by(numbered)(numbers, others)
  return difference !== 0 || rest === otherRest ? difference : undefined
}

const SEMANTIC = by(semantic)
/** By type of package URL. */
const ORDERS: Readonly<Record<string, Order>> = {
  ...{
    npm: SEMANTIC,
    golang: SEMANTIC,
    cargo: SEMANTIC,
    // Case does not count there.
    nuget: by((version) => semantic(version.toLowerCase())),
    hex: SEMANTIC,
    pub: SEMANTIC,
    swift: SEMANTIC,
  },
  ...{ pypi: by(python), maven: by(maven), gem: by(gem) },
  ...{ deb: debian, rpm: by(rpm), alpm: by(arch), apk: by(apk) },
}

/** How the versions of an ecosystem are ordered; of one that is not known, by what all have in common. */
export function orderOf(ecosystem: string | undefined): Order {
  const order = ecosystem !== undefined && Object.hasOwn(ORDERS, ecosystem) ? ORDERS[ecosystem] : undefined
  return (a, b) => (Math.max(a.length, b.length) > LENGTH ? undefined : (order ?? generic)(a, b))
}
