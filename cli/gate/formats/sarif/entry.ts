import type { Agreed } from '../../../../functions/domain/gate/result.ts'

/** What SARIF calls a rule: what a finding, or one of our rules, is in general. Plain text, but for `markdown`. */
export type Descriptor = {
  readonly id: string
  readonly short: string
  readonly full: string
  readonly help: string
  readonly markdown: string
  readonly helpUri?: string | undefined
  /** Of GitHub, 0.1 to 10; absent of what is no weakness. */
  readonly securitySeverity?: number
}

/** One result to be, of the rule named `id`. */
export type Entry = {
  readonly id: string
  readonly level: 'error' | 'warning' | 'note'
  /** Sentences, in plain text. */
  readonly text: string
  /** What it is the same by when it is found again, beside the repository: neither digests nor lines. */
  readonly key: readonly string[]
  /** What somebody has agreed to. */
  readonly excepted?: Agreed | undefined
  /** Whether it says that something could not be judged. */
  readonly unjudged?: boolean
  readonly properties: Readonly<Record<string, unknown>>
}

/** Results, and the rules that they name. */
export type Part = { readonly entries: readonly Entry[]; readonly descriptors: readonly Descriptor[] }
