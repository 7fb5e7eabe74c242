import { invalidParameter } from '../complaints.ts'

/**
 * Limits of ECR's API that the SDK's schemas do not carry, by the name of the member or, where operations differ, by
 * `Operation.member`, as the API reference gives them.
 * `size` is the length of a text in characters, of a list in items or of a blob in bytes.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
 */
export type Constraint = {
  size?: readonly [least: number, most: number]
  range?: readonly [least: number, most: number]
  pattern?: string
  oneOf?: readonly string[]
}

const REPOSITORY_NAME = '[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*'

const CACHE_PREFIX = `(${REPOSITORY_NAME}\\/?|ROOT)`
const DIGEST = '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'

/** Of a creation template: its members are named as others are, and have other limits. */
const OF_TEMPLATE: Readonly<Record<string, Constraint>> = {
  description: { size: [0, 256] },
  kmsKey: { size: [0, 2048], pattern: '|arn:aws[a-z0-9-]*:kms:[a-z0-9-]+:[0-9]{12}:key\\/[a-z0-9-]+' },
  repositoryPolicy: { size: [0, 10_240] },
  lifecyclePolicy: { size: [0, 30_720] },
}

const CONSTRAINTS: Readonly<Record<string, Constraint>> = {
  repositoryName: { size: [2, 256], pattern: REPOSITORY_NAME },
  repositoryNames: { size: [1, 100] },
  registryIds: { size: [1, 10] },
  registryId: { pattern: '[0-9]{12}' },
  maxResults: { range: [1, 1000] },
  imageIds: { size: [1, 100] },
  imageTag: { size: [1, 300] },
  imageDigest: { pattern: DIGEST },
  imageManifest: { size: [1, 4_194_304] },
  acceptedMediaTypes: { size: [1, 100] },
  imageTagMutability: {
    oneOf: ['IMMUTABLE', 'MUTABLE', 'IMMUTABLE_WITH_EXCLUSION', 'MUTABLE_WITH_EXCLUSION'],
  },
  imageTagMutabilityExclusionFilters: { size: [1, 5] },
  encryptionType: { oneOf: ['AES256', 'KMS', 'KMS_DSSE'] },
  targetStorageClass: { oneOf: ['STANDARD', 'ARCHIVE'] },
  tagStatus: { oneOf: ['TAGGED', 'UNTAGGED', 'ANY'] },
  imageStatus: { oneOf: ['ACTIVE', 'ARCHIVED', 'ACTIVATING', 'ANY'] },
  lifecyclePolicyText: { size: [100, 30_720] },
  policyText: { size: [0, 10_240] },
  scanType: { oneOf: ['BASIC', 'ENHANCED'] },
  scanFrequency: { oneOf: ['SCAN_ON_PUSH', 'CONTINUOUS_SCAN', 'MANUAL'] },
  rules: { size: [0, 2] },
  repositoryFilters: { size: [0, 100] },
  filter: { size: [1, 128], pattern: '[0-9a-zA-Z._*-]{1,128}' },
  filterType: { oneOf: ['WILDCARD'] },
  kmsKey: { size: [1, 2048] },
  destinations: { size: [0, 100] },
  region: { size: [2, 25], pattern: '[0-9a-z-]{2,25}' },
  ecrRepositoryPrefix: { size: [2, 30], pattern: CACHE_PREFIX },
  upstreamRepositoryPrefix: { size: [2, 30], pattern: CACHE_PREFIX },
  ecrRepositoryPrefixes: { size: [1, 100] },
  upstreamRegistry: {
    oneOf: [
      'ecr',
      'ecr-public',
      'quay',
      'k8s',
      'docker-hub',
      'github-container-registry',
      'azure-container-registry',
      'gitlab-container-registry',
      'chainguard',
    ],
  },
  credentialArn: {
    size: [50, 612],
    pattern: 'arn:aws(-\\w+)*:secretsmanager:[a-zA-Z0-9-:]+:secret:ecr\\-pullthroughcache\\/[a-zA-Z0-9\\/_+=.@-]+',
  },
  customRoleArn: { size: [0, 2048] },
  name: { size: [1, 64] },
  uploadId: { pattern: '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}' },
  partFirstByte: { range: [0, Number.POSITIVE_INFINITY] },
  partLastByte: { range: [0, Number.POSITIVE_INFINITY] },
  layerPartBlob: { size: [0, 20_971_520] },
  layerDigests: { size: [1, 100] },
  layerDigest: { pattern: DIGEST },
  artifactTypes: { size: [0, 5] },
  artifactStatus: { oneOf: ['ACTIVE', 'ARCHIVED', 'ACTIVATING', 'ANY'] },
  'PutReplicationConfiguration.rules': { size: [0, 10] },
  'PutReplicationConfiguration.repositoryFilters': { size: [1, 100] },
  'PutReplicationConfiguration.filter': {
    size: [2, 256],
    pattern: '(?:[a-z0-9]+(?:[._-][a-z0-9]*)*/)*[a-z0-9]*(?:[._-][a-z0-9]*)*',
  },
  'PutReplicationConfiguration.filterType': { oneOf: ['PREFIX_MATCH'] },
  'PutSigningConfiguration.rules': { size: [0, 10] },
  'PutSigningConfiguration.repositoryFilters': { size: [1, 100] },
  'PutSigningConfiguration.filter': {
    size: [1, 256],
    pattern: '(?:[a-z0-9*]+(?:[._-][a-z0-9*]+)*/)*[a-z0-9*]+(?:[._-][a-z0-9*]+)*',
  },
  'PutSigningConfiguration.filterType': { oneOf: ['WILDCARD_MATCH'] },
  signingProfileArn: {
    size: [0, 200],
    pattern: 'arn:aws(-[a-z]+)*:signer:[a-z0-9-]+:[0-9]{12}:\\/signing-profiles\\/[a-zA-Z0-9_]{2,}',
  },
  'ListImageReferrers.maxResults': { range: [1, 50] },
  'GetLifecyclePolicyPreview.maxResults': { range: [1, 100] },
  'PutRegistryScanningConfiguration.filter': { size: [1, 255] },
  'BatchGetRepositoryScanningConfiguration.repositoryNames': { size: [1, 25] },
  prefix: { size: [1, 256], pattern: `(${REPOSITORY_NAME}\\/?|ROOT)` },
  principalArn: {
    size: [0, 200],
    pattern: 'arn:aws(-[a-z]+)*:iam::[0-9]{12}:(role|user)/[\\w+=,.@-]+(/[\\w+=,.@-]+)*',
  },
  Key: { size: [1, 128] },
  Value: { size: [0, 256] },
}

