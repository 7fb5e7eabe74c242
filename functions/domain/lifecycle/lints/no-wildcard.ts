import { listed } from '../../listed.ts'
import type { Lint, PolicyView } from '../policy-view.ts'
import { isOfClass } from '../policy-view.ts'
import type { Rule } from '../rule.ts'

/** What nobody ends a tag with. */
const IS_CUT = /[-_.]$/

/** Whether the pattern was meant as the start of a tag. Where tags are known: none is this one, and some start so. */
function isMeantAsPrefix(pattern: string, tags: readonly string[] | undefined): boolean {
  if (pattern.includes('*') || tags?.includes(pattern)) return false
  return IS_CUT.test(pattern) || tags?.some((tag) => tag.startsWith(pattern)) === true
}

function lintOf({ seen }: PolicyView, rule: Rule): readonly Lint[] {
  const tags = seen?.filter((one) => isOfClass(one, rule)).flatMap(({ image }) => image.tags)
  const cut = rule.patterns.filter((pattern) => isMeantAsPrefix(pattern, tags))
  if (cut.length === 0) return []
  const patterns = rule.patterns.map((pattern) => (cut.includes(pattern) ? `${pattern}*` : pattern))
  const quoted = cut.map((pattern) => JSON.stringify(pattern))
  return [
    {
      ...{ code: 'no-wildcard', level: 'warning' as const, rule: rule.priority, field: 'selection.tagPatternList' },
      problem: `${listed(quoted)} ${cut.length === 1 ? 'has' : 'have'} no *, so only a tag that is just that fits.`,
      instead: `Write ${listed(cut.map((pattern) => JSON.stringify(`${pattern}*`)))} for tags that start so.`,
      mend: { kind: 'replace', by: [{ ...rule, patterns }] },
    },
  ]
}

/** A pattern without a wildcard where the start of a tag is meant. */
export const noWildcard = (view: PolicyView): readonly Lint[] => view.rules.flatMap((rule) => lintOf(view, rule))
