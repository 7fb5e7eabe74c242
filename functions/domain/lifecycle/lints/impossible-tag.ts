import { listed } from '../../listed.ts'
import { type Lint, type PolicyView, tagField } from '../policy-view.ts'
import type { Rule } from '../rule.ts'

/** Neither `.` nor `-` first. @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
const POSSIBLE_PATTERN = /^[\w*][\w.*-]*$/
const POSSIBLE_PREFIX = /^(?:\w[\w.-]*)?$/

const isPossible = ({ prefixes }: Rule, entry: string): boolean =>
  (prefixes.length > 0 ? POSSIBLE_PREFIX : POSSIBLE_PATTERN).test(entry)

/** Prefixes that were meant as patterns: `v*`. */
function asPatterns(rule: Rule): Omit<Rule, 'priority'> | undefined {
  const patterns = rule.prefixes.map((prefix) => (prefix.endsWith('*') ? prefix : `${prefix}*`))
  const isMeant = patterns.length > 0 && patterns.every((pattern) => POSSIBLE_PATTERN.test(pattern))
  return isMeant ? { ...rule, prefixes: [], patterns } : undefined
}

function lintOf(rule: Rule): readonly Lint[] {
  const impossible = [...rule.prefixes, ...rule.patterns].filter((entry) => !isPossible(rule, entry))
  if (impossible.length === 0) return []
  const meant = asPatterns(rule)
  return [
    {
      ...{ code: 'impossible-tag', level: 'error' as const, rule: rule.priority, field: tagField(rule) },
      problem: `No tag can ever fit ${listed(impossible.map((entry) => JSON.stringify(entry)))}, so the rule does nothing.`,
      instead: meant
        ? 'A prefix is taken letter by letter: write patterns in selection.tagPatternList.'
        : 'A tag begins with a letter, a digit or _; what may stand before is * in selection.tagPatternList.',
      mend: meant && { kind: 'replace', by: [meant] },
    },
  ]
}

/** A prefix or pattern that no tag can be, such as a regular expression, or `v*` as a prefix. */
export const impossibleTag = ({ rules }: PolicyView): readonly Lint[] => rules.flatMap(lintOf)
