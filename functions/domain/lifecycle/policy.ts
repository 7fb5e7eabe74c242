import { isRecord } from '../record.ts'

/** A rule of a lifecycle policy, as far as it is looked at; what else it holds is kept. */
export type LifecycleRule = {
  readonly rulePriority: number
  readonly description?: string
  readonly selection: {
    /** `tagged`, `untagged` or `any`. */
    readonly tagStatus: string
    /** Each must fit some tag of an image. */
    readonly tagPatternList?: readonly string[]
    /** `standard`, which is the default, or `archive`. */
    readonly storageClass?: string
    readonly countType?: string
    readonly countUnit?: string
    readonly countNumber?: number
  }
  readonly action: { readonly type: string }
}

const isRule = (value: unknown): value is LifecycleRule => {
  if (!isRecord(value) || !isRecord(value.selection) || !isRecord(value.action)) return false
  const { tagStatus, tagPatternList = [] } = value.selection
  return typeof value.rulePriority === 'number' && typeof tagStatus === 'string' && Array.isArray(tagPatternList)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * The rules of a lifecycle policy; undefined where the text is none.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export function parseLifecycle(text: string): readonly LifecycleRule[] | undefined {
  const policy = parsed(text)
  if (!isRecord(policy) || !Array.isArray(policy.rules)) return undefined
  return policy.rules.every(isRule) ? policy.rules : undefined
}

export const lifecycleText = (rules: readonly LifecycleRule[], indent?: number): string =>
  JSON.stringify({ rules }, null, indent)
