import type { Severity } from '../functions/domain/severity.ts'
import type { Paint } from './terminal.ts'

/** A severity is always a word too: colour alone says nothing to some. */
export const SEVERITY_FORMATS: Readonly<Record<Severity, Parameters<Paint>[0]>> = {
  CRITICAL: ['red', 'bold'],
  HIGH: 'red',
  MEDIUM: 'yellow',
  LOW: 'cyan',
  INFORMATIONAL: 'dim',
  UNDEFINED: 'magenta',
}
