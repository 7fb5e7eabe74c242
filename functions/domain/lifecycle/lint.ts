import { ageOfTagged } from './lints/age-of-tagged.ts'
import { archiveGrows } from './lints/archive-grows.ts'
import { archivesByAge } from './lints/archives-by-age.ts'
import { countsSignatures } from './lints/counts-signatures.ts'
import { expiresLatest } from './lints/expires-latest.ts'
import { impossibleTag } from './lints/impossible-tag.ts'
import { keepsOne } from './lints/keeps-one.ts'
import { mixedStreams } from './lints/mixed-streams.ts'
import { needsAllTags } from './lints/needs-all-tags.ts'
import { neverArchived } from './lints/never-archived.ts'
import { noWildcard } from './lints/no-wildcard.ts'
import { protectsNothing } from './lints/protects-nothing.ts'
import { shadowed } from './lints/shadowed.ts'
import { takesTheRest } from './lints/takes-the-rest.ts'
import { untaggedInUse } from './lints/untagged-in-use.ts'
import { type Evidence, type Lint, type LintRule, viewOf } from './policy-view.ts'
import type { Rule } from './rule.ts'

export type { Evidence, Lint } from './policy-view.ts'

/** Every lint: a new one is its file and a line here. */
const LINTS: readonly LintRule[] = [
  impossibleTag,
  needsAllTags,
  shadowed,
  noWildcard,
  untaggedInUse,
  expiresLatest,
  mixedStreams,
  protectsNothing,
  takesTheRest,
  countsSignatures,
  neverArchived,
  archiveGrows,
  archivesByAge,
  ageOfTagged,
  keepsOne,
]

/** Worst first. */
export const LEVELS = ['error', 'warning', 'note'] as const satisfies readonly Lint['level'][]

/**
 * Says what a policy will not do, or does beside what its reader thinks; worst first, then by rule. With the images of a
 * repository, also what it does to them.
 * @param rules that ECR would take: `parsePolicy` says the rest
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function lintPolicy(rules: readonly Rule[], evidence?: Evidence): readonly Lint[] {
  const view = viewOf(rules, evidence)
  return LINTS.flatMap((lint) => lint(view)).toSorted(
    (a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || a.rule - b.rule,
  )
}
