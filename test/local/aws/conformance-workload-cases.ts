import { expect } from 'vitest'
import type { Case } from './conformance-cases.ts'

const ECR = '123456789012.dkr.ecr.ap-northeast-1.amazonaws.com'
const ARN = 'ap-northeast-1:123456789012'
const ROLE = 'arn:aws:iam::123456789012:role/service'

/** What moto answers to an operation that it does not have. */
const lacks = (operation: string, see: string): Case['moto'] => ({
  answers: { error: expect.any(String) },
  reason: `it does not have ${operation}`,
  see,
})

const taskDefinition = (family: string, image = `${ECR}/prod/web:1`) => ({
  operation: 'RegisterTaskDefinition',
  input: { family, containerDefinitions: [{ name: 'container-1', image, memory: 64 }] },
})

const cluster = (clusterName: string) => ({ operation: 'CreateCluster', input: { clusterName } })

const ECS: Case[] = [
  {
    name: 'a cluster that is not there is a failure of the answer',
    service: 'ecs',
    call: () => ({ operation: 'DescribeClusters', input: { clusters: ['conf-none'] } }),
    expected: {
      output: { clusters: [], failures: [{ arn: `arn:aws:ecs:${ARN}:cluster/conf-none`, reason: 'MISSING' }] },
    },
  },
  {
    name: 'tasks of a cluster that is not there are not listed',
    service: 'ecs',
    call: () => ({ operation: 'ListTasks', input: { cluster: 'conf-none' } }),
    expected: { error: 'ClusterNotFoundException' },
  },
  {
    name: 'a cluster without services lists none',
    service: 'ecs',
    seed: (aws) => void aws.ecs.createCluster('conf-empty'),
    given: () => [cluster('conf-empty')],
    call: () => ({ operation: 'ListServices', input: { cluster: 'conf-empty' } }),
    expected: { output: { serviceArns: [] } },
  },
  {
    name: 'a task that is not there is a failure of the answer',
    service: 'ecs',
    seed: (aws) => void aws.ecs.createCluster('conf-tasks'),
    given: () => [cluster('conf-tasks')],
    call: () => ({ operation: 'DescribeTasks', input: { cluster: 'conf-tasks', tasks: ['0123456789abcdef'] } }),
    expected: { output: { tasks: [], failures: [{ reason: 'MISSING' }] } },
    moto: {
      answers: { output: { tasks: [] } },
      reason: 'it tells no failures of tasks',
      see: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html',
    },
  },
  {
    name: 'a family is described by its newest revision',
    service: 'ecs',
    seed(aws) {
      for (const tag of [1, 2]) aws.ecs.registerTaskDefinition('conf-newest', [`${ECR}/prod/web:${tag}`])
    },
    given: () => [1, 2].map((tag) => taskDefinition('conf-newest', `${ECR}/prod/web:${tag}`)),
    call: () => ({ operation: 'DescribeTaskDefinition', input: { taskDefinition: 'conf-newest' } }),
    expected: {
      output: {
        taskDefinition: {
          ...{ family: 'conf-newest', revision: 2, status: 'ACTIVE' },
          taskDefinitionArn: `arn:aws:ecs:${ARN}:task-definition/conf-newest:2`,
          containerDefinitions: [{ image: `${ECR}/prod/web:2` }],
        },
      },
    },
  },
  {
    name: 'a task definition that is not there cannot be described',
    service: 'ecs',
    call: () => ({ operation: 'DescribeTaskDefinition', input: { taskDefinition: 'conf-none:1' } }),
    expected: { error: 'ClientException' },
  },
  {
    name: 'revisions are listed from the newest where that is asked for',
    service: 'ecs',
    seed(aws) {
      for (let n = 1; n <= 11; n++) aws.ecs.registerTaskDefinition('conf-sort', [`${ECR}/prod/web:1`])
    },
    given: () => Array.from({ length: 11 }, () => taskDefinition('conf-sort')),
    call: () => ({
      operation: 'ListTaskDefinitions',
      input: { familyPrefix: 'conf-sort', sort: 'DESC', maxResults: 2 },
    }),
    expected: {
      output: {
        taskDefinitionArns: [11, 10].map((n) => `arn:aws:ecs:${ARN}:task-definition/conf-sort:${n}`),
        nextToken: expect.any(String),
      },
    },
    moto: {
      answers: { output: { taskDefinitionArns: expect.arrayContaining([expect.stringMatching(/conf-sort:1$/)]) } },
      reason: 'it knows neither an order nor pages of revisions',
      see: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTaskDefinitions.html',
    },
  },
]

