import { imagesInWords, ruleInWords } from '../in-words.ts'
import { affairsOf, type Lint, type PolicyView, tagField } from '../policy-view.ts'
import type { Rule } from '../rule.ts'
import { meetsTags } from '../tag-requirement.ts'
import { takesAnyTag } from './expires-latest.ts'
import { needsSeveralTags } from './needs-all-tags.ts'

const isProtecting = (rule: Rule): boolean =>
  rule.tagStatus === 'tagged' && rule.storageClass === 'standard' && !needsSeveralTags(rule)

const meetsAny = ({ seen = [] }: PolicyView, rule: Rule): boolean =>
  seen.some(({ image }) => meetsTags(rule, image.tags))

/** The later rule that expires images with whatever tag, with how many. */
function taking(view: PolicyView, rule: Rule): { readonly rule: Rule; readonly images: number } | undefined {
  return view
    .later(rule)
    .filter((one) => one.action === 'expire' && takesAnyTag(one))
    .map((one) => ({ rule: one, images: affairsOf(view, one).filter(({ image }) => image.tags.length > 0).length }))
    .find(({ images }) => images > 0)
}

function lintOf(view: PolicyView, rule: Rule): readonly Lint[] {
  if (!view.seen || !isProtecting(rule) || meetsAny(view, rule)) return []
  const taken = taking(view, rule)
  if (!taken) return []
  // A policy for many repositories has rules that one of them has no images for; that none has any is another matter.
  const isAlone = !view.earlier(taken.rule).some((one) => one.tagStatus === 'tagged' && meetsAny(view, one))
  return [
    {
      ...{ code: 'protects-nothing', level: isAlone ? ('warning' as const) : ('note' as const) },
      ...{ rule: rule.priority, field: tagField(rule) },
      problem: `There are no ${imagesInWords(rule)}${
        isAlone
          ? `, and no rule before ${taken.rule.priority} keeps anything: all ${taken.images} tagged images are its affair (${ruleInWords(taken.rule)})`
          : ''
      }.`,
      instead: 'Look which tags the images have today, and name those.',
    },
  ]
}

/** A rule that was to keep images from a later one, and that no image meets. */
export const protectsNothing = (view: PolicyView): readonly Lint[] => view.rules.flatMap((rule) => lintOf(view, rule))
