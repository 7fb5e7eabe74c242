import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as apprunner from '@aws-sdk/client-apprunner'
import * as batch from '@aws-sdk/client-batch'
import * as codebuild from '@aws-sdk/client-codebuild'
import * as dynamodb from '@aws-sdk/client-dynamodb'
import * as ecr from '@aws-sdk/client-ecr'
import * as ecs from '@aws-sdk/client-ecs'
import * as eks from '@aws-sdk/client-eks'
import * as events from '@aws-sdk/client-eventbridge'
import * as inspector2 from '@aws-sdk/client-inspector2'
import * as kms from '@aws-sdk/client-kms'
import * as lambda from '@aws-sdk/client-lambda'
import * as s3 from '@aws-sdk/client-s3'
import * as scheduler from '@aws-sdk/client-scheduler'
import * as secretsmanager from '@aws-sdk/client-secrets-manager'
import * as sns from '@aws-sdk/client-sns'
import * as sqs from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { hasCli, startCli, withCli } from './aws-cli.ts'
import { configOf } from './clients.ts'
import { CASES, type Case, type Expected, type Server, type ServiceName } from './conformance-cases.ts'
import { hasMoto, startMoto, withMoto } from './moto.ts'

const REGION = 'ap-northeast-1'
const ACCOUNT = '123456789012'

type Answer = { output: unknown } | { error: string }

const serverAt = (url: string): Server => ({
  queueUrl: (name) => `${url}/${ACCOUNT}/${name}`,
  topicArn: (name) => `arn:aws:sns:${REGION}:${ACCOUNT}:${name}`,
})

const CLIENTS: Record<ServiceName, readonly [module: object, client: unknown]> = {
  apprunner: [apprunner, apprunner.AppRunnerClient],
  batch: [batch, batch.BatchClient],
  codebuild: [codebuild, codebuild.CodeBuildClient],
  dynamodb: [dynamodb, dynamodb.DynamoDBClient],
  ecr: [ecr, ecr.ECRClient],
  ecs: [ecs, ecs.ECSClient],
  eks: [eks, eks.EKSClient],
  events: [events, events.EventBridgeClient],
  inspector2: [inspector2, inspector2.Inspector2Client],
  kms: [kms, kms.KMSClient],
  lambda: [lambda, lambda.LambdaClient],
  s3: [s3, s3.S3Client],
  scheduler: [scheduler, scheduler.SchedulerClient],
  secretsmanager: [secretsmanager, secretsmanager.SecretsManagerClient],
  sns: [sns, sns.SNSClient],
  sqs: [sqs, sqs.SQSClient],
}

async function sdk(url: string, service: ServiceName, operation: string, input: object): Promise<unknown> {
  const [module, Client] = CLIENTS[service]
  const commands = new Map<string, unknown>(Object.entries(module))
  const Command = commands.get(`${operation}Command`) as new (input: object) => never
  const client = new (Client as new (config: object) => { send(command: never): Promise<unknown>; destroy(): void })(
    configOf(url, REGION),
  )
  try {
    return await client.send(new Command(input))
  } finally {
    client.destroy()
  }
}

async function answerOf(call: Promise<unknown>): Promise<Answer> {
  try {
    return { output: await call }
  } catch (error) {
    return { error: error instanceof Error ? error.name : String(error) }
  }
}

/** Brings a server to where a case begins: the local AWS in this process where it has no calls for that. */
async function prepare(url: string, { service, seed, given }: Case, server: Server, aws?: LocalAws): Promise<void> {
  if (aws && seed) return seed(aws)
  for (const { operation, input } of given?.(server) ?? []) await sdk(url, service, operation, input)
}

function check(answer: Answer, expected: Expected, spelling: (e: Expected & { error: string }) => string): void {
  if ('error' in expected) expect(answer).toEqual({ error: spelling(expected) })
  else expect(answer).toMatchObject({ output: expected.output })
}

const environment = (config: string) => ({
  PATH: process.env.PATH,
  HOME: path.dirname(config),
  AWS_CONFIG_FILE: config,
  AWS_ACCESS_KEY_ID: 'AKIDTEST',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_MAX_ATTEMPTS: '1',
  PYTHONIOENCODING: 'utf-8',
})

