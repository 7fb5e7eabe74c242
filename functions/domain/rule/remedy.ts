/** Operations of ECR's API that change a setting of a repository. */
export type WriteOperation =
  | 'PutImageTagMutability'
  | 'PutImageScanningConfiguration'
  | 'PutLifecyclePolicy'
  | 'DeleteLifecyclePolicy'
  | 'SetRepositoryPolicy'
  | 'DeleteRepositoryPolicy'
  | 'TagResource'
  | 'UntagResource'

/** A write of ECR's API, as plain JSON. */
export type EcrWrite = {
  readonly operation: WriteOperation
  readonly input: Readonly<Record<string, unknown>>
}

/** What puts a failed rule right, safely, and what takes it back. */
export type Remedy = {
  /** What is done, as a heading: `Make tags immutable`. */
  readonly what: string
  readonly write: EcrWrite
  readonly undo: EcrWrite
}
