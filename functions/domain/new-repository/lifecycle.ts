import { type Lint, lintPolicy } from '../lifecycle/lint.ts'
import { parsePolicy } from '../lifecycle/parse-policy.ts'
import { policyText } from '../lifecycle/policy-text.ts'
import type { PolicyFault } from '../lifecycle/rule.ts'
import { PRESET_NAMES, PRESETS, type PresetName } from './presets.ts'
import { type Refusal, wordRefusal } from './refusal.ts'

/** A preset, a policy as ECR takes it, or none: then images stay for ever. */
export type LifecycleWanted = PresetName | 'none' | { readonly text: string }

export const lifecycleText = (wanted: LifecycleWanted): string | undefined => {
  if (typeof wanted === 'object') return wanted.text
  return wanted === 'none' ? undefined : policyText(PRESETS[wanted].rules)
}

const PROP = 'lifecycle'

const faultRefusal = ({ rule, field, problem, instead }: PolicyFault): Refusal => {
  const place = [rule === undefined ? '' : `rule ${rule}`, field ?? ''].filter(Boolean).join(', ')
  return { prop: PROP, why: place ? `${place}: ${problem}` : problem, write: instead.replace(/^write /, '') }
}

const sentence = (text: string): string => text.replace(/\.$/, '')

const lintRefusal = ({ rule, field, problem, instead, code }: Lint): Refusal => ({
  prop: PROP,
  why: `rule ${rule}, ${field}: ${sentence(problem)} (${code})`,
  write: `another policy. ${sentence(instead)}`,
})

/** What of a policy may cost images that are needed, or is worth to know. Worst first. */
export type LifecycleJudged = { readonly refusals: readonly Refusal[]; readonly warnings: readonly Lint[] }

/**
 * A policy that ECR would refuse, and one that is certainly wrong, are refused; what may be meant is a warning.
 * @param isKnown false where the text is known only at deployment
 */
export function judgeLifecycle(wanted: LifecycleWanted, isKnown: (text: string) => boolean): LifecycleJudged {
  const word = typeof wanted === 'string' ? wordRefusal(PROP, wanted, [...PRESET_NAMES, 'none']) : undefined
  if (word) return { refusals: [word], warnings: [] }
  const text = lifecycleText(wanted)
  if (text === undefined || !isKnown(text)) return { refusals: [], warnings: [] }
  const { rules, faults } = parsePolicy(text)
  if (faults) return { refusals: faults.map(faultRefusal), warnings: [] }
  const lints = lintPolicy(rules)
  return {
    refusals: lints.filter(({ level }) => level === 'error').map(lintRefusal),
    warnings: lints.filter(({ level }) => level === 'warning'),
  }
}
