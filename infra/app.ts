import { join } from 'node:path'
import { ConfigError, loadConfig, type StewardConfig } from '../config/load.ts'
import { stewardApp } from './steward-app.ts'

/** A fault in `steward.yaml` is the reader's to mend: its lines, no stack. */
function configOrExit(): StewardConfig {
  try {
    return loadConfig(join(import.meta.dirname, '../steward.yaml'))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    process.exit(1)
  }
}

stewardApp(configOrExit()).app.synth()
