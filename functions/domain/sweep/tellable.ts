import { isAtLeast, type Severity } from '../severity.ts'
import { isExcepted } from './counting.ts'
import type { ImageRecord, RecordedFinding, RecordedVerdict } from './record.ts'

/** Findings that are worth telling: by an event of their own, or with the first look at a registry. */
export const findingsToTell = ({ findings }: ImageRecord, threshold: Severity): readonly RecordedFinding[] =>
  findings.filter((finding) => isAtLeast(finding.severity, threshold) && !isExcepted(finding))

/** Whether its scan ended without a result: that is told whatever the threshold. */
export const isUndone = ({ scan }: ImageRecord): boolean => scan === 'failed' || scan === 'unsupported'

/** Those that fail or are unknown. */
export const verdictsToTell = (verdicts: readonly RecordedVerdict[]): readonly RecordedVerdict[] =>
  verdicts.filter((verdict) => !isExcepted(verdict))
