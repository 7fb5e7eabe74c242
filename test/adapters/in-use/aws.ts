import { createServer, type Server } from 'node:http'
import { afterEach } from 'vitest'
import { inUseSources } from '../../../functions/adapters/in-use.ts'
import type { SourceName } from '../../../functions/domain/in-use/source-names.ts'
import type { InUseReport } from '../../../functions/domain/in-use/use.ts'
import { listen } from '../../../local/slack/listen.ts'

type Fields = Readonly<Record<string, unknown>>

/** What AWS says no with. */
export class Refusal {
  readonly code: string
  readonly status: number
  readonly message: string
  constructor(code: string, status = 400, message = '') {
    this.code = code
    this.status = status
    this.message = message
  }
}

/** Answers of one operation, by what is asked: its input, or the query of the path, with what the path names as `path`. */
export type Answer = (
  input: Fields,
  call: { readonly region: string; readonly key: string; readonly nth: number },
) => unknown
/** By operation, as IAM names it. */
export type World = Readonly<Record<string, Answer>>

/** Operations of REST services by method and path. */
const REST: readonly (readonly [string, RegExp, string])[] = [
  ['POST', /^\/v1\/describejobdefinitions$/, 'batch:DescribeJobDefinitions'],
  ['GET', /^\/clusters$/, 'eks:ListClusters'],
  ['POST', /^\/status\/batch\/get$/, 'inspector2:BatchGetAccountStatus'],
  ['POST', /^\/configuration\/get$/, 'inspector2:GetConfiguration'],
  ['POST', /^\/coverage\/list$/, 'inspector2:ListCoverage'],
  ['GET', /^\/2015-03-31\/functions$/, 'lambda:ListFunctions'],
  ['GET', /^\/2015-03-31\/functions\/([^/]+)$/, 'lambda:GetFunction'],
  ['GET', /^\/schedules$/, 'scheduler:ListSchedules'],
  ['GET', /^\/schedules\/([^/]+)$/, 'scheduler:GetSchedule'],
]

const SERVICES: Readonly<Record<string, string>> = {
  AWSEvents: 'events',
  AmazonEC2ContainerRegistry_V20150921: 'ecr',
  AmazonEC2ContainerServiceV20141113: 'ecs',
  AppRunner: 'apprunner',
  CodeBuild_20161006: 'codebuild',
}

function asked(method: string, url: string, target: string, body: string): readonly [string, Fields] {
  const { pathname, searchParams } = new URL(url, 'http://aws')
  if (target !== '') {
    const [service = '', operation] = target.split('.')
    return [`${SERVICES[service]}:${operation}`, JSON.parse(body)]
  }
  if (body.startsWith('Action=')) return ['sts:AssumeRole', Object.fromEntries(new URLSearchParams(body))]
  for (const [verb, path, operation] of REST) {
    const found = verb === method && path.exec(pathname)
    if (!found) continue
    const query = { ...Object.fromEntries(searchParams), ...(found[1] && { path: decodeURIComponent(found[1]) }) }
    return [operation, body === '' ? query : JSON.parse(body)]
  }
  return [`${method} ${pathname}`, {}]
}

let servers: Server[] = []

afterEach(() => {
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
  servers = []
})

/** A real server that answers as AWS does: what it is not told of, it does not know. */
export async function awsOf(world: World) {
  const calls: { readonly operation: string; readonly input: Fields; readonly region: string }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const target = String(request.headers['x-amz-target'] ?? '')
    const [operation, input] = asked(request.method ?? '', request.url ?? '', target, body)
    const [, key = '', region = ''] =
      /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? []
    calls.push({ operation, input, region })
    const nth = calls.filter((call) => call.operation === operation).length
    const answer = world[operation]?.(input, { region, key, nth }) ?? new Refusal('UnknownOperationException')
    if (typeof answer === 'string') response.writeHead(200).end(answer)
    else if (answer instanceof Refusal) {
      const headers = { 'x-amzn-errortype': answer.code }
      response.writeHead(answer.status, headers).end(JSON.stringify({ __type: answer.code, message: answer.message }))
    } else response.writeHead(200).end(JSON.stringify(answer))
  })
  servers.push(server)
  return { url: await listen(server, 0), calls }
}

