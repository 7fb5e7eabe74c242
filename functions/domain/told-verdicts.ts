import { isOpen, type Verdict } from './verdict.ts'
import type { PolicyItem } from './verdict-item.ts'

/** An open verdict as it was last told. */
export type ToldVerdict = { readonly outcome: 'fail' | 'unknown'; readonly reason: string }

/** What was last told of a subject, by rule. A rule that passes, or is excepted, has no entry. */
export type ToldVerdicts = Readonly<Record<string, ToldVerdict>>

/** How long something has lasted grows by itself: that an image is 113 days old is no news after 112. */
const SPAN = /\d+(?:\.\d+)? (?:minute|hour|day|week|month|year)s?/g

/** Whether two reasons are the same but for how long something has lasted. */
export const isSameReason = (a: string, b: string): boolean => a.replace(SPAN, '') === b.replace(SPAN, '')

/**
 * Whether somebody has to hear of an open verdict: it was not told, or fails for another reason now. What was told and
 * cannot be read for a while has become neither better nor worse.
 */
function isNews({ outcome, reason }: Verdict, told: ToldVerdict | undefined): boolean {
  if (!told) return true
  if (outcome === 'unknown') return false
  return told.outcome === 'unknown' || !isSameReason(told.reason, reason)
}

function toItem(told: ToldVerdicts, verdict: Verdict): PolicyItem[] {
  const before = told[verdict.rule]
  if (isOpen(verdict)) return [{ verdict, change: isNews(verdict, before) ? 'new' : 'known' }]
  if (verdict.exception?.state === 'excepted') return [{ verdict, change: 'known' }]
  return before ? [{ verdict, change: 'gone' }] : []
}

/** What is to be said of the verdicts against what was told; nothing of those that passed before and pass now. */
export const against = (told: ToldVerdicts, verdicts: readonly Verdict[]): readonly PolicyItem[] =>
  verdicts.flatMap((verdict) => toItem(told, verdict))

export const isNew = ({ change }: PolicyItem): boolean => change === 'new'

/** The verdicts that somebody heard of: where nobody is told, all but those that are new. */
export function heardOf(
  items: readonly PolicyItem[],
  verdicts: readonly Verdict[],
  isTold: boolean,
): readonly Verdict[] {
  const untold = new Set(isTold ? [] : items.filter(isNew).map(({ verdict }) => verdict.rule))
  return verdicts.filter(({ rule }) => !untold.has(rule))
}

function entryOf({ outcome, reason }: Verdict, before: ToldVerdict | undefined): ToldVerdict | undefined {
  if (outcome === 'fail') return { outcome, reason }
  return before ?? { outcome: 'unknown', reason }
}

/** What to remember once these verdicts are told. Of a rule that was not judged, what was told still holds. */
export function remember(told: ToldVerdicts, verdicts: readonly Verdict[]): ToldVerdicts {
  const entries = new Map<string, ToldVerdict | undefined>(Object.entries(told))
  for (const verdict of verdicts)
    entries.set(verdict.rule, isOpen(verdict) ? entryOf(verdict, entries.get(verdict.rule)) : undefined)
  return Object.fromEntries([...entries].flatMap(([rule, entry]) => (entry ? [[rule, entry]] : [])))
}
