import type { Lint, PolicyView } from '../policy-view.ts'
import type { Rule } from '../rule.ts'
import { type Part, partsOf, takes } from '../tag-sets.ts'
import { needsSeveralTags } from './needs-all-tags.ts'

/** The earlier rules that take every image of the rule; undefined where some image may be left for it. */
function shadowing(rule: Rule, earlier: readonly Rule[]): readonly Rule[] | undefined {
  const first = (part: Part): Rule | undefined => earlier.find((one) => takes(one, part))
  const found = partsOf(rule).map(first)
  const all = found.filter((one) => one !== undefined)
  return all.length === found.length ? [...new Set(all)] : undefined
}

/** Whether the two are about the same images. */
const isSame = (rule: Rule, other: Rule): boolean => partsOf(other).every((part) => takes(rule, part))

function lintOf({ earlier }: PolicyView, rule: Rule): readonly Lint[] {
  const by = shadowing(rule, earlier(rule))
  const [first] = by ?? []
  if (!by || !first) return []
  const isNeedless = by.length > 1 || isSame(rule, first)
  const names = `rule${by.length > 1 ? 's' : ''} ${by.map(({ priority }) => priority).join(' and ')}`
  return [
    {
      ...{ code: 'shadowed', level: 'error' as const, rule: rule.priority, field: 'rulePriority' },
      problem: `It never does anything: every image that it means is the affair of ${names}, also where that keeps it.`,
      instead: isNeedless
        ? `Leave it out, or change ${names}: one of them is not meant so.`
        : `Put it before rule ${first.priority}; or leave it out.`,
      // A list that asks too much is taken apart first.
      mend: needsSeveralTags(rule)
        ? undefined
        : isNeedless
          ? { kind: 'replace', by: [] }
          : { kind: 'before', priority: first.priority },
    },
  ]
}

/** A rule whose every image is the affair of an earlier one. Never said of a rule that has an image of its own. */
export const shadowed = (view: PolicyView): readonly Lint[] => view.rules.flatMap((rule) => lintOf(view, rule))
