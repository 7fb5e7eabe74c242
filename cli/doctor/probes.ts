import { repositoryArn } from '../../functions/domain/registry.ts'
import type { Calls } from './calls.ts'

type Fields = Readonly<Record<string, unknown>>

/** What is asked about. */
export type Target = {
  readonly account: string
  readonly region: string
  /** Repository that reads are asked of: a real one where one is named, otherwise `nowhere`. */
  readonly repository: string
  /** Repository that does not exist: writes are asked of no other. */
  readonly nowhere: string
}

/** One question that changes nothing, whatever the answer. */
export type Probe = {
  /** What a policy names for it: the repository, or `*`. */
  readonly on: 'repository' | 'nowhere' | '*'
  ask(calls: Calls, target: Target): Promise<unknown>
}

/** Of no image and of no layer: nobody knows a content with such a digest. */
const NO_DIGEST = `sha256:${'0'.repeat(64)}`
const NO_IMAGE = { imageDigest: NO_DIGEST }
/** Of nothing that runs images, in any account. */
const NOBODY = 'ecr-steward-doctor-asks'
/** A page as short as possible. */
const SHORT = { maxResults: 1 }

/** Takes nothing: it would be the policy of a repository that does not exist. */
const NO_POLICY = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 3_650 },
      action: { type: 'expire' },
    },
  ],
})

/** Lets nobody do anything, in a repository that does not exist. */
const NOBODY_PULLS = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Sid: 'Nobody', Effect: 'Deny', Principal: '*', Action: 'ecr:BatchGetImage' }],
})

const read = (operation: string, input: Fields = {}): readonly [string, Probe] => [
  `ecr:${operation}`,
  {
    on: 'repository',
    ask: ({ aws }, { repository }) => aws('ecr', operation, { repositoryName: repository, ...input }),
  },
]

const write = (operation: string, input: Fields = {}): readonly [string, Probe] => [
  `ecr:${operation}`,
  { on: 'nowhere', ask: ({ aws }, { nowhere }) => aws('ecr', operation, { repositoryName: nowhere, ...input }) },
]

const call = (
  service: Parameters<Calls['aws']>[0],
  operation: string,
  input: Fields = {},
): readonly [string, Probe] => [
  `${service}:${operation}`,
  { on: '*', ask: ({ aws }) => aws(service, operation, input) },
]

const get = (service: Parameters<Calls['rest']>[0], operation: string, path: string): readonly [string, Probe] => [
  `${service}:${operation}`,
  { on: '*', ask: ({ rest }) => rest(service, 'GET', path) },
]

const post = (
  service: Parameters<Calls['rest']>[0],
  operation: string,
  path: string,
  input: Fields,
): readonly [string, Probe] => [
  `${service}:${operation}`,
  { on: '*', ask: ({ rest }) => rest(service, 'POST', path, input) },
]

const ECR: readonly (readonly [string, Probe])[] = [
  [
    'ecr:DescribeRepositories',
    {
      on: 'repository',
      ask: ({ aws }, { repository, nowhere }) =>
        aws('ecr', 'DescribeRepositories', repository === nowhere ? SHORT : { repositoryNames: [repository] }),
    },
  ],
  [
    'ecr:ListTagsForResource',
    {
      on: 'repository',
      ask: ({ aws }, target) => aws('ecr', 'ListTagsForResource', { resourceArn: repositoryArn(target) }),
    },
  ],
  read('DescribeImages', SHORT),
  read('BatchGetImage', { imageIds: [NO_IMAGE] }),
  read('GetDownloadUrlForLayer', { layerDigest: NO_DIGEST }),
  read('DescribeImageScanFindings', { imageId: NO_IMAGE, ...SHORT }),
  read('DescribeImageSigningStatus', { imageId: NO_IMAGE }),
  read('ListImageReferrers', { subjectId: NO_IMAGE }),
  read('GetLifecyclePolicy'),
  read('GetLifecyclePolicyPreview', SHORT),
  read('GetRepositoryPolicy'),
  write('StartImageScan', { imageId: NO_IMAGE }),
  write('StartLifecyclePolicyPreview'),
  write('PutLifecyclePolicy', { lifecyclePolicyText: NO_POLICY }),
  write('DeleteLifecyclePolicy'),
  write('DeleteRepository'),
  write('SetRepositoryPolicy', { policyText: NOBODY_PULLS }),
  [
    'ecr:TagResource',
    {
      on: 'nowhere',
      ask: ({ aws }, { nowhere, ...registry }) =>
        aws('ecr', 'TagResource', {
          resourceArn: repositoryArn({ ...registry, repository: nowhere }),
          tags: [{ Key: NOBODY, Value: '' }],
        }),
    },
  ],
  write('BatchDeleteImage', { imageIds: [NO_IMAGE] }),
  write('UpdateImageStorageClass', { imageId: NO_IMAGE, targetStorageClass: 'STANDARD' }),
  ...['DescribeRegistry', 'GetRegistryPolicy', 'GetRegistryScanningConfiguration', 'GetAuthorizationToken'].map(
    (operation) => call('ecr', operation),
  ),
  call('ecr', 'DescribePullThroughCacheRules', SHORT),
  call('ecr', 'DescribeRepositoryCreationTemplates', SHORT),
]

