import * as v from 'valibot'
import { count, counts } from './report-words.ts'

/** What images of several repositories are built upon, with what it brings. Each finding is brought by one base at most. */
const BaseSchema = v.object({
  /** `base/node:20.14`, or as labels say; null where nobody names it: layers that images of several repositories share. */
  name: v.nullable(v.string()),
  /** Whether the name is that of an image that was read, by its layers, and not what labels say. */
  isRead: v.boolean(),
  /** How many of the lowest layers of an image it is. */
  layers: count,
  /** The highest of them: the first 16 digits of its digest. */
  top: v.string(),
  /** Images that are built upon it, and upon no higher base; of an index each platform. */
  images: count,
  repositories: count,
  /** Some of the repositories, those with most images first. */
  named: v.array(v.string()),
  /** What it brings: findings that count, each once for each image. */
  findings: counts,
  /** Those of them for which a fix is published. */
  fixable: count,
  /**
   * A newer image of the same repository, where all findings of both are known. `fixes`: findings of the images that the scan
   * of the base has and that of the newer one has not; `adds`: those that the newer one alone has. Absent: none was read.
   */
  rebuild: v.optional(v.object({ on: v.string(), fixes: count, adds: count })),
})

export const AncestrySchema = v.object({
  /** Those whose rebuild has most effect first. */
  bases: v.array(BaseSchema),
  /** Bases that were left out to keep the report small. */
  omitted: count,
  /** Findings that bases bring, and those of other layers. */
  inherited: count,
  own: count,
  /** Findings of which it is not known which layer brings them: basic scanning does not say. */
  unplaced: count,
})
