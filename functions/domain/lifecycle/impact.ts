import type { LifecycleVerdict } from './verdict.ts'

/** What a policy does to the images of a repository. Bytes are compressed; shared layers are in them once for each image. */
export type Impact = {
  readonly images: number
  readonly expire: number
  readonly archive: number
  readonly expireBytes: number
}

export function impactOf(verdicts: readonly LifecycleVerdict[]): Impact {
  const expiring = verdicts.filter(({ action }) => action === 'expire')
  return {
    images: verdicts.length,
    expire: expiring.length,
    archive: verdicts.filter(({ action }) => action === 'archive').length,
    expireBytes: expiring.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  }
}
