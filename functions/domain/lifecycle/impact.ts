import { createEvaluation } from './evaluation.ts'
import type { Evidence } from './policy-view.ts'
import type { Rule } from './rule.ts'

/** What a policy does to the images of a repository. Bytes are compressed; shared layers are in them once for each image. */
export type Impact = {
  readonly images: number
  readonly expire: number
  readonly archive: number
  readonly expireBytes: number
}

/** What rules do to images at an instant, as ECR does it within a day. */
export function impactOf(rules: readonly Rule[], { images, children }: Evidence, now: Date): Impact {
  const evaluation = createEvaluation(rules, now)
  evaluation.add(images)
  evaluation.addChildren(children)
  const verdicts = evaluation.end()
  let [expire, archive, expireBytes] = [0, 0, 0]
  for (let row = 0; row < verdicts.size; row += 1) {
    const action = verdicts.actionOf(row)
    if (action === 'archive') archive += 1
    if (action !== 'expire') continue
    expire += 1
    expireBytes += verdicts.sizeOf(row)
  }
  return { images: verdicts.size, expire, archive, expireBytes }
}
