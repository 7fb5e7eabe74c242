import { isOfClass, type Lint, type PolicyView } from '../policy-view.ts'
import type { Rule } from '../rule.ts'

/** A rule on the archive where nothing comes into it. */
export function neverArchived({ rules, seen }: PolicyView): readonly Lint[] {
  if (rules.some(({ action }) => action === 'archive')) return []
  const isUnmet = (rule: Rule): boolean => rule.storageClass === 'archive' && !seen?.some((one) => isOfClass(one, rule))
  return rules.filter(isUnmet).map(({ priority: rule }) => ({
    ...{ code: 'never-archived', level: seen ? ('warning' as const) : ('note' as const) },
    ...{ rule, field: 'selection.storageClass' },
    problem: `No rule archives anything${seen ? ', and no image here is in the archive' : ', so it is about what is archived by hand'}.`,
    instead: 'Leave it out, or add a rule whose action is transition to archive.',
  }))
}
