import type { RemovalPolicy } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { PresetName } from '../../functions/domain/new-repository/new-repository.ts'
import type { ScanAlertsProps } from './scan-alerts.ts'

/** A policy as ECR takes it. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html */
export type LifecyclePolicy =
  /** Its rules: with patterns of tags, the archive and pulls, too. */
  | { readonly rules: readonly object[] }
  /** The same as JSON: what stands in a file. */
  | { readonly text: string }

export type CompliantRepositoryProps = {
  /** With its namespace: `team-a/web`. It can never be changed: another name is another, empty repository. */
  readonly repositoryName: string
  /** Who answers for it: the tag `Owner`. */
  readonly owner: string
  /** The tag `Environment`, such as `prod`. None by default. */
  readonly environment?: string
  /** The tag `Project`. None by default. */
  readonly project?: string
  /** More tags, of the repository and of all that is made beside it. */
  readonly tags?: Readonly<Record<string, string>>
  /** True by default. The scanning rules of the registry, where it has some, decide in its place. */
  readonly scanOnPush?: boolean
  /** `IMMUTABLE` by default. */
  readonly tagMutability?: 'IMMUTABLE' | 'MUTABLE'
  /** Tags for which the opposite holds: at most five filters with at most two `*` each, such as `dev-*`. None by default. */
  readonly tagExclusions?: readonly string[]
  /** `KMS` by default: with the key of the account that AWS keeps, at no cost. It can never be changed. */
  readonly encryption?: 'KMS' | 'KMS_DSSE' | 'AES256'
  /** A key of the region, or `new`: one that is made beside the repository, rotates every year, and stays as long as the repository does. */
  readonly encryptionKey?: IKey | 'new'
  /**
   * `untagged` by default: untagged images expire after 30 days, tagged ones stay. Another preset, `none`, or a policy, which is held
   * against what ECR takes and against the lints of `ecr-steward lifecycle lint`.
   */
  readonly lifecycle?: PresetName | 'none' | LifecyclePolicy
  /**
   * `RETAIN_ON_UPDATE_OR_DELETE` by default: the repository outlives its stack, but goes where the stack fails while it is created, so that the next
   * attempt finds the name free. `DESTROY` deletes it with the stack, while it holds no image.
   */
  readonly removalPolicy?: RemovalPolicy
  /** Tells a topic of scans with critical or high findings, and of those that failed; `{}` makes the topic. Not by default. */
  readonly alerts?: ScanAlertsProps
  /** Exports URI and ARN for other stacks as `NAME-ECRRepositoryUri` and `NAME-ECRRepositoryArn`. Not by default. */
  readonly exportAs?: string
}
