import type { Severity } from '../severity.ts'

/** What every parameter of a rule says of itself: the configuration checks it, the documentation shows it. */
type About<T> = {
  /** What it means, in a sentence. */
  readonly about: string
  /** Taken where `steward.yaml` does not give it; without one it must be given. */
  readonly default?: T
  /** As one writes it in `steward.yaml`. */
  readonly example: string
  /** Without it in `steward.yaml` the mode may not be `enforce`: the remedy would not know what to set. */
  readonly requiredToEnforce?: true
}

/**
 * A parameter of a rule, by what may be written. Values are plain JSON: they are built into the functions.
 *
 * | kind | in `steward.yaml` | value |
 * | --- | --- | --- |
 * | `days`, `count` | a whole number | number |
 * | `bytes` | `500 MB`, `1.5 GB` (decimal units) | bytes |
 * | `flag` | `true`, `false` | boolean |
 * | `choice`, `choices` | one of `options`, or a list of them | string, string[] |
 * | `accounts` | 12-digit account ids in quotes | string[] |
 * | `globs` | patterns as of repositories: `*` stays within one path segment, `**` crosses | string[] |
 * | `expressions` | regular expressions in RE2's syntax, of the whole text | string[] |
 * | `texts` | texts that `pattern` takes | string[] |
 * | `pairs` | a mapping of texts | Record<string, string> |
 * | `limits` | a mapping of severity to a count | Record<Severity, number> |
 */
export type Parameter<T = unknown> = About<T> &
  (
    | { readonly kind: 'days' | 'count'; readonly least: number; readonly most: number }
    | { readonly kind: 'bytes' | 'flag' | 'accounts' | 'globs' | 'expressions' | 'pairs' | 'limits' }
    | { readonly kind: 'choice' | 'choices'; readonly options: readonly string[] }
    | { readonly kind: 'texts'; readonly pattern: RegExp; readonly what: string }
  )

/** By name as code has it, `mustExpire`; `steward.yaml` has `must-expire`. */
export type Parameters = Readonly<Record<string, Parameter>>

export type Values<P> = { readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never }

export const days = (about: About<number>): Parameter<number> => ({ kind: 'days', least: 1, most: 36_500, ...about })

export const count = (
  about: About<number> & { readonly least?: number; readonly most?: number },
): Parameter<number> => ({ kind: 'count', least: 0, most: 1_000_000, ...about })

export const bytes = (about: About<number>): Parameter<number> => ({ kind: 'bytes', ...about })

export const flag = (about: About<boolean>): Parameter<boolean> => ({ kind: 'flag', ...about })

export const choice = <const O extends string>(options: readonly O[], about: About<NoInfer<O>>): Parameter<O> => ({
  kind: 'choice',
  options,
  ...about,
})

export const choices = <const O extends string>(
  options: readonly O[],
  about: About<readonly NoInfer<O>[]>,
): Parameter<readonly O[]> => ({ kind: 'choices', options, ...about })

export const accounts = (about: About<readonly string[]>): Parameter<readonly string[]> => ({
  kind: 'accounts',
  ...about,
})

export const globs = (about: About<readonly string[]>): Parameter<readonly string[]> => ({ kind: 'globs', ...about })

export const expressions = (about: About<readonly string[]>): Parameter<readonly string[]> => ({
  kind: 'expressions',
  ...about,
})

/** @param what a text is, for the message on one that `pattern` does not take: `an organisation id such as o-a1b2c3d4e5` */
export const texts = (
  pattern: RegExp,
  what: string,
  about: About<readonly string[]>,
): Parameter<readonly string[]> => ({ kind: 'texts', pattern, what, ...about })

export const pairs = (about: About<Readonly<Record<string, string>>>): Parameter<Readonly<Record<string, string>>> => ({
  kind: 'pairs',
  ...about,
})

export const limits = (
  about: About<Readonly<Partial<Record<Severity, number>>>>,
): Parameter<Readonly<Partial<Record<Severity, number>>>> => ({ kind: 'limits', ...about })
