import { shortDigest } from '../../image.ts'
import { listed } from '../../listed.ts'
import { affairsOf, type Lint, type PolicyView } from '../policy-view.ts'
import type { Rule } from '../rule.ts'

/** By digest, who runs it. */
function usersOf({ uses = [] }: PolicyView): ReadonlyMap<string, string> {
  return new Map(uses.flatMap(({ image: { digest }, by }) => (digest === undefined ? [] : [[digest, by]])))
}

function lintOf(view: PolicyView, rule: Rule): readonly Lint[] {
  if (rule.tagStatus === 'tagged' || rule.action !== 'expire') return []
  const common = { code: 'untagged-in-use', rule: rule.priority, field: 'selection.tagStatus' }
  const instead = 'Give what runs a tag that a rule before this one keeps: ECR does not know what runs.'
  if (!view.uses) {
    if (rule.tagStatus === 'any') return []
    const problem = 'It also expires an image that runs by its digest alone, such as one whose tag has moved on.'
    return [{ ...common, level: 'note', problem, instead }]
  }
  const users = usersOf(view)
  const used = affairsOf(view, rule).flatMap(({ image: { digest, tags } }) => {
    const user = users.get(digest)
    return user === undefined || tags.length > 0 ? [] : [`${shortDigest(digest)} (${user})`]
  })
  if (used.length === 0) return []
  const problem = `Images without a tag that run are its affair, and expire in the end: ${listed(used)}.`
  return [{ ...common, level: 'error', problem, instead }]
}

/** A rule that takes images without a tag: what runs by digest is among them. */
export const untaggedInUse = (view: PolicyView): readonly Lint[] => view.rules.flatMap((rule) => lintOf(view, rule))
