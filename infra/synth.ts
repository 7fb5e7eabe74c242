import { ConfigError, type StewardConfig } from '../config/load.ts'
import { stewardApp } from './steward-app.ts'

/** What is the reader's to mend, in `steward.yaml` or in the stack, is said without a stack trace. */
const isForReader = (error: unknown): error is Error =>
  error instanceof ConfigError || (error instanceof Error && error.name === 'ValidationFailed')

/** Synthesises the app where the CDK's command line asks for it. What is wrong is printed, and ends the process with 1. */
export function synth(config: () => StewardConfig): void {
  try {
    stewardApp(config()).app.synth()
  } catch (error) {
    if (!isForReader(error)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
