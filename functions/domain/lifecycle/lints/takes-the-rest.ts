import { listed } from '../../listed.ts'
import { affairsOf, type Lint, type PolicyView, type Seen } from '../policy-view.ts'
import type { Rule } from '../rule.ts'
import { streamOf } from '../streams.ts'

/** `12 hotfix-*`, the most first. */
function kindsOf(affairs: readonly Seen[]): readonly string[] {
  const kinds = Map.groupBy(
    affairs.flatMap(({ image }) => [...new Set(image.tags.map(streamOf))]),
    (stream) => stream,
  )
  return [...kinds].toSorted(([, a], [, b]) => b.length - a.length).map(([stream, all]) => `${all.length} ${stream}`)
}

function lintOf(view: PolicyView, rule: Rule): readonly Lint[] {
  if (rule.tagStatus !== 'any' || rule.action !== 'expire') return []
  const named = view.earlier(rule).filter(({ tagStatus }) => tagStatus === 'tagged')
  const kinds = kindsOf(affairsOf(view, rule))
  if (named.length === 0 || kinds.length === 0) return []
  return [
    {
      ...{ code: 'takes-the-rest', level: 'note' as const, rule: rule.priority, field: 'selection.tagStatus' },
      problem: `Tagged images that no rule before it means are its affair: ${listed(kinds)}.`,
      instead: 'Put a rule before it for those that have to stay.',
    },
  ]
}

/** A rule for `any` that takes tags which the rules before it do not name. */
export const takesTheRest = (view: PolicyView): readonly Lint[] => view.rules.flatMap((rule) => lintOf(view, rule))
