import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * Runs a file that asserts something many times, in a process of its own: what measures coverage would make it eight times slower.
 * @returns what it said of a failure; nothing where it held
 */
export const apart = (file: URL, ...words: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    const env = { ...process.env, NODE_V8_COVERAGE: '' }
    execFile(process.execPath, [fileURLToPath(file), ...words], { env }, (error, _, stderr) =>
      resolve(stderr || (error?.message ?? '')),
    )
  })
