import { type Closings, createClosings, createParts } from './closing.ts'
import { isExcepted } from './counting.ts'
import type { RepositoryRecord } from './record.ts'
import { closesOf } from './upgrades.ts'

/** Layers that are kept. Most layers are of one repository alone; those of bases are few, and close much. */
const LIMIT = 10_000

/** Findings that the layer brings to an image. */
type Brings = number

const more = (a: Brings, b: Brings): Brings => Math.max(a, b)

/** What would be closed by images without a layer that they share. */
export const createRebuilds = (): Closings<Brings> => createClosings(LIMIT, more)

export function addRebuilds(closings: Closings<Brings>, { repository, images }: RepositoryRecord): void {
  const parts = createParts(repository, more)
  for (const { findings } of images) {
    const layers = Map.groupBy(findings, (finding) => (isExcepted(finding) ? undefined : finding.layer))
    for (const [layer, some] of layers) if (layer !== undefined) parts.add(layer, closesOf(some), some.length)
  }
  for (const [layer, part] of parts.entries()) closings.add(layer, part)
}