const LAMBDA: Case[] = [
  {
    name: 'a function that is not there is not found',
    service: 'lambda',
    call: () => ({ operation: 'GetFunction', input: { FunctionName: 'conf-none' } }),
    expected: { error: 'ResourceNotFoundException' },
  },
  {
    name: 'an account without functions lists none',
    service: 'lambda',
    call: () => ({ operation: 'ListFunctions', input: { FunctionVersion: 'ALL' } }),
    expected: { output: { Functions: [] } },
  },
]

const EKS: Case[] = [
  {
    name: 'an EKS cluster is described',
    service: 'eks',
    seed: (aws) => aws.eks.createCluster('conf-eks'),
    given: () => [
      { operation: 'CreateCluster', input: { name: 'conf-eks', roleArn: ROLE, resourcesVpcConfig: { subnetIds: [] } } },
    ],
    call: () => ({ operation: 'DescribeCluster', input: { name: 'conf-eks' } }),
    expected: {
      output: { cluster: { name: 'conf-eks', arn: `arn:aws:eks:${ARN}:cluster/conf-eks`, status: 'ACTIVE' } },
    },
  },
  {
    name: 'an EKS cluster that is not there is not found',
    service: 'eks',
    call: () => ({ operation: 'DescribeCluster', input: { name: 'conf-none' } }),
    expected: { error: 'ResourceNotFoundException' },
  },
]

const INSPECTOR: Case[] = [
  {
    name: 'an account without Inspector says so',
    service: 'inspector2',
    call: () => ({ operation: 'BatchGetAccountStatus', input: { accountIds: ['123456789012'] } }),
    expected: { output: { accounts: [{ accountId: '123456789012', resourceState: { ecr: { status: 'DISABLED' } } }] } },
    moto: {
      answers: { output: { accounts: [] } },
      reason: 'it tells nothing of an account that never turned it on',
      see: 'https://docs.aws.amazon.com/inspector/v2/APIReference/API_BatchGetAccountStatus.html',
    },
  },
  {
    name: 'Inspector covers nothing where it is off',
    service: 'inspector2',
    call: () => ({
      operation: 'ListCoverage',
      input: { filterCriteria: { ecrImageInUseCount: [{ lowerInclusive: 1 }] } },
    }),
    expected: { output: { coveredResources: [] } },
    moto: lacks('ListCoverage', 'https://docs.aws.amazon.com/inspector/v2/APIReference/API_ListCoverage.html'),
  },
]

const APP_RUNNER: Case[] = [
  {
    name: 'an account without App Runner services lists none',
    service: 'apprunner',
    call: () => ({ operation: 'ListServices', input: {} }),
    expected: { output: { ServiceSummaryList: [] } },
    moto: lacks('App Runner', 'https://docs.aws.amazon.com/apprunner/latest/api/API_ListServices.html'),
  },
  {
    name: 'an App Runner service that is not there is not found',
    service: 'apprunner',
    call: () => ({
      operation: 'DescribeService',
      input: { ServiceArn: `arn:aws:apprunner:${ARN}:service/none/0123456789abcdef0123456789abcdef` },
    }),
    expected: { error: 'ResourceNotFoundException' },
    moto: lacks('App Runner', 'https://docs.aws.amazon.com/apprunner/latest/api/API_DescribeService.html'),
  },
]

