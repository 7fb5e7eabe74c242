import { Counts } from './counts.ts'
import type { ChildrenOf, StoredImage } from './image.ts'
import { kinOf } from './kin.ts'
import type { Rule } from './rule.ts'
import { ImageTable } from './table.ts'
import { Verdicts } from './verdicts.ts'

export type { Verdicts } from './verdicts.ts'

export type Evaluation = {
  /** Takes images in, each of a repository once, in any order. Nothing of the page is held. */
  add(page: readonly StoredImage[]): void
  /** Takes in what indexes list, at any time before the end. */
  addChildren(children: ChildrenOf): void
  /** What the rules mean for all that was added. Once. */
  end(): Verdicts
}

/**
 * Evaluates a lifecycle policy as ECR does, over images that come page by page: about 60 bytes are held of each.
 *
 * An image is the affair of the first rule of its storage class whose tag requirements it meets, and goes where the
 * condition of that rule holds. A rule that counts, counts all images that meet its tag requirements, whoever's affair they
 * are. Children of an active index and referrers of an image that is there are no rule's affair, and are not counted.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function createEvaluation(rules: readonly Rule[], now: Date): Evaluation {
  const inOrder = rules.toSorted((a, b) => a.priority - b.priority)
  const table = new ImageTable(inOrder)
  const children = new Map<string, readonly string[]>()
  return {
    add(page) {
      table.push(page)
    },
    addChildren(more) {
      for (const [index, digests] of more) children.set(index, digests)
    },
    end() {
      const kin = kinOf({
        digests: table.digests,
        children,
        subjects: table.subjects,
        isActive: (row) => table.combinationOf(row).status === 'ACTIVE',
      })
      const counts = new Counts(inOrder, {
        size: table.digests.size,
        combinationOf: (row) => table.combinationOf(row),
        compare: (a, b) => table.compare(a, b),
        follows: (row) => kin.some && (kin.indexOf(row) !== undefined || kin.subjectOf(row) !== undefined),
      })
      return new Verdicts({ rules: inOrder, table, kin, counts, now: now.getTime() })
    },
  }
}
