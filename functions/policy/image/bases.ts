import type { PolicyEntry } from '../../domain/policy.ts'

/** The repositories that the configuration names as those of base images: a reader of images reads them for `base-image`. */
export const baseRepositoriesOf = (policy: readonly PolicyEntry[]): readonly string[] => [
  ...new Set(
    policy
      .flatMap(({ rules }) => rules)
      .filter(({ rule, mode }) => rule === 'base-image' && mode !== 'off')
      .flatMap(({ parameters }) => parameters.repositories as readonly string[]),
  ),
]
