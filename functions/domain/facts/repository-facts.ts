/** An image repository; account and region say of which registry. */
export type RepositoryRef = { readonly account: string; readonly region: string; readonly repository: string }

export type TagMutability = 'MUTABLE' | 'IMMUTABLE' | 'IMMUTABLE_WITH_EXCLUSION' | 'MUTABLE_WITH_EXCLUSION'

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Repository.html */
export type RepositorySettings = {
  readonly tagMutability: TagMutability
  /** Wildcards of the tags that the mutability does not hold for. */
  readonly exclusions: readonly string[]
  /** The repository's own flag: it counts only where the registry has no scanning rules. */
  readonly scanOnPush: boolean
  readonly encryption: { readonly type: string; readonly kmsKey?: string | undefined }
  /** ISO 8601 instant. */
  readonly createdAt?: string | undefined
}

export type ScanFrequency = 'SCAN_ON_PUSH' | 'CONTINUOUS_SCAN' | 'MANUAL'

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RegistryScanningConfiguration.html */
export type RegistryScanning = {
  readonly scanType: 'BASIC' | 'ENHANCED'
  readonly rules: readonly { readonly frequency: ScanFrequency; readonly filters: readonly string[] }[]
}

/** What is read of a repository. */
export type RepositoryValues = {
  readonly settings: RepositorySettings
  /** Text of the lifecycle policy; undefined where there is none. */
  readonly lifecyclePolicy: string | undefined
  /** Text of the repository policy; undefined where there is none. */
  readonly policy: string | undefined
  /** AWS tags of the repository, not of its images. */
  readonly tags: Readonly<Record<string, string>>
  /** Of the whole registry. */
  readonly scanning: RegistryScanning
}
