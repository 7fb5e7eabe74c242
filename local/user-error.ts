/** Something that the person at the terminal can put right. Shown as one line, without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError'
}

/** What `parseArgs` did not understand, without its advice on quoting. */
export function usageError(error: unknown, command: string): UserError {
  const [what] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/)
  return new UserError(`${what}; ${command} -- --help says what there is`)
}

const HINTS: Readonly<Record<string, (error: NodeJS.ErrnoException) => string>> = {
  EADDRINUSE: (error) =>
    `port ${'port' in error ? error.port : ''} is taken: end what listens there, or choose another one with --port`,
  EACCES: ({ path }) => `no permission${path ? ` for ${path}` : ''}: change it, or run from a folder that is yours`,
  EROFS: ({ path }) => `${path ?? 'the folder'} is read-only: run from a folder that you may write to`,
  ENOSPC: () => 'the disk is full: make room and run again',
}

const isCoded = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'code' in error

/** What went wrong in one line, where the cause is known; undefined where it is a fault of ours. */
export function explain(error: unknown): string | undefined {
  if (error instanceof UserError) return error.message
  if (error instanceof Error && ['ConfigError', 'TemplateError'].includes(error.name)) return error.message
  return isCoded(error) ? HINTS[error.code ?? '']?.(error) : undefined
}

/** Runs a command of the terminal: what a person can mend ends in one line and exit code 1, all else in its stack. */
export async function run(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    process.exitCode = 1
    console.error(explain(error) ?? error)
  }
}