/** In these, a bad digest is a failure of its own image and not of the call. */
const DIGEST_IS_ITEM = new Set(['BatchGetImage', 'BatchDeleteImage'])

const matchers = new Map<string, RegExp>()

function matches(pattern: string, text: string): boolean {
  const matcher = matchers.get(pattern) ?? new RegExp(`^(?:${pattern})$`)
  matchers.set(pattern, matcher)
  return matcher.test(text)
}

/** What a value breaks, in ECR's words; `undefined` when it is fine. */
function broken(value: unknown, { size, range, pattern, oneOf }: Constraint): string | undefined {
  const isLong = typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array
  const length = isLong ? value.length : undefined
  if (size && length !== undefined && length < size[0]) return `must have length greater than or equal to ${size[0]}`
  if (size && length !== undefined && length > size[1]) return `must have length less than or equal to ${size[1]}`
  if (range && Number(value) < range[0]) return `must have value greater than or equal to ${range[0]}`
  if (range && Number(value) > range[1]) return `must have value less than or equal to ${range[1]}`
  if (range && !Number.isInteger(value)) return 'must be a whole number'
  // `filter` is a text in one operation and a structure in another.
  if (typeof value !== 'string') return undefined
  if (pattern && !matches(pattern, value)) return `must satisfy regular expression '${pattern}'`
  if (oneOf && !oneOf.includes(value)) return `must satisfy enum value set: [${oneOf.join(', ')}]`
  return undefined
}

/** What limits a member in an operation. */
export function constraintOf(operation: string, member: string): Constraint | undefined {
  if (member === 'imageDigest' && DIGEST_IS_ITEM.has(operation)) return undefined
  const ofTemplate = operation.endsWith('RepositoryCreationTemplate') ? OF_TEMPLATE[member] : undefined
  return ofTemplate ?? CONSTRAINTS[`${operation}.${member}`] ?? CONSTRAINTS[member]
}

/** @throws AwsError InvalidParameterException for the first member that breaks a limit */
export function checkConstraints(operation: string, input: unknown): void {
  if (Array.isArray(input)) {
    for (const item of input) checkConstraints(operation, item)
    return
  }
  if (typeof input !== 'object' || input === null || input instanceof Uint8Array) return
  for (const [name, value] of Object.entries(input)) {
    const constraint = constraintOf(operation, name)
    const problem = constraint && broken(value, constraint)
    if (problem) throw invalidParameter(name, problem)
    checkConstraints(operation, value)
  }
}
