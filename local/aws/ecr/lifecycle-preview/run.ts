import { archive, removeImage } from '../image-changes.ts'
import { isIndex } from '../manifest.ts'
import type { StoredRepository } from '../stored.ts'
import { readPolicy } from './document.ts'
import { marksOf } from './marks.ts'

/** Something that a lifecycle policy did. */
export type LifecycleDeed = {
  readonly repository: string
  readonly digest: string
  readonly action: 'expire' | 'transition'
  /** Its priority. */
  readonly rule: number
}

/** Does what the policy of a repository marks, indexes before what they list. */
export function runLifecycle(repository: StoredRepository, now: number): readonly LifecycleDeed[] {
  const { lifecyclePolicyText, settings } = repository
  if (lifecyclePolicyText === undefined) return []
  const marks = marksOf(repository, readPolicy(lifecyclePolicyText), now)
  return marks
    .toSorted((a, b) => Number(isIndex(b.image)) - Number(isIndex(a.image)))
    .map(({ image, rule }) => {
      const action = rule.action.type
      if (action === 'expire') removeImage(repository, image, now)
      else archive(repository, image, now)
      return { repository: settings.repositoryName, digest: image.digest, action, rule: rule.rulePriority }
    })
}
