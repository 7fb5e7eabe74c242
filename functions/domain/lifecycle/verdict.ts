/** Why an image stays or goes, as a code; `explain.ts` says it in words. */
export type Ground =
  /** No rule has anything to do with it. */
  | 'no-rule'
  /** An index that is there lists it: ECR neither counts it nor removes it. */
  | 'child'
  /** A referrer: it goes with its subject. */
  | 'referrer'
  /** The rule keeps as many, and it is among the newest of them. */
  | 'within-count'
  /** The rule keeps as many, and newer ones are as many. */
  | 'beyond-count'
  /** The rule gives it some days, which are not over. */
  | 'within-age'
  | 'beyond-age'
  /** On its way out of the archive. */
  | 'activating'

/** What a lifecycle policy means for one image at one instant. */
export type LifecycleVerdict = {
  readonly digest: string
  readonly tags: readonly string[]
  readonly action: 'keep' | 'expire' | 'archive'
  /** Priority of the rule whose affair the image is; null where it is none's. */
  readonly rule: number | null
  readonly ground: Ground
  /** In words, for a person. */
  readonly reason: string
  /**
   * When the rule's condition holds, ISO 8601: it may be past. ECR acts within 24 hours of it. Null where no rule gives the
   * image a day: it depends on what is pushed.
   */
  readonly dueAt: string | null
  readonly sizeBytes: number
}
