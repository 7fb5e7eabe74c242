/** How far a sweep is, for whoever watches it. */
export type SweepProgress = {
  readonly listed: number
  readonly judged: number
  readonly images: number
  /** Whether all targets are listed, so that `listed` is what there is. */
  readonly isListed: boolean
}
