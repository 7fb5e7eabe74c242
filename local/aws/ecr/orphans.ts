import type { Part } from './manifest.ts'
import type { StoredRepository } from './stored.ts'

/**
 * How long configurations and layers stay after the last image that names them. ECR says only that it may clean them up at
 * any time; until then a manifest can be pushed again without them.
 */
const ORPHAN_MS = 7 * 86_400_000

/** A configuration or a layer whose image was deleted, and until when it is kept. ms */
export type Orphan = { readonly part: Part; readonly until: number }

const isNamed = ({ images }: StoredRepository, digest: string): boolean =>
  [...images.values()].some(({ parts }) => parts.some((part) => part.digest === digest))

export function orphanParts({ orphans }: StoredRepository, parts: readonly Part[], now: number): void {
  for (const part of parts) {
    orphans.delete(part.digest)
    orphans.set(part.digest, { part, until: now + ORPHAN_MS })
  }
}

/** It was uploaded, or an image names it anew. */
export function adopt({ orphans, collected }: StoredRepository, digest: string): void {
  orphans.delete(digest)
  collected.delete(digest)
}

/** Cleans up what was kept long enough, unless an image names it after all. */
export function collectOrphans(repository: StoredRepository, now: number): void {
  for (const [digest, { until }] of repository.orphans) {
    if (until > now) return
    repository.orphans.delete(digest)
    if (isNamed(repository, digest)) continue
    repository.blobs.delete(digest)
    repository.collected.add(digest)
  }
}
