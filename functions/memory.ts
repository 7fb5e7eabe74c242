/** A claim on what was told about one subject. Exactly one of the two ends it. */
export type Claim<T> = {
  readonly told: T | undefined
  /** Remembers what was told, and ends the claim. */
  mark(told: T): Promise<void>
  /** Ends the claim; what was told before still holds. */
  release(): Promise<void>
}

export type Memory<T> = {
  /** @throws {Later} while another invocation is at work on the same subject */
  claim(subject: string): Promise<Claim<T>>
}
