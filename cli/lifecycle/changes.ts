import type { Verdicts } from '../../functions/domain/lifecycle/evaluation.ts'
import type { Rule } from '../../functions/domain/lifecycle/rule.ts'
import type { Evaluated } from './evaluated.ts'
import type { Action } from './sums.ts'

/** What one policy says of an image. */
export type Said = { readonly action: Action; readonly rule: number | null; readonly reason: string }

/** An image of which two policies say something else. */
export type Change = {
  readonly digest: string
  readonly tags: readonly string[]
  readonly before: Said
  readonly after: Said
  readonly sizeBytes: number
  /** Milliseconds since 1970. */
  readonly pushedAt: number
}

/** Two policies over the images of one repository. */
export type Compared = {
  readonly evaluated: Evaluated<readonly [before: readonly Rule[], after: readonly Rule[]]>
  readonly policies: readonly [before: Named, after: Named]
  readonly now: Date
}

export type Named = { readonly name: string; readonly rules: readonly Rule[] }

const said = (verdicts: Verdicts, row: number): Said => ({
  ...{ action: verdicts.actionOf(row), rule: verdicts.ruleOf(row), reason: verdicts.reasonOf(row) },
})

/** The images to which something else happens; that another rule does the same is no change. */
export function* changesOf({ evaluated }: Compared): Generator<Change> {
  const { verdicts, pushedAt } = evaluated
  const [before, after] = verdicts
  for (let row = 0; row < before.size; row++) {
    if (before.actionOf(row) === after.actionOf(row)) continue
    yield {
      ...{ digest: before.digestOf(row), tags: before.tagsOf(row) },
      ...{ before: said(before, row), after: said(after, row) },
      ...{ sizeBytes: before.sizeOf(row), pushedAt: pushedAt[row] ?? 0 },
    }
  }
}
