/**
 * What a rule counts, with how many: `imageCountMoreThan` images that stay, or whole days for the others.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export type Count =
  | { readonly type: 'imageCountMoreThan'; readonly images: number }
  | { readonly type: 'sinceImagePushed' | 'sinceImagePulled' | 'sinceImageTransitioned'; readonly days: number }

/** A rule of a lifecycle policy that ECR would take, with its defaults filled in. */
export type Rule = {
  readonly priority: number
  readonly description?: string | undefined
  readonly tagStatus: 'tagged' | 'untagged' | 'any'
  /** Each must be the start of some tag of the image. Never beside patterns. */
  readonly prefixes: readonly string[]
  /** Each must fit some tag of the image; `*` stands for any characters. */
  readonly patterns: readonly string[]
  /** Images of this class alone are its affair. */
  readonly storageClass: 'standard' | 'archive'
  readonly count: Count
  readonly action: 'expire' | 'archive'
}

/** Something in a policy that ECR would refuse. */
export type PolicyFault = {
  /** `rulePriority` of the rule, or its place in the list from 1 where it has none; undefined for the policy as a whole. */
  readonly rule: number | undefined
  /** As the API spells it: `selection.countNumber`. */
  readonly field: string | undefined
  /** What is wrong, with what was found. */
  readonly problem: string
  /** What to write instead. */
  readonly instead: string
}

/** A policy, or all that ECR would refuse about it. */
export type ParsedPolicy =
  | { readonly rules: readonly Rule[]; readonly faults?: undefined }
  | { readonly rules?: undefined; readonly faults: readonly PolicyFault[] }
