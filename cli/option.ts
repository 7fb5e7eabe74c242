import { InvalidArgumentError } from 'commander'

/** An option of a command. */
export type Option<T = unknown> = {
  /** As commander takes them: `-v, --verbose`, `--rate <N>`. */
  readonly flags: string
  /** What it does; where something is taken without it, also what. */
  readonly about: string
  /** Taken where it is not given. */
  readonly otherwise: T
  /** All that may be given, where that is a few words: completion offers them. */
  readonly words?: readonly string[]
  /** What is given → the value; `before` is what earlier ones made. Without it, the option takes no value. */
  read?(text: string, before: T): T
}

export type Options = Readonly<Record<string, Option>>

export type Values<O> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never }

/** Something that is on or off. */
export const flag = (flags: string, about: string): Option<boolean> => ({ flags, about, otherwise: false })

export const text = (flags: string, about: string): Option<string | undefined> => ({
  ...{ flags, about, otherwise: undefined },
  read: (given) => given,
})

/** May be given several times. */
export const texts = (flags: string, about: string): Option<readonly string[]> => ({
  ...{ flags, about, otherwise: [] },
  read: (given, before) => [...before, given],
})

type Range = { readonly least: number; readonly most: number; readonly isWhole?: boolean }

const numberFrom = (given: string, { least, most, isWhole = false }: Range): number => {
  const number = Number(given)
  const isNumber = (isWhole ? /^\d+$/ : /^\d+(?:\.\d+)?$/).test(given)
  if (isNumber && number >= least && number <= most) return number
  throw new InvalidArgumentError(`Expected a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}.`)
}

export const number = (flags: string, about: string, range: Range): Option<number | undefined> => ({
  ...{ flags, about, otherwise: undefined },
  read: (given) => numberFrom(given, range),
})

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

function durationFrom(given: string, most: number): number {
  const { amount, unit = 's' } = /^(?<amount>\d{1,6})(?<unit>[smh])?$/.exec(given)?.groups ?? {}
  const duration = Number(amount) * (UNITS[unit] ?? 0)
  if (amount !== undefined && duration <= most) return duration
  throw new InvalidArgumentError(`Expected a time such as 90s, 10m or 1h, ${most / 3_600_000}h at most.`)
}

/** `90s`, `10m`, `1h`; a number alone is seconds. @param most milliseconds @returns milliseconds */
export const duration = (flags: string, about: string, most: number): Option<number | undefined> => ({
  ...{ flags, about, otherwise: undefined },
  read: (given) => durationFrom(given, most),
})

/** One word of a list. */
export const choice = <const W extends string>(
  flags: string,
  about: string,
  words: readonly W[],
): Option<W | undefined> => ({
  ...{ flags, about, otherwise: undefined, words },
  read: (given) => {
    const word = words.find((one) => one === given)
    if (word !== undefined) return word
    throw new InvalidArgumentError(`Expected ${words.join(' or ')}.`)
  },
})
