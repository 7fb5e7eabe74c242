import { listed } from '../../listed.ts'
import { ANY } from '../../wildcard.ts'
import type { Lint, PolicyView } from '../policy-view.ts'
import type { Rule } from '../rule.ts'
import { meetsTags } from '../tag-requirement.ts'
import { type Entry, takes } from '../tag-sets.ts'

/** How signatures, attestations and SBOMs of cosign are tagged. @see https://docs.sigstore.dev/cosign/signing/signing_with_containers/ */
const SIGNATURE = /^sha256-[0-9a-f]{64}(?:\.(?:sig|att|sbom))?$/
const A_SIGNATURE: readonly Entry[] = [[...'sha256-', ANY]]

function problemOf({ seen }: PolicyView, rule: Rule): string | undefined {
  const general = 'Signatures that cosign keeps under tags (sha256-….sig) are images for it, and count.'
  if (!seen) return takes(rule, A_SIGNATURE) ? general : undefined
  const counted = seen.filter(({ image }) => meetsTags(rule, image.tags))
  const found = counted.filter(({ image }) => image.tags.some((tag) => SIGNATURE.test(tag)))
  if (found.length === 0) return undefined
  const example = found.flatMap(({ image }) => image.tags).map((tag) => `${tag.slice(0, 19)}…${tag.slice(71)}`)
  return `Of the ${counted.length} images that it counts, ${found.length} are signatures or the like: ${listed(example, 1)}.`
}

function lintOf(view: PolicyView, rule: Rule): readonly Lint[] {
  if (rule.tagStatus === 'untagged' || rule.count.type !== 'imageCountMoreThan' || rule.action !== 'expire') return []
  const problem = problemOf(view, rule)
  if (problem === undefined) return []
  return [
    {
      ...{ code: 'counts-signatures', level: view.seen ? ('warning' as const) : ('note' as const) },
      ...{ rule: rule.priority, field: 'selection.countNumber' },
      problem: `${problem} So fewer images stay than the count says, and a signature may go before its image.`,
      instead:
        'Count by a pattern that they do not fit, such as v*; or let cosign attach them as OCI referrers, which ECR does not count.',
    },
  ]
}

/** A count that signatures are part of. */
export const countsSignatures = (view: PolicyView): readonly Lint[] => view.rules.flatMap((rule) => lintOf(view, rule))
