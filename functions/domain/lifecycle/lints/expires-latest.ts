import { ANY } from '../../wildcard.ts'
import { affairsOf, type Lint, type PolicyView } from '../policy-view.ts'
import type { Rule } from '../rule.ts'
import { takes } from '../tag-sets.ts'

const LATEST = 'latest'
const LATEST_ALONE = [[...LATEST]]

/** Keeps the one image that has the tag, since no later rule may touch it. */
const KEEPS_LATEST: Omit<Rule, 'priority'> = {
  description: 'the image that latest names stays',
  ...{ tagStatus: 'tagged', prefixes: [], patterns: [LATEST], storageClass: 'standard' },
  ...{ count: { type: 'imageCountMoreThan', images: 1 }, action: 'expire' },
}

/** Whether it takes images with whatever tag. */
export const takesAnyTag = (rule: Rule): boolean => takes(rule, [[ANY]])

/** Whether the image that `latest` names is its affair. */
const takesLatest = ({ earlier }: PolicyView, rule: Rule): boolean =>
  takes(rule, LATEST_ALONE) && !earlier(rule).some((one) => takes(one, LATEST_ALONE))

const names = ({ patterns }: Rule): boolean => patterns.includes(LATEST)

function problemOf(view: PolicyView, rule: Rule): string | undefined {
  const latest = affairsOf(view, rule).find(({ image }) => image.tags.includes(LATEST))
  if (rule.count.type === 'imageCountMoreThan') {
    const isGone = latest && latest.action === 'expire' && !names(rule)
    return isGone ? 'The image that latest names is not among the newest that stay: it expires.' : undefined
  }
  const days = `${rule.count.days} day${rule.count.days === 1 ? '' : 's'}`
  if (latest) return `The image that latest names is its affair, and expires ${days} after its push, used or not.`
  const isRest = takesAnyTag(rule) && view.seen?.some(({ image }) => image.tags.includes(LATEST)) !== true
  if (!isRest && view.seen) return undefined
  return `Where nothing is pushed for ${days}, the newest image expires too, latest among them, used or not.`
}

function lintOf(view: PolicyView, rule: Rule): readonly Lint[] {
  if (rule.action !== 'expire' || rule.storageClass === 'archive' || !takesLatest(view, rule)) return []
  const problem = problemOf(view, rule)
  if (problem === undefined) return []
  return [
    {
      ...{ code: 'expires-latest', level: 'warning' as const, rule: rule.priority, field: 'selection.tagStatus' },
      problem,
      instead: 'Put a rule before it that keeps latest, and one that keeps the newest of what is deployed.',
      mend: names(rule) ? undefined : { kind: 'replace', by: [KEEPS_LATEST, rule] },
    },
  ]
}

/** A rule that expires the image that `latest` names, or any tagged image by its age. */
export const expiresLatest = (view: PolicyView): readonly Lint[] => view.rules.flatMap((rule) => lintOf(view, rule))
