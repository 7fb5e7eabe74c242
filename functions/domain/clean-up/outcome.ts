/** What became of one item of a plan. */
export type ItemOutcome =
  | { readonly end: 'deleted' | 'archived' }
  /** Somebody else was faster: success all the same. */
  | { readonly end: 'already-gone' }
  /** Something is not as the plan saw it: a tag, a pull, a use, an index. */
  | { readonly end: 'kept'; readonly why: string }
  /** ECR refused it. */
  | { readonly end: 'failed'; readonly code: string; readonly why: string }
  /** It was touched and could be put back as it was. */
  | { readonly end: 'restored'; readonly why: string }

/** Why an apply ended before the end of its plan. */
export type Stop = 'at-most' | 'stop-switch' | 'time' | 'interrupted' | 'lease-lost' | 'inventory' | 'not-read' | 'bug'

/** What an apply did. */
export type ApplyReport = {
  readonly plan: string
  readonly deleted: number
  readonly archived: number
  readonly alreadyGone: number
  readonly kept: readonly { readonly repository: string; readonly digest: string; readonly why: string }[]
  readonly failed: readonly { readonly repository: string; readonly digest: string; readonly why: string }[]
  readonly freedBytes: number
  /** Items that are still to be done: by the same plan, until it expires. */
  readonly left: number
  readonly stopped?:
    | {
        readonly by: Stop
        readonly why: string
        /** Of the run that has the lease, where that is in the way. */
        readonly plan?: string
      }
    | undefined
}