type Cli = ReturnType<typeof startCli>

/** Runs a case with the AWS CLI. */
async function cli({ run }: Cli, url: string, { service }: Case, operation: string, input: object): Promise<Answer> {
  const name = operation.replaceAll(/(?<!^)([A-Z])/g, '-$1').toLowerCase()
  const command = [service === 's3' ? 's3api' : service, name]
  const args = [...command, '--endpoint-url', url, '--region', REGION, '--output', 'json', '--no-paginate']
  const { status, stdout, stderr } = await run(...args, '--cli-input-json', JSON.stringify(input))
  if (status === 0) return { output: stdout.trim() === '' ? {} : JSON.parse(stdout) }
  return { error: /An error occurred \(([^)]+)\)/.exec(stderr)?.[1] ?? stderr }
}

describe('the SDK against the local AWS', () => {
  let aws: LocalAws
  beforeAll(async () => {
    aws = await startLocalAws({ account: ACCOUNT, region: REGION })
  })
  afterAll(() => aws.close())

  test.each(CASES.map((item) => [item.name, item] as const))('%s', async (_, item) => {
    const server = serverAt(aws.url)
    await prepare(aws.url, item, server, aws)
    const { operation, input } = item.call(server)
    check(await answerOf(sdk(aws.url, item.service, operation, input)), item.expected, ({ error }) => error)
  })
})

describe.skipIf(!hasCli)(withCli('the AWS CLI against the local AWS'), () => {
  let aws: LocalAws
  let folder: string
  let awsCli: Cli
  beforeAll(async () => {
    aws = await startLocalAws({ account: ACCOUNT, region: REGION })
    folder = await mkdtemp(path.join(tmpdir(), 'steward-cli-'))
    const config = path.join(folder, 'config')
    // The server's own checks are to be seen, not those of the client.
    await writeFile(config, '[default]\nparameter_validation = false\n')
    awsCli = startCli(environment(config))
  })
  afterAll(async () => {
    awsCli.close()
    await aws.close()
    await rm(folder, { recursive: true })
  })

  test.each(CASES.map((item) => [item.name, item] as const))('%s', async (_, item) => {
    const server = serverAt(aws.url)
    await prepare(aws.url, item, server, aws)
    const { operation, input } = item.call(server)
    const answer = await cli(awsCli, aws.url, item, operation, input)
    check(answer, item.expected, (expected) => ('cli' in expected ? expected.cli : undefined) ?? expected.error)
  })

  test('any bytes come back from S3', async () => {
    aws.s3.createBucket('bytes')
    const [before, after] = [path.join(folder, 'before'), path.join(folder, 'after')]
    await writeFile(before, randomBytes(10_000))
    const object = ['--endpoint-url', aws.url, '--region', REGION, '--bucket', 'bytes', '--key', 'a b/ü+1']
    const put = ['s3api', 'put-object', ...object, '--body', before, '--if-none-match', '*']
    expect((await awsCli.run(...put)).status).toBe(0)
    await awsCli.run('s3api', 'get-object', ...object, after)
    expect((await readFile(after)).equals(await readFile(before))).toBe(true)
    expect((await awsCli.run(...put)).stderr).toContain('PreconditionFailed')
  })
})

describe.skipIf(!hasMoto)(withMoto('the SDK against moto'), () => {
  let moto: Awaited<ReturnType<typeof startMoto>>
  beforeAll(async () => {
    moto = await startMoto()
  }, 30_000)
  afterAll(() => moto.close())

  test.each(
    CASES.map((item) => [item.moto ? `${item.name} (moto differs: ${item.moto.reason})` : item.name, item] as const),
  )(
    '%s',
    async (_, item) => {
      const server = serverAt(moto.url)
      const { operation, input } = item.call(server)
      const answer = await answerOf(
        prepare(moto.url, item, server).then(() => sdk(moto.url, item.service, operation, input)),
      )
      check(answer, item.moto?.answers ?? item.expected, ({ error }) => error)
    },
    30_000,
  )
})
