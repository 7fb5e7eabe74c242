import { Later } from './faults.ts'

/** A claim on what is remembered of one subject. `mark` or `release` ends it. */
export type Claim<T> = {
  readonly told: T | undefined
  /**
   * Remembers it at once, and goes on with the claim: what is found out before something that cannot be taken back.
   * @throws {Later} where the claim ran out and another invocation is at it
   */
  keep(told: T): Promise<void>
  /** Remembers it, and ends the claim. */
  mark(told: T): Promise<void>
  /** Ends the claim; what was remembered still holds. */
  release(): Promise<void>
}

/** What was told, subject by subject. */
export type Memory<T> = {
  /** @throws {Later} while another invocation is at work on the same subject */
  claim(subject: string): Promise<Claim<T>>
}

/** The claim, unless another invocation is at work on the subject: it does the same then. */
export const claimIfFree = <T>(memory: Memory<T>, subject: string): Promise<Claim<T> | undefined> =>
  memory.claim(subject).catch((error: unknown) => {
    if (error instanceof Later) return undefined
    throw error
  })

/**
 * Claims the subject while the rest is being read, and works on it once both are there. `work` ends the claim; a
 * failure ends it too, so that the next event about the subject need not wait for the lease to run out.
 */
export async function underClaim<T, G, R>(
  memory: Memory<T>,
  subject: string,
  gathering: Promise<G>,
  work: (claim: Claim<T>, gathered: G) => Promise<R>,
): Promise<R> {
  const [claim, gathered] = await Promise.allSettled([memory.claim(subject), gathering])
  if (claim.status === 'rejected') throw claim.reason
  try {
    if (gathered.status === 'rejected') throw gathered.reason
    return await work(claim.value, gathered.value)
  } catch (error) {
    await claim.value.release()
    throw error
  }
}
