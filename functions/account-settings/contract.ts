import type { Asked } from '../cloudformation.ts'

/**
 * Settings of ECR for an account in a region, as properties spell them, with the values that ECR takes. CLAIR and V1 it may still
 * tell of; since 2026 neither can be chosen.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutAccountSetting.html
 */
export const ACCOUNT_SETTINGS = {
  basicScanTypeVersion: { name: 'BASIC_SCAN_TYPE_VERSION', values: ['AWS_NATIVE'] },
  registryPolicyScope: { name: 'REGISTRY_POLICY_SCOPE', values: ['V2'] },
  blobMounting: { name: 'BLOB_MOUNTING', values: ['ENABLED', 'DISABLED'] },
} as const

/** Type of the custom resource that notes what a setting is before anything is put: its physical id says it. */
export const BEFORE = 'Custom::EcrStewardSettingBefore'
/** Type of the custom resource that puts a setting, and puts back what was before when it is deleted. */
export const SETTING = 'Custom::EcrStewardSetting'

export type BeforeProperties = {
  /** `BLOB_MOUNTING`. */
  readonly Name: string
}

export type SettingProperties = {
  /** `BLOB_MOUNTING`. */
  readonly Name: string
  /** `ENABLED`. */
  readonly Value: string
  /** Physical id of what noted it: `BLOB_MOUNTING=DISABLED`. */
  readonly Before: string
}

type Of<T extends string, Properties> = Asked & {
  readonly ResourceType: T
  readonly ResourceProperties: Properties
} & (
    | { readonly RequestType: 'Create' }
    | { readonly RequestType: 'Update' | 'Delete'; readonly PhysicalResourceId: string }
  )

export type BeforeRequest = Of<typeof BEFORE, BeforeProperties>
export type SettingRequest = Of<typeof SETTING, SettingProperties>

/** What CloudFormation wants. @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html */
export type Request = BeforeRequest | SettingRequest

/** Seconds that one request may take: two calls of ECR, and the answer, all tried to the end. */
export const TIMEOUT_SECONDS = 90
