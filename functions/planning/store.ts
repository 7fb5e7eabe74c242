/** A text, and what it is recognised by when it is to be replaced. */
export type Stored = { readonly text: string; readonly version: string }

/**
 * Where plans, the journal, the lease and the stop switch are kept: an S3 bucket, or a folder. Keys are paths below the
 * registry's own prefix. Every method throws `Unreadable` where the store cannot be reached: nothing is deleted then.
 */
export type Store = {
  /** What a person calls it: `s3://bucket/clean-up/123456789012/eu-central-1`. */
  readonly name: string
  read(key: string): Promise<Stored | undefined>
  /** @returns false where something is there already: nothing is changed then */
  create(key: string, text: string): Promise<boolean>
  /** @returns false where it is no longer the version that was read */
  replace(key: string, text: string, version: string): Promise<boolean>
  /** @returns false where it is no longer that version. What is gone is removed. */
  remove(key: string, version: string): Promise<boolean>
  /** Keys that begin so, in their order. */
  list(prefix: string): Promise<readonly string[]>
}
