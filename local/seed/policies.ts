const PULL = ['ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage', 'ecr:BatchCheckLayerAvailability']
const PUSH = ['ecr:PutImage', 'ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload']

const PRODUCTION = '987654321098'
const BUILD = '111222333444'

const document = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements })

const allow = (sid: string, principal: unknown, actions: readonly string[], more: object = {}) => ({
  Sid: sid,
  Effect: 'Allow',
  Principal: principal,
  Action: actions,
  ...more,
})

const pullFromProduction = allow('AllowPullFromProdAccount', { AWS: `arn:aws:iam::${PRODUCTION}:root` }, PULL)

/** Texts of repository policies. */
export const REPOSITORY_POLICIES = {
  /** Two may pull, one may push too. */
  shared: document(
    pullFromProduction,
    allow('AllowPullFromSpecificRole', { AWS: `arn:aws:iam::${PRODUCTION}:role/ECSTaskExecutionRole` }, PULL),
    allow('AllowPushFromCICD', { AWS: `arn:aws:iam::${BUILD}:role/CICDPipelineRole` }, [...PULL, ...PUSH]),
  ),
  /** A statement that is right, and beside it one that lets everybody pull. */
  public: document(pullFromProduction, allow('AllowPullForDemo', '*', PULL)),
  /** Somebody was to push, and may now do everything. */
  wide: document(allow('AllowBuild', { AWS: `arn:aws:iam::${BUILD}:root` }, ['ecr:*'])),
  /** Everybody, but of one organisation. */
  organisation: document(
    allow('AllowPullFromOrganization', '*', PULL, {
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
    }),
  ),
} as const

/** Which repositories a statement of the registry policy is about must be said, other than in a repository policy. */
const everyRepository = (account: string, region: string): string => `arn:aws:ecr:${region}:${account}:repository/*`

const replication = (account: string, region: string) =>
  allow('AllowReplication', { AWS: `arn:aws:iam::${BUILD}:root` }, ['ecr:CreateRepository', 'ecr:ReplicateImage'], {
    Resource: everyRepository(account, region),
  })

/** The organisation may pull, and the build account replicate into this registry. */
export const registryPolicy = (account: string, region: string): string =>
  document(
    allow('AllowPullFromOrganization', '*', PULL, {
      Resource: everyRepository(account, region),
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
    }),
    replication(account, region),
  )

/** No other account may pull by it. */
export const narrowRegistryPolicy = (account: string, region: string): string => document(replication(account, region))

/** What somebody puts in a hurry in the midst of the story: everybody may pull. */
export const OPEN_POLICIES = {
  repository: document(allow('PublicRead', '*', PULL.slice(0, 2))),
  registry: (account: string, region: string): string =>
    document(allow('AllowPullFromEverywhere', '*', PULL.slice(0, 2), { Resource: everyRepository(account, region) })),
} as const

const expire = (rulePriority: number, description: string, selection: object) => ({
  rulePriority,
  description,
  selection,
  action: { type: 'expire' },
})

const untagged = expire(1, 'Untagged images expire after 7 days', {
  tagStatus: 'untagged',
  countType: 'sinceImagePushed',
  countUnit: 'days',
  countNumber: 7,
})

/** Texts of lifecycle policies. */
export const LIFECYCLE_POLICIES = {
  untagged: JSON.stringify({ rules: [untagged] }),
  releases: JSON.stringify({
    rules: [
      untagged,
      expire(2, 'The last 100 images stay', { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 100 }),
    ],
  }),
} as const
