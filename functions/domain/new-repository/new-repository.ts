import type { Lint } from '../lifecycle/lint.ts'
import { type Access, accessPolicy, accessRefusal } from './access.ts'
import { type EncryptionWanted, encryptionOf, encryptionRefusals } from './encryption.ts'
import { judgeLifecycle, type LifecycleWanted, lifecycleText } from './lifecycle.ts'
import { nameRefusal } from './name.ts'
import type { Refusal } from './refusal.ts'
import { type MutabilityWanted, mutabilityRefusals, tagMutabilityOf } from './tag-mutability.ts'
import { type Tags, tagRefusals } from './tags.ts'

export type { Access } from './access.ts'
export type { LifecycleWanted } from './lifecycle.ts'
export { PRESET_NAMES, PRESETS, type PresetName } from './presets.ts'
export type { Refusal } from './refusal.ts'

/** How a repository is to be, also one that ECR makes from a template. What is left out is as the rules want it. */
export type SettingsWanted = MutabilityWanted &
  EncryptionWanted & {
    /** `untagged` by default: no image with a tag expires. */
    readonly lifecycle?: LifecycleWanted
    /** Who else may pull or push: nobody by default. */
    readonly access?: readonly Access[]
    /** Of the repository, not of its images. */
    readonly tags?: Tags
  }

export type RepositoryWanted = SettingsWanted & {
  /** With its namespace: `team-a/web`. */
  readonly repositoryName: string
  /** True by default. The rules of the registry, where it has some, decide in its place. */
  readonly scanOnPush?: boolean
}

/** What CreateRepository, PutLifecyclePolicy and SetRepositoryPolicy take. */
export type NewRepository = {
  /** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
  readonly create: {
    readonly repositoryName: string
    readonly imageTagMutability: string
    readonly imageTagMutabilityExclusionFilters?: readonly {
      readonly filterType: 'WILDCARD'
      readonly filter: string
    }[]
    readonly imageScanningConfiguration: { readonly scanOnPush: boolean }
    readonly encryptionConfiguration: { readonly encryptionType: string; readonly kmsKey?: string }
    readonly tags?: readonly { readonly Key: string; readonly Value: string }[]
  }
  readonly lifecyclePolicyText: string | undefined
  readonly policyText: string | undefined
}

export type Surroundings = {
  /** `aws` by default; `aws-cn` in China. */
  readonly partition?: string
  /** Whether a text is known by now: one that is not is not judged. Every text is, by default. */
  readonly isKnown?: (text: string) => boolean
}

const EVERY = (): boolean => true

/** Everything that AWS would refuse of it, and what may be meant otherwise. */
export function judgeSettings(
  wanted: SettingsWanted,
  { isKnown = EVERY }: Surroundings = {},
): { readonly refusals: readonly Refusal[]; readonly warnings: readonly Lint[] } {
  const { lifecycle = 'untagged', access = [], tags = {} } = wanted
  const { refusals, warnings } = judgeLifecycle(lifecycle, isKnown)
  return {
    refusals: [
      ...mutabilityRefusals(wanted, isKnown),
      ...encryptionRefusals(wanted, isKnown),
      ...refusals,
      ...access.flatMap((one) => accessRefusal(one, isKnown) ?? []),
      ...tagRefusals(tags, isKnown),
    ],
    warnings,
  }
}

/** The same, with its name. */
export function judgeRepository(wanted: RepositoryWanted, around: Surroundings = {}): ReturnType<typeof judgeSettings> {
  const { isKnown = EVERY } = around
  const { refusals, warnings } = judgeSettings(wanted, around)
  const name = isKnown(wanted.repositoryName) ? nameRefusal(wanted.repositoryName) : undefined
  return { refusals: [...(name ? [name] : []), ...refusals], warnings }
}

const exclusionsOf = ({ tagExclusions = [] }: MutabilityWanted) =>
  tagExclusions.map((filter) => ({ filterType: 'WILDCARD' as const, filter }))

/** What is put into ECR for it. @param wanted without a refusal */
export function newRepository(wanted: RepositoryWanted, { partition }: Surroundings = {}): NewRepository {
  const { repositoryName, scanOnPush = true, lifecycle = 'untagged', access = [], tags = {} } = wanted
  const [filters, pairs] = [exclusionsOf(wanted), Object.entries(tags)]
  return {
    create: {
      repositoryName,
      imageTagMutability: tagMutabilityOf(wanted),
      ...(filters.length > 0 && { imageTagMutabilityExclusionFilters: filters }),
      imageScanningConfiguration: { scanOnPush },
      encryptionConfiguration: encryptionOf(wanted),
      ...(pairs.length > 0 && { tags: pairs.map(([Key, Value]) => ({ Key, Value })) }),
    },
    lifecyclePolicyText: lifecycleText(lifecycle),
    policyText: accessPolicy(access, partition),
  }
}
