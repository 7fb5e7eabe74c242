import type { Paired } from './paired.ts'

/** One claim of the docs, measured; or why it could not be. */
export type Comparison = { readonly name: string; readonly goal: string; readonly result: Paired | string }

/** As the bench prints it. */
export const comparisonLine = ({ name, goal, result }: Comparison): string =>
  typeof result === 'string'
    ? `${name}\n  ${result}`
    : `${name}\n  ${result.ratio.toFixed(2)} × (${result.a.toFixed(0)} ms against ${result.b.toFixed(0)} ms, medians of ${result.rounds} pairs; goal ${goal})`
