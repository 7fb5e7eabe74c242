import type { Asked } from '../cloudformation.ts'
import type { Exception } from '../domain/exception.ts'
import type { Limits } from '../domain/gate/limits.ts'
import type { Severity } from '../domain/severity.ts'

/** Operations of ECR that tell of an image and of its scans, on its repository. */
export const READS = ['BatchGetImage', 'DescribeImageScanFindings', 'DescribeImages'] as const

/** What is asked of the images of some repositories. */
export type Asks = {
  readonly repositories: readonly string[]
  readonly limits: Limits
  /** `default`, `limits of Shop/Gate`, `steward.yaml line 12`. */
  readonly limitsFrom: string
  /** The rule `vulnerabilities` of `steward.yaml`, where the limits are its own. */
  readonly limitsRule?: { readonly severity: Severity; readonly line: number }
  readonly fixableOnly: boolean
}

/** What the bundle of a deployment gate is built with: how its image is judged. */
export type DeploymentConfig = {
  /** The first that matches the repository decides; the last matches every one. Names of repositories are often known at deployment alone. */
  readonly asks: readonly Asks[]
  /** Those on findings, and on the rule `vulnerabilities`. */
  readonly exceptions: readonly Exception[]
  /** Whether what cannot be judged passes. */
  readonly lenient: boolean
  readonly startScan: 'never' | 'missing'
  /** Milliseconds that the scans may take to be there. */
  readonly timeout: number
}

/** Seconds that the function has beyond that: to find the image, to read what was found in it, and to answer. */
export const MARGIN_SECONDS = 60

/** Properties of the custom resource, which CloudFormation hands on as text: the image, by tag or by digest. */
export type DeploymentImage = {
  readonly Account: string
  readonly Region: string
  readonly Repository: string
  readonly Tag?: string
  readonly Digest?: string
}

/** What CloudFormation wants of a custom resource. */
export type Request = Asked &
  (
    | { readonly RequestType: 'Create'; readonly ResourceProperties: DeploymentImage }
    | {
        readonly RequestType: 'Update'
        readonly PhysicalResourceId: string
        readonly ResourceProperties: DeploymentImage
      }
    | { readonly RequestType: 'Delete'; readonly PhysicalResourceId: string }
  )

/** Attribute of the custom resource: digest of the image that was judged, without `sha256:`. */
export const DIGEST_HEX = 'DigestHex'
