import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CreateTableInput } from '@aws-sdk/client-dynamodb'
import { type Clock, createClock } from '../clock.ts'
import { Answers, type AnswersState } from './answers.ts'
import { cloudFormationService, type StacksState } from './cloudformation.ts'
import { createDispatch, INTERNAL_HEADER } from './dispatch.ts'
import { createDownloads } from './downloads.ts'
import { Tables } from './dynamodb.ts'
import type { EcrState } from './ecr/state.ts'
import { createFaults, type Faults } from './faults.ts'
import { createHistory } from './history.ts'
import { callInProcess } from './in-process.ts'
import type { KmsState } from './kms/keys.ts'
import { type Place, type PlaceRef, Places } from './places.ts'
import { createPrincipals, type Principals } from './principals.ts'
import { s3Service } from './s3/service.ts'
import { Buckets, type S3State } from './s3/state.ts'
import { Secrets, type SecretsState, secretsService } from './secrets.ts'
import type { Answered, Authorize, Call, Service, Surroundings } from './service.ts'
import { snsService } from './sns/service.ts'
import { type SnsState, Topics } from './sns/state.ts'
import { sqsService } from './sqs/service.ts'
import { Queues, type SqsState } from './sqs/state.ts'
import { statesService } from './states/service.ts'
import { StateMachines, type StatesState } from './states/state.ts'
import { stsService } from './sts.ts'
import type { Workloads } from './workloads.ts'

export type { Clock } from '../clock.ts'
export type { EcrState } from './ecr/state.ts'
export type { Scan, StoredImage, StoredRepository } from './ecr/stored.ts'
export type { Fault, Faults } from './faults.ts'
export type { Place, PlaceRef } from './places.ts'
export type { Queue, QueueMessage } from './queue.ts'
export type { S3State } from './s3/state.ts'
export type { SecretsState } from './secrets.ts'
export type { Answered, Authorize, Call } from './service.ts'
export type { Published, SnsState } from './sns/state.ts'
export type { SqsState } from './sqs/state.ts'

export type LocalAws = Workloads & {
  /** Origin to give to the SDK or the CLI as the endpoint. */
  url: string
  port: number
  account: string
  region: string
  clock: Clock
  ecr: EcrState
  kms: KmsState
  s3: S3State
  secrets: SecretsState
  sqs: SqsState
  sns: SnsState
  states: StatesState
  /** Where custom resources put their answers. */
  answers: AnswersState
  /** Of CloudFormation: put here what DescribeStacks is to find. */
  stacks: StacksState
  /**
   * Another account or region: its registry, its keys and what runs images there, empty at first. Who calls with credentials of that
   * account, and signs for that region, is answered from there; all else there is of the local AWS is in its own.
   */
  at(place: Partial<PlaceRef>): Place
  /** Makes a region one that no account has enabled. */
  disableRegion(region: string): void
  createTable(input: CreateTableInput): Promise<void>
  /** An operation in this process: checked as over HTTP, yet neither authorised nor recorded. @throws AwsError as AWS does */
  call(service: 'ecr' | 'secretsmanager' | 'sns' | 'sqs', operation: string, input: object): unknown
  /** Every call that was answered, oldest first, without secret values. */
  calls: readonly Call[]
  faults: Faults
  principals: Principals
  /** Assign it to have every call checked; without it everything is allowed. */
  authorize?: Authorize
  /** Assign it to be told of every call over HTTP, DynamoDB's and downloads apart, just before its answer is sent. */
  onAnswered?: (answered: Answered) => void
  close(): Promise<void>
}

export type LocalAwsOptions = { port?: number; account?: string; region?: string; clock?: Clock }

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })

const close = (server: Server): Promise<void> =>
  new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()))
    server.closeAllConnections()
  })

type States = {
  s3: Buckets
  secrets: Secrets
  sqs: Queues
  sns: Topics
  states: StateMachines
  stacks: StacksState
  places: Places
  principals: Principals
}

