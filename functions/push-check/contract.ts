import type { AlertPolicy } from '../domain/alert-policy.ts'
import type { Exception } from '../domain/exception.ts'
import type { ImageValues } from '../domain/facts/image-facts.ts'
import type { RepositoryValues } from '../domain/facts/repository-facts.ts'
import type { PolicyEntry } from '../domain/policy.ts'
import { type Vouching, type VouchingSections, vouchingIn } from '../domain/supply-chain/vouching.ts'
import { type Agreed, agreedIn, type Elsewhere, elsewhereIn } from '../elsewhere.ts'

/** Seconds that one invocation may take; the queue's visibility and the leases follow from it. */
export const TIMEOUT_SECONDS = 60
/** Records of one invocation: a build that pushes many images and tags comes in a few batches. */
export const BATCH_SIZE = 50
/** Seconds that the queue gathers a batch: the tags of one image, and the platforms of one index, come within them. */
export const BATCH_WINDOW_SECONDS = 5

/** What the bundle is built with. */
export type PushCheckConfig = {
  readonly alerts: readonly AlertPolicy[]
  readonly policy: readonly PolicyEntry[]
  /** Those on rules. */
  readonly exceptions: readonly Exception[]
  /** Whose registries are judged in beside that of the stack. */
  readonly sweep?: Elsewhere | undefined
  /** Who agreed that it puts something right in their accounts. */
  readonly members?: Agreed | undefined
  /** By what signatures are verified; undefined where no rule asks for them. */
  readonly vouching?: Vouching | undefined
}

/** Of steward.yaml. */
export type PushCheckSections = Omit<PushCheckConfig, 'vouching'> & VouchingSections

export const pushCheckConfig = ({
  alerts,
  policy,
  exceptions,
  sweep,
  members,
  ...sections
}: PushCheckSections): PushCheckConfig => ({
  alerts,
  policy,
  exceptions: exceptions.filter(({ rule }) => rule !== undefined),
  ...elsewhereIn(sweep),
  ...agreedIn(members),
  ...vouchingIn({ policy, ...sections }),
})

/**
 * What is not read on a push: the AWS tags of the repository, which no push changes, and the scan, which is not done by
 * then. Rules that need one of them are left to watch, to `ecr-steward check` and to the sweep.
 */
export const NOT_READ_ON_PUSH: readonly (keyof RepositoryValues | keyof ImageValues)[] = ['tags', 'scan']

/** Whether a rule is judged on a push. */
export const isJudgedOnPush = ({ needs }: { readonly needs: readonly string[] }): boolean =>
  !NOT_READ_ON_PUSH.some((need) => needs.includes(need))