export const OWN = '111111111111'
export const REGION = 'us-east-1'
export const NOW = new Date('2026-11-28T09:00:00Z')

export const envOf = (url: string): NodeJS.ProcessEnv => ({
  ...{ AWS_REGION: 'nowhere-1', AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: 'OWNKEY', AWS_SECRET_ACCESS_KEY: 'y' },
})

type Options = Partial<Parameters<typeof inUseSources>[0]['policy']> & { readonly region?: string }

export const sourcesAt = (url: string, { region = REGION, ...policy }: Options = {}, now = () => NOW) =>
  inUseSources({
    env: envOf(url),
    patience: { attempts: 3 },
    registry: { account: OWN, region },
    policy: { taskDefinitions: 2, regions: [], accounts: [], ignoreSources: [], ...policy },
    now,
  })

/** What one kind of source reports. */
export async function reportOf(name: SourceName, world: World, options: Options = {}) {
  const { url, calls } = await awsOf(world)
  const source = sourcesAt(url, options).find((each) => each.name === name)
  if (!source) throw new Error(`there is no source ${name}`)
  return { report: await source.read(), calls, again: () => source.read() }
}

/** The uses of a report in short: `repository:tag@digest ← who`. */
export const usesOf = ({ uses }: InUseReport): readonly string[] =>
  uses
    .map(({ image: { repository, tag, digest }, by }) =>
      [repository, tag && `:${tag}`, digest && `@${digest.slice(-2)}`, ` ← ${by}`].filter(Boolean).join(''),
    )
    .toSorted()

const HOST = `${OWN}.dkr.ecr.${REGION}.amazonaws.com`
/** A digest that ends in `n`. */
export const digest = (n: number): string => `sha256:${String(n).padStart(64, '0')}`
export const image = (name: string): string => `${HOST}/${name}`
export const byDigest = (name: string, n: number): string => `${HOST}/${name}@${digest(n)}`

/** Lists in pages, of which each says where the next one begins. */
export const paged =
  (list: string, parts: readonly (readonly unknown[])[], token = 'nextToken', next = token): Answer =>
  (input) => {
    const at = Number(input[token] ?? 0)
    return { [list]: parts[at], ...(at + 1 < parts.length && { [next]: String(at + 1) }) }
  }

const ecsArn = (rest: string): string => `arn:aws:ecs:${REGION}:${OWN}:${rest}`
export const taskDefinitionArn = (name: string): string => ecsArn(`task-definition/${name}`)

