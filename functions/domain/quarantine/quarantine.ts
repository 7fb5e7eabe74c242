import type { ActiveRule } from '../policy.ts'
import type { Rule } from '../rule/rule.ts'
import { isSameReason } from '../told-verdicts.ts'
import { isOpen, type Verdict } from '../verdict.ts'

/** A tag of an image, and what it is called in quarantine. */
export type TagInQuarantine = { readonly tag: string; readonly as: string }

/** A verdict that an image is in quarantine for. */
export type Why = Pick<Verdict, 'rule' | 'reason'>

/** What is being done: remembered before the first write, so that what a crash cut off is gone on with. */
export type PendingQuarantine = {
  /** ISO 8601 instant that names it in the journal. */
  readonly at: string
  readonly tags: readonly TagInQuarantine[]
  readonly why: readonly Why[]
}

/** Who took an image out of quarantine, and which verdicts are let go since. */
export type Release = {
  /** ISO 8601 instant. */
  readonly at: string
  /** ARN of a role or a user. */
  readonly by: string
  /** As it was given, if it was. */
  readonly reason?: string
  /** Undefined where nobody knew what it was in quarantine for: what fails when it is judged next. */
  readonly of?: readonly Why[]
  /** Tags that it was given back. */
  readonly tags?: readonly string[]
}

/** What is remembered of an image that is in quarantine, or was. */
export type Quarantine = {
  /** Those that are in quarantine. */
  readonly tags: readonly TagInQuarantine[]
  readonly why: readonly Why[]
  readonly pending?: PendingQuarantine
  readonly released?: Release
  /** Somebody was told that it passes now. */
  readonly passes?: true
}

export const NO_QUARANTINE: Quarantine = { tags: [], why: [] }

/** Whether a rule may have `quarantine: true`: one on images that is judged on a push, when no scan is there yet. */
export const mayQuarantine = ({ about, needs }: Pick<Rule, 'about' | 'needs'>): boolean =>
  about === 'image' && !needs.includes('scan')

/** Adds what is new, by the name of the tag. */
export const withTags = (
  known: readonly TagInQuarantine[],
  more: readonly TagInQuarantine[],
): readonly TagInQuarantine[] => [...new Map([...known, ...more].map((one) => [one.tag, one])).values()]

/** The same for verdicts, by rule. */
export const withWhys = (known: readonly Why[], more: readonly Why[]): readonly Why[] => [
  ...new Map([...known, ...more].map((one) => [one.rule, one])).values(),
]

/** What of an image is or may be in quarantine. */
export const tagsIn = ({ tags, pending }: Quarantine): readonly TagInQuarantine[] => withTags(tags, pending?.tags ?? [])

/** What it is there for. */
export const whysOf = ({ why, pending }: Quarantine): readonly Why[] => withWhys(why, pending?.why ?? [])

const isReleased = ({ rule, reason }: Why, { of = [] }: Release): boolean =>
  of.some((one) => one.rule === rule && isSameReason(one.reason, reason))

/** Verdicts for which a rule asks for quarantine: fails that nobody has agreed to live with. What is unknown is none. */
export function asking(rules: readonly ActiveRule[], verdicts: readonly Verdict[]): readonly Why[] {
  const asked = new Set(rules.filter(({ quarantine }) => quarantine).map(({ rule }) => rule.id))
  return verdicts
    .filter((verdict) => asked.has(verdict.rule) && verdict.outcome === 'fail' && isOpen(verdict))
    .map(({ rule, reason }) => ({ rule, reason }))
}

/** What a rule on names of tags looks at. Its reason names those that an image has, which are others once some were given back. */
const OF_TAGS: ReadonlySet<string> = new Set(['detail', 'manifest'])

/** Rules that look at nothing within an image. */
export const rulesOnTags = (rules: readonly ActiveRule[]): ReadonlySet<string> =>
  new Set(rules.filter(({ rule: { needs } }) => needs.every((need) => OF_TAGS.has(need))).map(({ rule }) => rule.id))

/** @property tags of the image, those of quarantine aside @property onTags ids of rules that look at nothing within it */
export type Heeded = { readonly tags: readonly string[]; readonly onTags: ReadonlySet<string> }

/**
 * What brings an image into quarantine, and what is let go: that for which it was released is, and what such a rule says of tags
 * that were given back, in whatever words.
 */
export function heeding(released: Release | undefined, asked: readonly Why[], { tags, onTags }: Heeded) {
  if (!released) return { why: asked, released }
  if (!released.of) return { why: [], released: { ...released, of: asked } }
  const { of, tags: given = [] } = released
  const isGiven = tags.every((tag) => given.includes(tag))
  const isLetGo = (one: Why): boolean =>
    isReleased(one, released) || (isGiven && onTags.has(one.rule) && of.some(({ rule }) => rule === one.rule))
  return { why: asked.filter((one) => !isLetGo(one)), released }
}

const holds = (verdict: Verdict | undefined): boolean =>
  verdict !== undefined && (verdict.outcome === 'pass' || (verdict.outcome === 'fail' && !isOpen(verdict)))

/** Whether an image is in quarantine and all that it is there for passes by now, or is excepted. */
export const passesNow = ({ tags, why }: Quarantine, verdicts: readonly Verdict[]): boolean =>
  tags.length > 0 && why.every(({ rule }) => holds(verdicts.find((verdict) => verdict.rule === rule)))
