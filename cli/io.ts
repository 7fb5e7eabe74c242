/** What a command touches of the process that it runs in. */
export type Io = {
  /** The result, and nothing else. */
  readonly stdout: NodeJS.WriteStream
  /** Progress, warnings, hints, and what went wrong. */
  readonly stderr: NodeJS.WriteStream
  /** What comes in; that of the process unless given. */
  readonly stdin?: NodeJS.ReadableStream
  readonly env: NodeJS.ProcessEnv
  /** Working directory, absolute. */
  readonly cwd: string
  readonly now: () => Date
}
