import { counted } from '../../counted.ts'
import type { Lint, PolicyView } from '../policy-view.ts'
import type { Rule } from '../rule.ts'

const lintOf = ({ action, count, priority: rule }: Rule): readonly Lint[] =>
  action !== 'archive' || count.type === 'imageCountMoreThan'
    ? []
    : [
        {
          ...{ code: 'archives-by-age', level: 'note' as const, rule, field: 'selection.countType' },
          problem: `What was ${count.type === 'sinceImagePushed' ? 'pushed' : 'pulled'} more than ${counted(count.days, 'day')} ago may run all the same, and an archived image cannot be pulled: its next start fails.`,
          instead: 'Keep what is deployed by a rule before it, or let clean-up archive: it knows what runs.',
        },
      ]

/** Archiving by age or by the last pull: neither is use. */
export const archivesByAge = ({ rules }: PolicyView): readonly Lint[] => rules.flatMap(lintOf)
