import { ruleInWords } from '../in-words.ts'
import { type Lint, type PolicyView, tagField } from '../policy-view.ts'
import type { Rule } from '../rule.ts'
import { meetsTags } from '../tag-requirement.ts'
import { type Entry, entriesOf, includes, overlap, takes } from '../tag-sets.ts'

/** Whether an image needs several tags to meet the rule: no single one can fit two of its entries. */
export function needsSeveralTags(rule: Rule): boolean {
  const entries = entriesOf(rule)
  return entries.some((one, at) => entries.slice(at + 1).some((other) => !overlap(one, other)))
}

/** The rule with one entry alone. */
function alone(rule: Rule, at: number): Omit<Rule, 'priority'> {
  const { prefixes, patterns } = rule
  return { ...rule, prefixes: prefixes.slice(at, at + 1), patterns: patterns.slice(at, at + 1) }
}

/** Whether another entry means all that it means; of two that are the same, the first stays. */
const isNeedless = (entries: readonly Entry[], at: number): boolean =>
  entries.some((wide, other) => {
    const [narrow] = entries.slice(at, at + 1)
    return narrow && other !== at && includes(wide, narrow) && (other < at || !includes(narrow, wide))
  })

/** A rule for each entry, but for those that another one, or a rule before it, sees to. */
const split = (rule: Rule, entries: readonly Entry[], earlier: readonly Rule[]): readonly Omit<Rule, 'priority'>[] =>
  entries.flatMap((entry, at) =>
    earlier.some((one) => takes(one, [entry])) || isNeedless(entries, at) ? [] : [alone(rule, at)],
  )

/** The rule that expires what the rule was to keep: images that meet one entry and not the others. */
function expiring(view: PolicyView, rule: Rule, entries: readonly Entry[]): Rule | undefined {
  const free = entries.filter((entry) => !view.earlier(rule).some((one) => takes(one, [entry])))
  return view.later(rule).find((one) => one.action === 'expire' && free.some((entry) => takes(one, [entry])))
}

const numberOf = (rule: Rule): string => (rule.count.type === 'imageCountMoreThan' ? 'count' : 'number of days')

function lintOf(view: PolicyView, rule: Rule): readonly Lint[] {
  if (!needsSeveralTags(rule)) return []
  const seen = view.seen?.some(({ image }) => meetsTags(rule, image.tags))
  if (seen) return []
  const entries = entriesOf(rule)
  const loss = expiring(view, rule, entries)
  const all = [...rule.prefixes, ...rule.patterns].map((entry) => JSON.stringify(entry)).join(' and ')
  const met = seen === false ? 'No image here has all of them' : 'Almost no image has all of them'
  return [
    {
      ...{ code: 'needs-all-tags', level: loss ? ('error' as const) : ('warning' as const) },
      ...{ rule: rule.priority, field: tagField(rule) },
      problem: `An image has to have a tag for every entry of the list: ${all}. ${met}.${
        loss ? ` Those with one of them fall to rule ${loss.priority} (${ruleInWords(loss)}).` : ''
      }`,
      instead: `Write a rule for each entry. The ${numberOf(rule)} then holds for each of them by itself.`,
      mend: { kind: 'replace', by: split(rule, entries, view.earlier(rule)) },
    },
  ]
}

/** A list of which every entry has to be met, and no single tag can meet two: most likely "one of them" was meant. */
export const needsAllTags = (view: PolicyView): readonly Lint[] => view.rules.flatMap((rule) => lintOf(view, rule))
