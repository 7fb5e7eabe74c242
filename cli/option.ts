import { InvalidArgumentError } from 'commander'

/** An option of a command. */
export type Option<T = unknown> = {
  /** As commander takes them: `-v, --verbose`, `--rate <N>`. */
  readonly flags: string
  /** What it does; where something is taken without it, also what. */
  readonly about: string
  /** Taken where it is not given. */
  readonly otherwise: T
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
