/** A write of ECR's API, as plain JSON. */
export type EcrWrite = {
  readonly operation:
    | 'PutImageTagMutability'
    | 'PutImageScanningConfiguration'
    | 'PutLifecyclePolicy'
    | 'DeleteLifecyclePolicy'
    | 'SetRepositoryPolicy'
    | 'DeleteRepositoryPolicy'
    | 'TagResource'
    | 'UntagResource'
  readonly input: Readonly<Record<string, unknown>>
}

/** What puts a failed rule right, safely, and what takes it back. */
export type Remedy = {
  /** What is done, as a heading: `Make tags immutable`. */
  readonly what: string
  readonly write: EcrWrite
  readonly undo: EcrWrite
}