function createStates(around: Surroundings): States {
  const [sqs, secrets, s3] = [new Queues(around), new Secrets(around), new Buckets(around.clock)]
  return {
    ...{ sqs, secrets, sns: new Topics(around, sqs), states: new StateMachines(around), stacks: new Map() },
    places: new Places(around, (arn) => secrets.arnOf(arn) !== undefined, s3),
    s3,
    principals: createPrincipals(around.account),
  }
}

type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** What is served to whoever has its URL. */
type Signed = { isOne(request: IncomingMessage): boolean; serve: Serve }

function createWeb(dispatch: Serve, signed: readonly Signed[]): Server {
  const server = createServer((request, response) => {
    const found = signed.find((one) => one.isOne(request))
    const answer = found ? found.serve(request, response) : dispatch(request, response)
    // A caller that hangs up in the middle of its request needs no answer.
    answer.catch(() => response.destroy())
  })
  server.keepAliveTimeout = 60_000
  return server
}

/**
 * Starts all services on one port of 127.0.0.1. Nothing is kept after `close()`.
 * @throws when the port is taken
 */
export async function startLocalAws(options: LocalAwsOptions = {}): Promise<LocalAws> {
  const { port = 0, account = '123456789012', region = 'ap-northeast-1', clock = createClock() } = options
  const around: Surroundings = { account, region, clock, url: () => aws.url }
  const { places, ...states } = createStates(around)
  const own = servicesOf(states, around)
  const here = places.at({ account, region })
  const [faults, history, internal] = [createFaults(), createHistory(), randomUUID()]
  const { principals } = states
  const dispatch = createDispatch({
    ...{ principals, faults, internal, region, tables: new Tables(), now: clock.now },
    servicesAt: (place) => [...places.servicesAt(place), ...own],
    checkRegion: (signed, protocol) => places.checkRegion(signed, protocol),
    tableArn: (table) => `arn:aws:dynamodb:${region}:${account}:table/${table}`,
    record(call) {
      history.record(call)
      if (call.service !== 'dynamodb') aws.onAnswered?.(call)
    },
    authorize: () => aws.authorize,
  })
  const answers = new Answers(around.url)
  const downloads = createDownloads({
    ...{ registryOf: (path) => places.ofLayer(path), faults, record: history.record, now: clock.now },
  })
  const server = createWeb(dispatch, [downloads, answers])
  const aws: LocalAws = {
    ...{ url: '', port, clock, faults, answers, calls: history.calls, ...states, ...here },
    createTable: (input) => internalCall(aws.url, internal, 'CreateTable', input),
    at: (place) => places.at({ account, region, ...place }),
    disableRegion: (disabled) => places.disableRegion(disabled),
    call: (service, operation, input) =>
      callInProcess([...own, ...places.servicesAt({ account, region })], service, operation, input),
    close: () => close(server),
  }
  aws.port = await listen(server, port)
  aws.url = `http://127.0.0.1:${aws.port}`
  return aws
}

function servicesOf(states: Omit<States, 'places'>, around: Surroundings): Service[] {
  const { account, region } = around
  const { s3, secrets, sqs, sns, principals, states: machines, stacks } = states
  const arn = (service: string) => (name: string) => `arn:aws:${service}:${region}:${account}:${name}`
  return [
    s3Service(s3),
    secretsService(secrets),
    sqsService(sqs, arn('sqs')),
    snsService(sns, account, arn('sns')),
    statesService(machines),
    cloudFormationService(stacks),
    stsService(around, principals),
  ]
}

/** A DynamoDB call of the local AWS to itself. */
async function internalCall(url: string, secret: string, operation: string, input: object): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      [INTERNAL_HEADER]: secret,
      authorization:
        'AWS4-HMAC-SHA256 Credential=LOCAL/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      'x-amz-date': '20260101T000000Z',
    },
    body: JSON.stringify(input),
  })
  if (!response.ok) throw new Error(`${operation} failed: ${await response.text()}`)
}
