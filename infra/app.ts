import { join } from 'node:path'
import { ConfigError, loadConfig } from '../config/load.ts'
import { stewardApp } from './steward-app.ts'

/** What is the reader's to mend, in `steward.yaml` or in the stack, is said without a stack trace. */
const isForReader = (error: unknown): error is Error =>
  error instanceof ConfigError || (error instanceof Error && error.name === 'ValidationFailed')

try {
  stewardApp(loadConfig(join(import.meta.dirname, '../steward.yaml'))).app.synth()
} catch (error) {
  if (!isForReader(error)) throw error
  console.error(error.message)
  process.exitCode = 1
}
