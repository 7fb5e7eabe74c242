import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import * as dynamodb from '@aws-sdk/client-dynamodb'
import * as ecr from '@aws-sdk/client-ecr'
import * as secretsmanager from '@aws-sdk/client-secrets-manager'
import * as sns from '@aws-sdk/client-sns'
import * as sqs from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LocalAws, startLocalAws } from '../../../local/aws/server.ts'
import { type Clients, clientsOf } from './clients.ts'
import { CASES, type Case, type Expected, type Server, type ServiceName } from './conformance-cases.ts'
import { hasMoto, startMoto, withMoto } from './moto.ts'

const REGION = 'ap-northeast-1'
const ACCOUNT = '123456789012'
const run = promisify(execFile)

const isThere = (command: string, argument: string): boolean =>
  spawnSync(command, [argument], { stdio: 'ignore' }).status === 0
const hasCli = isThere('aws', '--version')

type Answer = { output: unknown } | { error: string }

const serverAt = (url: string): Server => ({
  queueUrl: (name) => `${url}/${ACCOUNT}/${name}`,
  topicArn: (name) => `arn:aws:sns:${REGION}:${ACCOUNT}:${name}`,
})

const MODULES: Record<ServiceName, object> = { dynamodb, ecr, secretsmanager, sns, sqs }

async function sdk(clients: Clients, service: ServiceName, operation: string, input: object): Promise<unknown> {
  const commands = new Map<string, unknown>(Object.entries(MODULES[service]))
  const Command = commands.get(`${operation}Command`) as new (input: object) => never
  const named = {
    dynamodb: clients.dynamo,
    secretsmanager: clients.secrets,
    ecr: clients.ecr,
    sns: clients.sns,
    sqs: clients.sqs,
  }
  const client = named[service] as { send(command: never): Promise<unknown> }
  return client.send(new Command(input))
}

async function answerOf(call: Promise<unknown>): Promise<Answer> {
  try {
    return { output: await call }
  } catch (error) {
    return { error: error instanceof Error ? error.name : String(error) }
  }
}

async function prepare(clients: Clients, { service, given }: Case, server: Server): Promise<void> {
  for (const { operation, input } of given?.(server) ?? []) await sdk(clients, service, operation, input)
}

function check(answer: Answer, expected: Expected, spelling: (e: Expected & { error: string }) => string): void {
  if ('error' in expected) expect(answer).toEqual({ error: spelling(expected) })
  else expect(answer).toMatchObject({ output: expected.output })
}

/** Runs a case with the AWS CLI, whose models, validation and parsers are botocore's. */
async function cli(url: string, { service }: Case, operation: string, input: object, config: string): Promise<Answer> {
  const name = operation.replaceAll(/(?<!^)([A-Z])/g, '-$1').toLowerCase()
  const args = [service, name, '--endpoint-url', url, '--region', REGION, '--output', 'json', '--no-paginate']
  const env = {
    PATH: process.env.PATH,
    HOME: path.dirname(config),
    AWS_CONFIG_FILE: config,
    AWS_ACCESS_KEY_ID: 'AKIDTEST',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    PYTHONIOENCODING: 'utf-8',
  }
  try {
    const { stdout } = await run('aws', [...args, '--cli-input-json', JSON.stringify(input)], { env })
    return { output: stdout.trim() === '' ? {} : JSON.parse(stdout) }
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string }
    return { error: /An error occurred \(([^)]+)\)/.exec(stderr)?.[1] ?? stderr }
  }
}

describe('the SDK against the local AWS', () => {
  let aws: LocalAws
  beforeAll(async () => {
    aws = await startLocalAws({ account: ACCOUNT, region: REGION })
  })
  afterAll(() => aws.close())

  test.each(CASES.map((item) => [item.name, item] as const))('%s', async (_, item) => {
    const [clients, server] = [clientsOf(aws.url, REGION), serverAt(aws.url)]
    await prepare(clients, item, server)
    const { operation, input } = item.call(server)
    check(await answerOf(sdk(clients, item.service, operation, input)), item.expected, ({ error }) => error)
  })
})

const CLI = hasCli ? 'the AWS CLI against the local AWS' : 'the AWS CLI against the local AWS (skipped: no aws on PATH)'
describe.skipIf(!hasCli)(CLI, () => {
  let aws: LocalAws
  let folder: string
  let config: string
  beforeAll(async () => {
    aws = await startLocalAws({ account: ACCOUNT, region: REGION })
    folder = await mkdtemp(path.join(tmpdir(), 'steward-cli-'))
    config = path.join(folder, 'config')
    // The server's own checks are to be seen, not those of the client.
    await writeFile(config, '[default]\nparameter_validation = false\n')
  })
  afterAll(async () => {
    await aws.close()
    await rm(folder, { recursive: true })
  })

  test.concurrent.each(CASES.map((item) => [item.name, item] as const))(
    '%s',
    async (_, item) => {
      const server = serverAt(aws.url)
      await prepare(clientsOf(aws.url, REGION), item, server)
      const { operation, input } = item.call(server)
      const answer = await cli(aws.url, item, operation, input, config)
      check(answer, item.expected, (expected) => ('cli' in expected ? expected.cli : undefined) ?? expected.error)
    },
    30_000,
  )
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
      const [clients, server] = [clientsOf(moto.url, REGION), serverAt(moto.url)]
      const { operation, input } = item.call(server)
      const answer = await answerOf(
        prepare(clients, item, server).then(() => sdk(clients, item.service, operation, input)),
      )
      check(answer, item.moto?.answers ?? item.expected, ({ error }) => error)
    },
    30_000,
  )
})