const taskArn = ({ account, region }: Target): string => `arn:aws:ecs:${region}:${account}:service-revision/none/none/1`

/** What runs images: every list by its first entry alone, and everything else by a name that nothing has. */
const WORKLOADS: readonly (readonly [string, Probe])[] = [
  call('ecs', 'ListClusters', SHORT),
  call('ecs', 'ListTasks', { cluster: NOBODY, ...SHORT }),
  call('ecs', 'DescribeTasks', { cluster: NOBODY, tasks: ['0'.repeat(32)] }),
  call('ecs', 'ListServices', { cluster: NOBODY, ...SHORT }),
  call('ecs', 'DescribeServices', { cluster: NOBODY, services: [NOBODY] }),
  [
    'ecs:DescribeServiceRevisions',
    {
      on: '*',
      ask: ({ aws }, target) => aws('ecs', 'DescribeServiceRevisions', { serviceRevisionArns: [taskArn(target)] }),
    },
  ],
  call('ecs', 'ListTaskDefinitionFamilies', SHORT),
  call('ecs', 'ListTaskDefinitions', { familyPrefix: NOBODY, ...SHORT }),
  call('ecs', 'DescribeTaskDefinition', { taskDefinition: NOBODY }),
  call('events', 'ListEventBuses', { Limit: 1 }),
  call('events', 'ListRules', { Limit: 1 }),
  call('events', 'ListTargetsByRule', { Rule: NOBODY, Limit: 1 }),
  get('scheduler', 'ListSchedules', '/schedules?MaxResults=1'),
  get('scheduler', 'GetSchedule', `/schedules/${NOBODY}`),
  get('lambda', 'ListFunctions', '/2015-03-31/functions?MaxItems=1'),
  get('lambda', 'GetFunction', `/2015-03-31/functions/${NOBODY}`),
  get('eks', 'ListClusters', '/clusters?maxResults=1'),
  [
    'inspector2:BatchGetAccountStatus',
    {
      on: '*',
      ask: ({ rest }, { account }) => rest('inspector2', 'POST', '/status/batch/get', { accountIds: [account] }),
    },
  ],
  post('inspector2', 'GetConfiguration', '/configuration/get', {}),
  post('inspector2', 'ListCoverage', '/coverage/list', SHORT),
  post('inspector2', 'ListFindings', '/findings/list', SHORT),
  call('apprunner', 'ListServices', { MaxResults: 1 }),
  [
    'apprunner:DescribeService',
    {
      on: '*',
      ask: ({ aws }, { account, region }) =>
        aws('apprunner', 'DescribeService', {
          ServiceArn: `arn:aws:apprunner:${region}:${account}:service/${NOBODY}/${'0'.repeat(32)}`,
        }),
    },
  ],
  call('codebuild', 'ListProjects'),
  call('codebuild', 'BatchGetProjects', { names: [NOBODY] }),
  post('batch', 'DescribeJobDefinitions', '/v1/describejobdefinitions', SHORT),
]

/**
 * How each action is asked for without changing anything. IAM decides before the service looks whether there is what was
 * named: who is allowed hears that it is not there, and who is not allowed hears that.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export const PROBES: ReadonlyMap<string, Probe> = new Map([...ECR, ...WORKLOADS])

/** Why an action is never asked for. */
export const UNASKED: ReadonlyMap<string, string> = new Map([
  ['ecr:CreateRepository', 'asking would create one'],
  ['ecr:PutImage', 'where the registry creates repositories on push, asking might create one'],
  ['kms:GetPublicKey', 'a right to a key is to that key alone'],
])
