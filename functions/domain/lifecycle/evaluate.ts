import { createEvaluation } from './evaluation.ts'
import type { ChildrenOf, StoredImage } from './image.ts'
import type { Rule } from './rule.ts'
import type { LifecycleVerdict } from './verdict.ts'

/** What a policy means for the images of a repository at an instant, in their order. For many images: `createEvaluation`. */
export function evaluate(
  rules: readonly Rule[],
  images: readonly StoredImage[],
  children: ChildrenOf,
  now: Date,
): readonly LifecycleVerdict[] {
  const evaluation = createEvaluation(rules, now)
  evaluation.add(images)
  evaluation.addChildren(children)
  return [...evaluation.end()]
}
