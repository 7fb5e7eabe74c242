import { setTimeout as sleep } from 'node:timers/promises'
import aws4 from 'aws4'
import { type HttpAnswer, httpPost, Unreachable } from './http-post.ts'

/** The services that are called, as their JSON protocol names them. */
const SERVICES = {
  apprunner: { target: 'AppRunner', version: '1.0' },
  codebuild: { target: 'CodeBuild_20161006', version: '1.1' },
  dynamodb: { target: 'DynamoDB_20120810', version: '1.0' },
  ecr: { target: 'AmazonEC2ContainerRegistry_V20150921', version: '1.1' },
  ecs: { target: 'AmazonEC2ContainerServiceV20141113', version: '1.1' },
  events: { target: 'AWSEvents', version: '1.1' },
  kms: { target: 'TrentService', version: '1.1' },
  secretsmanager: { target: 'secretsmanager', version: '1.1' },
  sqs: { target: 'AmazonSQS', version: '1.0' },
} as const

type Fields = Readonly<Record<string, unknown>>

/** @throws {AwsError} */
export type AwsCall = (service: keyof typeof SERVICES, operation: string, input: Fields) => Promise<Fields>

/** AWS refused, or could not be reached. */
export class AwsError extends Error {
  override readonly name = 'AwsError'
  /** As AWS spells it: `ConditionalCheckFailedException`; `Unreachable` where nothing came back. */
  readonly code: string
  /** Whether asking again may help. */
  readonly transient: boolean
  /** The answer, where there was one. */
  readonly detail: Fields

  constructor(code: string, transient: boolean, detail: Fields = {}) {
    super(code)
    this.code = code
    this.transient = transient
    this.detail = detail
  }
}

const ATTEMPTS = 3
/** Milliseconds for one attempt, unless told otherwise: all of them fit into the time that `notify` has. */
const TIMEOUT = 2_500
/** Longest pause before an attempt is repeated, doubled each time. Milliseconds. */
const PAUSE = 60
/** Longest of these pauses. Milliseconds. */
const LONGEST_PAUSE = 5_000
/** Longest answer that is read: a page of a thousand findings has some megabytes. Bytes. */
const LIMIT = 32_000_000

const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded|ProvisionedThroughputExceeded|LimitExceeded/

const isThrottle = ({ code, transient }: AwsError): boolean =>
  transient && (THROTTLED.test(code) || code === 'HTTP 429')

/** Of ECR it is a quota, such as one scan a day for each image: asking again does not help. */
const isQuota = (service: string, code: string): boolean => service === 'ecr' && code === 'LimitExceededException'

const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const fieldsOf = (body: string): Fields => {
  try {
    const parsed: unknown = JSON.parse(body)
    return isRecord(parsed) ? parsed : {}
  } catch {
    return {}
  }
}

/**
 * `__type` is `com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException` or the bare name; REST services have it in a
 * header, with an address after a colon; SNS and S3 answer in XML.
 */
function errorOf({ status, headers, body }: HttpAnswer, service: string): AwsError {
  const detail = fieldsOf(body)
  const inXml = /<Code>(\w+)<\/Code>/.exec(body)?.[1]
  const code = String(headers['x-amzn-errortype'] ?? detail.__type ?? detail.code ?? inXml ?? `HTTP ${status}`)
    .split(':', 1)
    .join()
    .split('#')
    .pop() as string
  const isTransient = status >= 500 || status === 429 || (THROTTLED.test(code) && !isQuota(service, code))
  return new AwsError(code, isTransient, detail)
}

/** Endpoint of a service in a region. @see https://docs.aws.amazon.com/general/latest/gr/ecr.html */
export const addressOf = (service: string, region: string): string =>
  `https://${service === 'ecr' ? 'api.ecr' : service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`

type Credentials = {
  readonly accessKeyId?: string | undefined
  readonly secretAccessKey?: string | undefined
  readonly sessionToken?: string | undefined
}

const credentialsOf = (env: NodeJS.ProcessEnv): Credentials => ({
  accessKeyId: env.AWS_ACCESS_KEY_ID,
  secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
  sessionToken: env.AWS_SESSION_TOKEN,
})

/** When a call may be sent, so that AWS does not throttle it: `pace.ts`. */
export type Pace = {
  /** Resolves when it is the turn of a call of this operation, with what is to be told of its end. */
  turn(operation: string): Promise<(isThrottle: boolean) => void>
}

/** What a long run asks for beyond what a function needs. */
export type Patience = {
  /** How often a throttle is tried, in all. */
  readonly attempts?: number
  /** How often a 5xx and what cannot be reached are tried, in all; three times unless given. */
  readonly tries?: number
  readonly pace?: Pace
  /** Those of the environment otherwise. Asked for before every attempt: they may expire on the way. */
  readonly credentials?: () => Promise<Credentials>
}