const CODEBUILD: Case[] = [
  {
    name: 'projects tell the image in which they build, and which of them are not there',
    service: 'codebuild',
    seed: (aws) => aws.codebuild.createProject('conf-build', `${ECR}/ci/builder:1`),
    given: () => [
      {
        operation: 'CreateProject',
        input: {
          ...{ name: 'conf-build', serviceRole: ROLE, artifacts: { type: 'NO_ARTIFACTS' } },
          source: { type: 'GITHUB', location: 'https://git.example.com/app' },
          environment: { type: 'LINUX_CONTAINER', computeType: 'BUILD_GENERAL1_SMALL', image: `${ECR}/ci/builder:1` },
        },
      },
    ],
    call: () => ({ operation: 'BatchGetProjects', input: { names: ['conf-build', 'conf-none'] } }),
    expected: {
      output: {
        projects: [{ name: 'conf-build', environment: { image: `${ECR}/ci/builder:1` } }],
        projectsNotFound: ['conf-none'],
      },
    },
    moto: {
      answers: { output: { projects: [{ name: 'conf-build', environment: { image: `${ECR}/ci/builder:1` } }] } },
      reason: 'it does not tell what is not there',
      see: 'https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchGetProjects.html',
    },
  },
]

const BATCH: Case[] = [
  {
    name: 'job definitions tell their images, revision by revision',
    service: 'batch',
    seed: (aws) => void aws.batch.registerJobDefinition('conf-job', { image: `${ECR}/prod/job:1` }),
    given: () => [
      {
        operation: 'RegisterJobDefinition',
        input: {
          ...{ jobDefinitionName: 'conf-job', type: 'container' },
          containerProperties: { image: `${ECR}/prod/job:1`, vcpus: 1, memory: 64 },
        },
      },
    ],
    call: () => ({
      operation: 'DescribeJobDefinitions',
      input: { jobDefinitionName: 'conf-job', status: 'ACTIVE' },
    }),
    expected: {
      output: {
        jobDefinitions: [
          {
            ...{ jobDefinitionName: 'conf-job', revision: 1, status: 'ACTIVE', type: 'container' },
            jobDefinitionArn: `arn:aws:batch:${ARN}:job-definition/conf-job:1`,
            containerProperties: { image: `${ECR}/prod/job:1` },
          },
        ],
      },
    },
  },
]

const TASK = `arn:aws:ecs:${ARN}:task-definition/job:1`
const CLUSTER = `arn:aws:ecs:${ARN}:cluster/prod`
const TARGET = { Id: 'run', Arn: CLUSTER, RoleArn: ROLE, EcsParameters: { TaskDefinitionArn: TASK } }

const EVENTS: Case[] = [
  {
    name: 'the targets of a rule on a bus of its own are told',
    service: 'events',
    seed(aws) {
      aws.events.createEventBus('conf-bus')
      aws.events.putRule({ name: 'conf-rule', bus: 'conf-bus', targets: [TARGET] })
    },
    given: () => [
      { operation: 'CreateEventBus', input: { Name: 'conf-bus' } },
      {
        operation: 'PutRule',
        input: { Name: 'conf-rule', EventBusName: 'conf-bus', EventPattern: '{"source":["app"]}' },
      },
      { operation: 'PutTargets', input: { Rule: 'conf-rule', EventBusName: 'conf-bus', Targets: [TARGET] } },
    ],
    call: () => ({ operation: 'ListTargetsByRule', input: { Rule: 'conf-rule', EventBusName: 'conf-bus' } }),
    expected: { output: { Targets: [TARGET] } },
  },
  {
    name: 'a rule that is not there has no targets',
    service: 'events',
    call: () => ({ operation: 'ListTargetsByRule', input: { Rule: 'conf-none' } }),
    expected: { error: 'ResourceNotFoundException' },
  },
  {
    name: 'rules of a bus that is not there are not listed',
    service: 'events',
    call: () => ({ operation: 'ListRules', input: { EventBusName: 'conf-no-bus' } }),
    expected: { error: 'ResourceNotFoundException' },
  },
]