/** Images of task definitions, by `family:revision`. */
export const taskDefinitions =
  (images: Readonly<Record<string, readonly string[]>>): Answer =>
  ({ taskDefinition }) => {
    const name = String(taskDefinition).replace(/^.*\//, '')
    const found = images[name]
    if (!found) return new Refusal('ClientException', 400, 'Unable to describe task definition.')
    return { taskDefinition: { containerDefinitions: found.map((one) => ({ image: one })) } }
  }

/** An account with nothing in it. */
export const EMPTY: World = {
  'apprunner:ListServices': () => ({ ServiceSummaryList: [] }),
  'batch:DescribeJobDefinitions': () => ({ jobDefinitions: [], nextToken: null }),
  'codebuild:ListProjects': () => ({ projects: [] }),
  'ecs:ListClusters': () => ({ clusterArns: [] }),
  'ecs:ListTaskDefinitionFamilies': () => ({ families: [] }),
  'eks:ListClusters': () => ({ clusters: [] }),
  'events:ListEventBuses': () => ({ EventBuses: [{ Name: 'default' }] }),
  'events:ListRules': () => ({ Rules: [] }),
  'lambda:ListFunctions': () => ({ Functions: [] }),
  'scheduler:ListSchedules': () => ({ Schedules: [] }),
}

const CLUSTER = ecsArn('cluster/prod')
const SERVICE = ecsArn('service/prod/web')
const REVISION = ecsArn('service-revision/prod/web/1')

const ECS: World = {
  'ecs:ListClusters': paged('clusterArns', [[CLUSTER], [ecsArn('cluster/idle')]]),
  'ecs:ListTasks': (input) =>
    input.cluster === CLUSTER
      ? paged('taskArns', [[ecsArn('task/prod/1')], [ecsArn('task/prod/2')]])(input, { region: '', key: '', nth: 1 })
      : { taskArns: [] },
  'ecs:DescribeTasks': ({ tasks }) => ({
    tasks: (tasks as string[]).map((arn) => ({
      group: arn.endsWith('1') ? 'service:web' : 'family:cron',
      taskDefinitionArn: taskDefinitionArn(arn.endsWith('1') ? 'web:3' : 'cron:1'),
      containers: [
        { image: image(arn.endsWith('1') ? 'web:3' : 'cron:1'), imageDigest: digest(arn.endsWith('1') ? 3 : 4) },
      ],
    })),
    failures: [],
  }),
  'ecs:ListServices': ({ cluster }) => ({ serviceArns: cluster === CLUSTER ? [SERVICE] : [] }),
  'ecs:DescribeServices': () => ({
    services: [
      {
        serviceName: 'web',
        taskDefinition: taskDefinitionArn('web:3'),
        deployments: [{ taskDefinition: taskDefinitionArn('web:3') }, { taskDefinition: taskDefinitionArn('web:2') }],
        taskSets: [{ taskDefinition: taskDefinitionArn('web:1') }],
        currentServiceRevisions: [{ arn: REVISION }],
      },
    ],
    failures: [],
  }),
  'ecs:DescribeServiceRevisions': () => ({
    serviceRevisions: [{ serviceArn: SERVICE, containerImages: [{ image: image('web:3'), imageDigest: digest(5) }] }],
    failures: [],
  }),
  'ecs:ListTaskDefinitionFamilies': paged('families', [['web'], ['job']]),
  'ecs:ListTaskDefinitions': ({ familyPrefix }) => ({
    taskDefinitionArns:
      familyPrefix === 'web' ? ['web:5', 'web:4', 'web:3'].map(taskDefinitionArn) : [taskDefinitionArn('job:9')],
  }),
  'ecs:DescribeTaskDefinition': taskDefinitions({
    'web:1': [image('web:1')],
    'web:2': [image('web:2')],
    'web:3': [image('web:3'), 'public.ecr.aws/xray/aws-xray-daemon:3'],
    'web:4': [image('web:4')],
    'web:5': [image('web:5')],
    'cron:1': [image('cron:1')],
    'job:9': [image('job')],
    nightly: [image('nightly:7')],
    'hourly:2': [image('hourly:2')],
  }),
}

const EVENTS: World = {
  'events:ListEventBuses': paged('EventBuses', [[{ Name: 'default' }], [{ Name: 'orders' }]], 'NextToken'),
  'events:ListRules': ({ EventBusName }) => ({ Rules: [{ Name: `on-${EventBusName}`, State: 'DISABLED' }] }),
  'events:ListTargetsByRule': ({ Rule }) => ({
    Targets: [
      { Arn: 'arn:aws:sqs:us-east-1:111111111111:queue' },
      {
        Arn: CLUSTER,
        EcsParameters: { TaskDefinitionArn: taskDefinitionArn(Rule === 'on-orders' ? 'hourly:2' : 'nightly') },
      },
    ],
  }),
  'scheduler:ListSchedules': paged(
    'Schedules',
    [
      [{ Name: 'night', GroupName: 'default', Target: { Arn: CLUSTER } }],
      [
        { Name: 'raw', GroupName: 'mine', Target: { Arn: 'arn:aws:scheduler:::aws-sdk:ecs:runTask' } },
        { Name: 'mail', GroupName: 'mine', Target: { Arn: 'arn:aws:sqs:us-east-1:111111111111:queue' } },
      ],
    ],
    'NextToken',
  ),
  'scheduler:GetSchedule': ({ path }) =>
    path === 'raw'
      ? { Target: { Arn: '…', Input: JSON.stringify({ Cluster: CLUSTER, TaskDefinition: 'nightly' }) } }
      : { Target: { Arn: CLUSTER, EcsParameters: { TaskDefinitionArn: taskDefinitionArn('hourly:2') } } },
}

const version = (name: string, Version: string, PackageType = 'Image') => ({
  ...{ FunctionName: name, Version, PackageType },
  FunctionArn: `arn:aws:lambda:${REGION}:${OWN}:function:${name}:${Version}`,
})

const LAMBDA: World = {
  'lambda:ListFunctions': paged(
    'Functions',
    [[version('resize', '$LATEST'), version('zipped', '$LATEST', 'Zip')], [version('resize', '7')]],
    'Marker',
    'NextMarker',
  ),
  'lambda:GetFunction': ({ path, Qualifier }) => ({
    Code: {
      RepositoryType: 'ECR',
      ImageUri: image(`${path}:${Qualifier === '7' ? 'v7' : 'new'}`),
      ResolvedImageUri: byDigest(String(path), Qualifier === '7' ? 7 : 8),
    },
  }),
}

const covered = (name: string, n: number, inUseCount: number) => ({
  resourceId: `arn:aws:ecr:${REGION}:${OWN}:repository/${name}/${digest(n)}`,
  resourceMetadata: { ecrImage: { inUseCount } },
})

const EKS: World = {
  'eks:ListClusters': paged('clusters', [['blue'], ['green']]),
  'inspector2:BatchGetAccountStatus': ({ accountIds }) => ({
    accounts: (accountIds as string[]).map((accountId) => ({
      accountId,
      resourceState: { ecr: { status: 'ENABLED' } },
    })),
  }),
  'inspector2:GetConfiguration': () => ({
    ecrConfiguration: { rescanDurationState: { pullDateRescanMode: 'LAST_IN_USE_AT' } },
  }),
  'inspector2:ListCoverage': (input, call) => {
    const { ecrImageInUseCount } = input.filterCriteria as Fields
    if (!ecrImageInUseCount) return { coveredResources: [covered('pods/job', 3, 0)] }
    return paged('coveredResources', [[covered('pods/api', 1, 4)], [covered('pods/web', 2, 1)]])(input, call)
  },
  'ecr:GetRegistryScanningConfiguration': () => ({
    scanningConfiguration: {
      scanType: 'ENHANCED',
      rules: [{ scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] }],
    },
  }),
}

