import type { InUseReport } from '../domain/in-use/use.ts'

/** One kind of thing that runs images, in one account and region. */
export type InUseSource = {
  readonly name: string
  /**
   * All that it knows to be in use. Never throws for what AWS says: a call that is refused or fails is an incomplete report,
   * with whatever was read before.
   */
  read(): Promise<InUseReport>
}