const { Id: _, ...SCHEDULED } = TARGET

const SCHEDULER: Case[] = [
  {
    name: 'a schedule tells what it starts',
    service: 'scheduler',
    seed: (aws) => aws.scheduler.putSchedule({ name: 'conf-schedule', target: SCHEDULED }),
    given: () => [
      {
        operation: 'CreateSchedule',
        input: {
          ...{ Name: 'conf-schedule', ScheduleExpression: 'rate(1 day)', Target: SCHEDULED },
          FlexibleTimeWindow: { Mode: 'OFF' },
        },
      },
    ],
    call: () => ({ operation: 'GetSchedule', input: { Name: 'conf-schedule' } }),
    expected: {
      output: {
        ...{ Name: 'conf-schedule', GroupName: 'default', State: 'ENABLED', ScheduleExpression: 'rate(1 day)' },
        ...{ Arn: `arn:aws:scheduler:${ARN}:schedule/default/conf-schedule`, Target: SCHEDULED },
      },
    },
  },
  {
    name: 'a schedule that is not there is not found',
    service: 'scheduler',
    call: () => ({ operation: 'GetSchedule', input: { Name: 'conf-none' } }),
    expected: { error: 'ResourceNotFoundException' },
  },
]

/** `d3b07384…` is the MD5 of `foo` and a line feed. */
const ETAG = '"d3b07384d113edec49eaa6238ad5ff00"'

const bucket = (Bucket: string) => ({
  operation: 'CreateBucket',
  input: { Bucket, CreateBucketConfiguration: { LocationConstraint: 'ap-northeast-1' } },
})

const withObject = (Bucket: string): Pick<Case, 'seed' | 'given'> => ({
  seed(aws) {
    aws.s3.createBucket(Bucket)
    aws.s3.write(Bucket, 'a b/ü+1', 'foo\n')
  },
  given: () => [bucket(Bucket), { operation: 'PutObject', input: { Bucket, Key: 'a b/ü+1', Body: 'foo\n' } }],
})

const S3: Case[] = [
  {
    name: 'objects are listed, whatever is in their keys',
    service: 's3',
    ...withObject('conf-list'),
    call: () => ({ operation: 'ListObjectsV2', input: { Bucket: 'conf-list', Prefix: 'a b/' } }),
    expected: { output: { Contents: [{ Key: 'a b/ü+1', Size: 4, ETag: ETAG, StorageClass: 'STANDARD' }] } },
  },
  {
    name: 'an object tells its ETag and size',
    service: 's3',
    ...withObject('conf-head'),
    call: () => ({ operation: 'HeadObject', input: { Bucket: 'conf-head', Key: 'a b/ü+1' } }),
    expected: { output: { ETag: ETAG, ContentLength: 4 } },
  },
  {
    name: 'an object that is not there has no head',
    service: 's3',
    ...withObject('conf-no-head'),
    call: () => ({ operation: 'HeadObject', input: { Bucket: 'conf-no-head', Key: 'none' } }),
    expected: { error: 'NotFound', cli: '404' },
  },
  {
    name: 'a bucket that is not there is not listed',
    service: 's3',
    call: () => ({ operation: 'ListObjectsV2', input: { Bucket: 'conf-no-bucket' } }),
    expected: { error: 'NoSuchBucket' },
  },
  {
    name: 'an object that has changed is not removed',
    service: 's3',
    ...withObject('conf-match'),
    call: () => ({ operation: 'DeleteObject', input: { Bucket: 'conf-match', Key: 'a b/ü+1', IfMatch: '"other"' } }),
    expected: { error: 'PreconditionFailed' },
  },
]

/** Services that only read here: what they tell of is set in this process by `seed`, elsewhere by `given`. */
export const WORKLOAD_CASES: readonly Case[] = [
  ...[ECS, LAMBDA, EKS, INSPECTOR, APP_RUNNER, CODEBUILD, BATCH, EVENTS, SCHEDULER, S3].flat(),
]
