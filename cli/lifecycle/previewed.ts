import type { Rule } from '../../functions/domain/lifecycle/rule.ts'
import type { Evaluated } from './evaluated.ts'
import type { Difference } from './native.ts'

/** What a policy does to one repository. */
export type Previewed = {
  readonly evaluated: Evaluated<readonly [readonly Rule[]]>
  readonly rules: readonly Rule[]
  /** Whose policy it is, in words: the file, or the repository itself. */
  readonly policy: string
  readonly now: Date
  /** Undefined where ECR was not asked. */
  readonly differences?: readonly Difference[] | undefined
}
