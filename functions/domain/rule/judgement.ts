export const OUTCOMES = ['pass', 'fail', 'not-applicable', 'unknown'] as const

export type Outcome = (typeof OUTCOMES)[number]

/** What a judgement rests on: `{ name: 'Size', value: '1.4 GB' }`. Values come from outside: escape where shown. Never a secret. */
export type Evidence = { readonly name: string; readonly value: string }

/** How to mend it. */
export type Fix = {
  /** One sentence. */
  readonly text: string
  /** A line for a shell. */
  readonly command?: string
  /** Property of a CDK construct: `imageTagMutability: TagMutability.IMMUTABLE`. */
  readonly cdk?: string
  /** A document that the command replaces, as it is and as it would be, line by line: for showing as a diff. */
  readonly change?: { readonly before: string; readonly after: string }
}

/** What a rule says of its subject, with the reason in one sentence. */
export type Judgement =
  | { readonly outcome: 'pass'; readonly reason: string; readonly evidence: readonly Evidence[] }
  | { readonly outcome: 'fail'; readonly reason: string; readonly evidence: readonly Evidence[]; readonly fix: Fix }
  /** The rule does not speak of such a thing. */
  | { readonly outcome: 'not-applicable'; readonly reason: string }
  /** It could not be read, or tells nothing: never a pass. */
  | { readonly outcome: 'unknown'; readonly reason: string; readonly fix?: Fix }

export const pass = (reason: string, evidence: readonly Evidence[] = []): Judgement => ({
  outcome: 'pass',
  reason,
  evidence,
})

export const fail = (reason: string, fix: Fix, evidence: readonly Evidence[] = []): Judgement => ({
  outcome: 'fail',
  reason,
  evidence,
  fix,
})

export const notApplicable = (reason: string): Judgement => ({ outcome: 'not-applicable', reason })

export const unknown = (reason: string, fix?: Fix): Judgement => ({ outcome: 'unknown', reason, ...(fix && { fix }) })