const OTHERS: World = {
  'apprunner:ListServices': paged(
    'ServiceSummaryList',
    [
      [
        { ServiceName: 'shop', ServiceArn: 'arn:shop', Status: 'PAUSED' },
        { ServiceName: 'gone', ServiceArn: 'arn:gone', Status: 'DELETED' },
      ],
      [{ ServiceName: 'code', ServiceArn: 'arn:code', Status: 'RUNNING' }],
    ],
    'NextToken',
  ),
  'apprunner:DescribeService': ({ ServiceArn }) => ({
    Service: {
      SourceConfiguration:
        ServiceArn === 'arn:shop'
          ? { ImageRepository: { ImageIdentifier: image('shop:1'), ImageRepositoryType: 'ECR' } }
          : { CodeRepository: { RepositoryUrl: 'https://github.com/a/b' } },
    },
  }),
  'codebuild:ListProjects': paged('projects', [['api', 'plain'], ['web']]),
  'codebuild:BatchGetProjects': ({ names }) => ({
    projects: (names as string[]).map((name) => ({
      name,
      environment: { image: name === 'plain' ? 'aws/codebuild/standard:7.0' : image(`builder:${name}`) },
    })),
    projectsNotFound: [],
  }),
  'batch:DescribeJobDefinitions': paged('jobDefinitions', [
    [{ jobDefinitionName: 'train', revision: 3, containerProperties: { image: image('train:3') } }],
    [
      {
        ...{ jobDefinitionName: 'nodes', revision: 1 },
        nodeProperties: {
          nodeRangeProperties: [
            { container: { image: image('nodes:main') } },
            { ecsProperties: { taskProperties: [{ containers: [{ image: image('nodes:ecs') }] }] } },
            { eksProperties: { podProperties: { containers: [{ image: image('nodes:eks') }] } } },
          ],
        },
      },
      {
        ...{ jobDefinitionName: 'pods', revision: 2 },
        eksProperties: {
          podProperties: { containers: [{ image: image('pods:2') }], initContainers: [{ image: image('init:2') }] },
        },
      },
      {
        ...{ jobDefinitionName: 'tasks', revision: 4 },
        ecsProperties: { taskProperties: [{ containers: [{ image: image('tasks:4') }, { image: 'busybox' }] }, {}] },
      },
    ],
  ]),
}

/** An account with some of everything, in several pages. */
export const FULL: World = { ...ECS, ...EVENTS, ...LAMBDA, ...EKS, ...OTHERS }
