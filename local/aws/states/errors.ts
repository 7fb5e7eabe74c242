/**
 * An error as a state machine knows it: retried and caught by its name.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export class StateError extends Error {
  /** `Lambda.TooManyRequestsException`, `States.Timeout` */
  readonly error: string
  /** In words. */
  readonly reason: string

  constructor(error: string, reason: string) {
    super(`${error}: ${reason}`)
    this.name = 'StateError'
    this.error = error
    this.reason = reason
  }
}

/** A path that leads to nothing, or a value of the wrong kind: the machine ends, and nothing catches it. */
export const runtimeError = (cause: string): StateError => new StateError('States.Runtime', cause)

/** The execution was stopped, or what it is part of has failed: not an error of a state. */
export class Aborted extends Error {
  override readonly name = 'Aborted'
}

/** What is wrong in a definition, or is not honoured here. `where` is a path in the definition. */
export class InvalidDefinition extends Error {
  override readonly name = 'InvalidDefinition'

  constructor(where: string, problem: string) {
    super(`state machine, at ${where || 'its top'}: ${problem}`)
  }
}
