/** A plan that is not taken: what is wrong with it, and what to do, each a sentence. */
export class PlanError extends Error {
  override readonly name = 'PlanError'
  readonly next: string

  constructor(message: string, next: string) {
    super(message)
    this.next = next
  }
}
