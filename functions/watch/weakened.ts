import type { ScanningChangeEvent } from '../domain/event.ts'
import type { WeakenedScanning } from '../domain/incident-alert.ts'
import { FREQUENCIES } from '../domain/scanning.ts'

/** How much is scanned: a frequency that nobody documented is not known to scan at all. */
const rankOf = (frequency: string): number => (FREQUENCIES as readonly string[]).indexOf(frequency)

/** The repositories that are scanned less than before. One whose frequencies are not both told cannot be compared. */
export const weakenedIn = ({ repositories }: ScanningChangeEvent): readonly WeakenedScanning[] =>
  repositories.flatMap(({ repository, before, now }) =>
    before !== undefined && now !== undefined && rankOf(now) < rankOf(before)
      ? [{ repository, was: before, is: now }]
      : [],
  )
