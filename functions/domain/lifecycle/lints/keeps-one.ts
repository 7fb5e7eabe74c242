import type { Lint, PolicyView } from '../policy-view.ts'
import type { Rule } from '../rule.ts'

/** A pattern that is one tag, of which there is one image; as a prefix people write it too. */
const isOneTag = ({ prefixes, patterns }: Rule): boolean =>
  prefixes.includes('latest') || patterns.some((pattern) => !pattern.includes('*'))

const lintOf = (rule: Rule): readonly Lint[] =>
  rule.tagStatus === 'untagged' ||
  rule.action !== 'expire' ||
  rule.count.type !== 'imageCountMoreThan' ||
  rule.count.images > 1 ||
  isOneTag(rule)
    ? []
    : [
        {
          ...{ code: 'keeps-one', level: 'note' as const, rule: rule.priority, field: 'selection.countNumber' },
          problem: 'Of all that it means a single image stays: a deployment cannot be taken back to the one before.',
          instead: 'Keep as many as you may want to go back to.',
        },
      ]

/** A count of one for tagged images. */
export const keepsOne = ({ rules }: PolicyView): readonly Lint[] => rules.flatMap(lintOf)
