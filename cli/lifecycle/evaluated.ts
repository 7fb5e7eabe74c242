import type { RepositoryRef } from '../../functions/domain/facts/repository-facts.ts'
import { createEvaluation, type Verdicts } from '../../functions/domain/lifecycle/evaluation.ts'
import { type ChildrenOf, isIndex, type StoredImage } from '../../functions/domain/lifecycle/image.ts'
import type { Rule } from '../../functions/domain/lifecycle/rule.ts'

/** The images of one repository, as they come. */
export type ImageSource = {
  /** Undefined where files do not say which repository they are of. */
  readonly ref: Partial<RepositoryRef>
  pages(): AsyncIterable<readonly StoredImage[]>
  children(indexes: readonly string[]): Promise<ChildrenOf>
}

type Policies = readonly (readonly Rule[])[]

/** What policies mean for the images of a repository: rows are the same in all of them. */
export type Evaluated<P extends Policies = Policies> = {
  readonly ref: Partial<RepositoryRef>
  /** One for each list of rules. */
  readonly verdicts: { readonly [K in keyof P]: Verdicts }
  /** When the image of a row was pushed. Milliseconds since 1970. */
  readonly pushedAt: readonly number[]
  /** Indexes of which nobody knows what they list. */
  readonly unknown: readonly string[]
}

/** Evaluates several policies over one reading of the images. @throws what the source throws */
export async function evaluateAll<const P extends Policies>(
  source: ImageSource,
  policies: P,
  now: Date,
): Promise<Evaluated<P>> {
  const evaluations = policies.map((rules) => createEvaluation(rules, now))
  const [pushedAt, indexes]: [number[], string[]] = [[], []]
  for await (const page of source.pages()) {
    for (const evaluation of evaluations) evaluation.add(page)
    for (const image of page) {
      pushedAt.push(image.pushedAt)
      // What an archived index lists is free, and cannot be read.
      if (isIndex(image) && image.status === 'ACTIVE') indexes.push(image.digest)
    }
  }
  const children = indexes.length > 0 ? await source.children(indexes) : new Map<string, readonly string[]>()
  for (const evaluation of evaluations) evaluation.addChildren(children)
  const verdicts = evaluations.map((evaluation) => evaluation.end()) as { readonly [K in keyof P]: Verdicts }
  return { ref: source.ref, verdicts, pushedAt, unknown: indexes.filter((index) => !children.has(index)) }
}
