import type { Outcome } from '../rule/judgement.ts'
import type { RecordedException, RecordedFinding, RecordedVerdict, RepositoryRecord } from './record.ts'

type Agreed = { readonly exception?: RecordedException }

/** Whether somebody has agreed to live with it, for now. */
export const isExcepted = ({ exception }: Agreed): boolean => exception?.state === 'excepted'

/** Whether a verdict is of this outcome, and counts. */
export const isOpen = (verdict: RecordedVerdict, outcome: Outcome): boolean =>
  verdict.outcome === outcome && !isExcepted(verdict)

/** Of a repository and of its images. */
export const verdictsOf = ({ verdicts, images }: RepositoryRecord): readonly RecordedVerdict[] => [
  ...verdicts,
  ...images.flatMap((image) => image.verdicts),
]

/** Those that count, of all images. */
export function* countingFindings({ images }: Pick<RepositoryRecord, 'images'>): Generator<RecordedFinding> {
  for (const { findings } of images) for (const finding of findings) if (!isExcepted(finding)) yield finding
}

/** Adds one to what a key has. */
export const increase = <Key>(counts: Map<Key, number>, key: Key, by = 1): void => {
  counts.set(key, (counts.get(key) ?? 0) + by)
}
