import type { PathFault } from '../shape.ts'
import { repeated } from './repeated.ts'

/** What is wrong with the sweep beyond the shape of each key. */
export const sweepFaults = (file: unknown): PathFault[] => [
  ...repeated(file, ['sweep', 'regions']),
  ...repeated(file, ['sweep', 'accounts']),
]
