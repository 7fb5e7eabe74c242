import type { Exit } from './exit.ts'

/** Something that the person at the terminal can put right: what is wrong, and what to do next. Shown without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exit: Exit
  /** A line each. */
  readonly next: readonly string[]

  constructor(exit: Exit, message: string, ...next: readonly string[]) {
    super(message)
    this.exit = exit
    this.next = next
  }
}
