import type { Use } from '../in-use/use.ts'
import { createEvaluation } from './evaluation.ts'
import type { ChildrenOf, StoredImage } from './image.ts'
import type { Rule } from './rule.ts'
import type { LifecycleVerdict } from './verdict.ts'

/** What is done about a rule: others in its place, or none, or it comes before the rule of this priority. */
export type Mend =
  | { readonly kind: 'replace'; readonly by: readonly Omit<Rule, 'priority'>[] }
  | { readonly kind: 'before'; readonly priority: number }

/**
 * Something that a policy does, or does not do, otherwise than its reader thinks. `error`: the policy is certainly wrong;
 * `warning`: it may cost images that are needed; `note`: worth to know. Texts repeat what the policy and the tags say: escape
 * where shown.
 */
export type Lint = {
  readonly code: string
  readonly level: 'error' | 'warning' | 'note'
  /** Priority of the rule. */
  readonly rule: number
  /** As the API spells it: `selection.tagPrefixList`. */
  readonly field: string
  readonly problem: string
  /** What to write instead, or to see to. */
  readonly instead: string
  readonly mend?: Mend | undefined
}

/** All images of a repository that the policy is for. */
export type Evidence = {
  readonly images: readonly StoredImage[]
  readonly children: ChildrenOf
  /** What runs, where that is known. */
  readonly uses?: readonly Use[] | undefined
}

/** An image that rules are about, with what the policy means for it: counts alone, for days depend on the time. */
export type Seen = {
  readonly image: StoredImage
  /** Priority of the rule whose affair it is; null where it is none's. */
  readonly rule: number | null
  readonly action: LifecycleVerdict['action']
}

/** A policy as the lints look at it. */
export type PolicyView = {
  /** By priority. */
  readonly rules: readonly Rule[]
  /** Of the same storage class, which have their say before it. */
  earlier(rule: Rule): readonly Rule[]
  later(rule: Rule): readonly Rule[]
  /** Undefined where nothing is known of a repository. Children of an index and referrers are no rule's affair, and are not in it. */
  readonly seen: readonly Seen[] | undefined
  readonly uses: readonly Use[] | undefined
}

/** One thing that is looked for: a file, and a line in `lint.ts`. */
export type LintRule = (view: PolicyView) => readonly Lint[]

export const isOfClass = ({ image: { status } }: Seen, { storageClass }: Rule): boolean =>
  status === (storageClass === 'archive' ? 'ARCHIVED' : 'ACTIVE')

/** Images that are the affair of a rule, newest first. */
export const affairsOf = ({ seen = [] }: PolicyView, { priority }: Rule): readonly Seen[] =>
  seen.filter(({ rule }) => rule === priority).toSorted((a, b) => b.image.pushedAt - a.image.pushedAt)

/** Where a rule names tags. */
export const tagField = ({ prefixes }: Rule): string =>
  prefixes.length > 0 ? 'selection.tagPrefixList' : 'selection.tagPatternList'

/** Counts and whose affair an image is do not depend on the time. */
const ANY_TIME = new Date(0)

const NO_AFFAIR = new Set(['child', 'referrer', 'activating'])

function seenIn(rules: readonly Rule[], { images, children }: Evidence): readonly Seen[] {
  const evaluation = createEvaluation(rules, ANY_TIME)
  evaluation.add(images)
  evaluation.addChildren(children)
  const verdicts = evaluation.end()
  return images.flatMap((image, row) =>
    NO_AFFAIR.has(verdicts.groundOf(row))
      ? []
      : [{ image, rule: verdicts.ruleOf(row), action: verdicts.actionOf(row) }],
  )
}

/** @param evidence no image tells nothing: it is as none */
export function viewOf(given: readonly Rule[], evidence: Evidence | undefined): PolicyView {
  const rules = given.toSorted((a, b) => a.priority - b.priority)
  const ofClass = ({ storageClass }: Rule): readonly Rule[] => rules.filter((one) => one.storageClass === storageClass)
  return {
    rules,
    earlier: (rule) => ofClass(rule).filter(({ priority }) => priority < rule.priority),
    later: (rule) => ofClass(rule).filter(({ priority }) => priority > rule.priority),
    seen: evidence && evidence.images.length > 0 ? seenIn(rules, evidence) : undefined,
    uses: evidence?.uses,
  }
}
