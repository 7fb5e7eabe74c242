import type { Alert } from '../../domain/alert.ts'
import { type Standing, standingOf } from '../../domain/standing.ts'

type Look = { readonly color: string; readonly sign: string; readonly word: string }

const grey = (word: string): Look => ({ color: '#9ca3af', sign: '⚪', word })

const LOOKS: Readonly<Record<Standing, Look>> = {
  CRITICAL: { color: '#e02424', sign: '🔴', word: 'Critical' },
  HIGH: { color: '#f97316', sign: '🟠', word: 'High' },
  MEDIUM: { color: '#eab308', sign: '🟡', word: 'Medium' },
  LOW: { color: '#3b82f6', sign: '🔵', word: 'Low' },
  INFORMATIONAL: grey('Informational'),
  UNDEFINED: grey('Undefined'),
  /** Not a severity but the lack of one: violet is none of theirs. */
  UNKNOWN: { color: '#7c3aed', sign: '🟣', word: 'Unknown' },
  SETTLED: { color: '#16a34a', sign: '✅', word: 'Settled' },
  /** Teal asks for nothing: somebody may look at it. */
  PROPOSED: { color: '#0d9488', sign: '🧹', word: 'Proposed' },
}

/** Colour of the bar and sign of the header, which say nothing that the word does not. */
export const lookOf = (alert: Alert): Look => LOOKS[standingOf(alert)]

export const lookAs = (standing: Standing): Look => LOOKS[standing]

/** Whether the title says it all already, so that the word need not stand before it. */
export const isSaid = (alert: Alert): boolean => {
  const standing = standingOf(alert)
  return (
    alert.kind === 'digest' ||
    standing === 'UNKNOWN' ||
    standing === 'SETTLED' ||
    standing === 'PROPOSED' ||
    alert.title.toLowerCase().includes(LOOKS[standing].word.toLowerCase())
  )
}
