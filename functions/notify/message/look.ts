import type { Alert } from '../../domain/alert.ts'
import type { Severity } from '../../domain/severity.ts'

type Look = { readonly color: string; readonly sign: string }

const GREY: Look = { color: '#9ca3af', sign: '⚪' }

const LOOKS: Readonly<Record<Severity, Look>> = {
  CRITICAL: { color: '#e02424', sign: '🔴' },
  HIGH: { color: '#f97316', sign: '🟠' },
  MEDIUM: { color: '#eab308', sign: '🟡' },
  LOW: { color: '#3b82f6', sign: '🔵' },
  INFORMATIONAL: GREY,
  UNDEFINED: GREY,
}

/** Not a severity but the lack of one: violet is none of theirs. */
const UNKNOWN: Look = { color: '#7c3aed', sign: '🟣' }

/** Colour of the bar and sign of the header; neither says anything that the words do not. */
export const lookOf = ({ kind, severity }: Alert): Look => (kind === 'scan-failed' ? UNKNOWN : LOOKS[severity])

export const signOf = (severity: Severity): string => LOOKS[severity].sign

const WORDS: Readonly<Record<Severity, string>> = {
  CRITICAL: 'Critical',
  HIGH: 'High',
  MEDIUM: 'Medium',
  LOW: 'Low',
  INFORMATIONAL: 'Informational',
  UNDEFINED: 'Undefined',
}

export const wordOf = (severity: Severity): string => WORDS[severity]

/** What the alert is in one word, for those who see no colour. */
export const verdictOf = ({ kind, severity }: Alert): string => (kind === 'scan-failed' ? 'Unknown' : WORDS[severity])
