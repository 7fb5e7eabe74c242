import type { Lint, PolicyView } from '../policy-view.ts'
import type { Rule } from '../rule.ts'
import { takesAnyTag } from './expires-latest.ts'

function lintOf(rule: Rule): readonly Lint[] {
  if (rule.tagStatus !== 'tagged' || rule.action !== 'expire' || rule.count.type !== 'sinceImagePushed') return []
  // Of those the lint on latest speaks.
  if (takesAnyTag(rule)) return []
  return [
    {
      ...{ code: 'age-of-tagged', level: 'note' as const, rule: rule.priority, field: 'selection.countType' },
      problem:
        'Age counts from the push of the image: a tag that it gets later makes it no younger, and the newest image expires too.',
      instead: 'Where the newest has to stay, count images (imageCountMoreThan).',
    },
  ]
}

/** Tagged images that expire by age: a promotion by tag does not renew it. */
export const ageOfTagged = ({ rules }: PolicyView): readonly Lint[] => rules.flatMap(lintOf)