/** A request before it is signed. */
export type AwsRequest = {
  readonly service: string
  readonly method: 'DELETE' | 'GET' | 'POST' | 'PUT'
  /** With the query, both encoded. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** That of the environment otherwise. */
  readonly region?: string | undefined
}

async function attempt(url: URL, request: ReturnType<typeof aws4.sign>, timeout: number): Promise<HttpAnswer> {
  const headers = request.headers as Record<string, string>
  const sent = { method: request.method, url: new URL(request.path ?? '/', url), headers, body: String(request.body) }
  const answer = await httpPost({ ...sent, timeout, limit: LIMIT })
  if (answer.status >= 200 && answer.status < 300) return answer
  throw errorOf(answer, String(request.service))
}

const toAwsError = (error: unknown): AwsError => {
  if (error instanceof AwsError) return error
  if (error instanceof Unreachable) return new AwsError('Unreachable', true, { message: error.message })
  throw error
}

/** @throws {AwsError} */
export type SignedSend = (request: AwsRequest) => Promise<HttpAnswer>

/** What calls of one kind have in common, so that their rates are told apart. */
const laneOf = ({ service, method, path, headers }: AwsRequest): string =>
  headers['X-Amz-Target'] ?? (path === '/' ? service : `${service} ${method} ${path.split('/', 3).join('/')}`)

/**
 * A request with Signature Version 4 and nothing else: an SDK client takes 60 ms and 170 KiB of a cold start.
 * Throttles, 5xx and broken connections are tried three times with jitter, unless more is asked for.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export function signedSend(
  env: NodeJS.ProcessEnv = process.env,
  timeout: number = TIMEOUT,
  { attempts = ATTEMPTS, tries: most = ATTEMPTS, pace, credentials = async () => credentialsOf(env) }: Patience = {},
): SignedSend {
  return async (request) => {
    const { service, method, path, headers, body, region = env.AWS_REGION ?? 'us-east-1' } = request
    const url = new URL(env.AWS_ENDPOINT_URL || addressOf(service, region))
    const operation = laneOf(request)
    for (let tries = 1; ; tries++) {
      const unsigned = { host: url.host, method, path, service, region, headers: { ...headers }, body }
      const end = await pace?.turn(operation)
      try {
        const answer = await attempt(url, aws4.sign(unsigned, await credentials()), timeout)
        end?.(false)
        return answer
      } catch (caught) {
        const error = toAwsError(caught)
        end?.(isThrottle(error))
        if (!error.transient || tries >= (isThrottle(error) ? attempts : most)) throw error
        await sleep(Math.random() * Math.min(PAUSE * 2 ** tries, LONGEST_PAUSE))
      }
    }
  }
}

/** The answer's body. @throws {AwsError} */
export type SignedPost = (service: string, headers: Readonly<Record<string, string>>, body: string) => Promise<string>

/** A signed POST to the root of a service. */
export function signedPost(env?: NodeJS.ProcessEnv, timeout?: number, patience?: Patience): SignedPost {
  const send = signedSend(env, timeout, patience)
  return async (service, headers, body) => (await send({ service, method: 'POST', path: '/', headers, body })).body
}

/** Calls of AWS's JSON protocols. */
export function signedAws(
  env: NodeJS.ProcessEnv = process.env,
  timeout: number = TIMEOUT,
  patience: Patience = {},
): AwsCall {
  const send = signedSend(env, timeout, patience)
  return async (service, operation, input) => {
    const { target, version } = SERVICES[service]
    const headers = { 'Content-Type': `application/x-amz-json-${version}`, 'X-Amz-Target': `${target}.${operation}` }
    // A key is asked for where its ARN says that it is.
    const region = service === 'kms' ? String(input.KeyId).split(':')[3] : undefined
    const body = JSON.stringify(input)
    return fieldsOf((await send({ service, method: 'POST', path: '/', headers, body, region })).body)
  }
}

/** Services whose protocol is REST with JSON. */
export type RestService = 'batch' | 'eks' | 'inspector2' | 'lambda' | 'scheduler' | 'securityhub'

/** @param path with its query, encoded @throws {AwsError} */
export type RestCall = (service: RestService, method: 'GET' | 'POST', path: string, input?: Fields) => Promise<Fields>

/** Calls of AWS's REST protocol with JSON. */
export function signedRest(env?: NodeJS.ProcessEnv, timeout?: number, patience?: Patience): RestCall {
  const send = signedSend(env, timeout, patience)
  return async (service, method, path, input) => {
    const body = input === undefined ? '' : JSON.stringify(input)
    const headers: Record<string, string> = input === undefined ? {} : { 'Content-Type': 'application/json' }
    return fieldsOf((await send({ service, method, path, headers, body })).body)
  }
}
