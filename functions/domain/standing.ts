import type { Alert } from './alert.ts'
import type { Severity } from './severity.ts'

/** What an alert comes to in one word: how bad it is, that nobody knows, that nothing is left to be done, or that something could be. */
export type Standing = Severity | 'UNKNOWN' | 'SETTLED' | 'PROPOSED'

const isOpen = ({ change }: Alert['items'][number]): boolean => change === 'new' || change === 'known'

export function standingOf({ kind, severity, items }: Pick<Alert, 'kind' | 'severity' | 'items'>): Standing {
  if (kind === 'scan-failed') return 'UNKNOWN'
  if (kind === 'digest' && severity === 'UNDEFINED') return 'UNKNOWN'
  if (kind === 'clean-up' && severity === 'INFORMATIONAL') return items.some(isOpen) ? 'PROPOSED' : 'SETTLED'
  if (kind !== 'policy' && kind !== 'enforcement') return severity
  if (!items.some(isOpen)) return 'SETTLED'
  return severity === 'UNDEFINED' ? 'UNKNOWN' : severity
}

/** What the items of an alert are, in the plural. */
export const itemsAre = (kind: Alert['kind']): 'findings' | 'rules' | 'repositories' | 'images' | 'points' => {
  if (kind === 'policy' || kind === 'enforcement') return 'rules'
  if (kind === 'expiring-in-use' || kind === 'package-found') return 'images'
  if (kind === 'digest') return 'points'
  return kind === 'scanning-weakened' || kind === 'clean-up' ? 'repositories' : 'findings'
}
