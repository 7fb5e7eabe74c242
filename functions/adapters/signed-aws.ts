import { setTimeout as sleep } from 'node:timers/promises'
import aws4 from 'aws4'
import { type HttpAnswer, httpPost, Unreachable } from './http-post.ts'

/** The services that are called, as their JSON protocol names them. */
const SERVICES = {
  dynamodb: { target: 'DynamoDB_20120810', version: '1.0' },
  ecr: { target: 'AmazonEC2ContainerRegistry_V20150921', version: '1.1' },
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

const isThrottle = ({ code }: AwsError): boolean => THROTTLED.test(code) || code === 'HTTP 429'

const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const fieldsOf = (body: string): Fields => {
  try {
    const parsed: unknown = JSON.parse(body)
    return isRecord(parsed) ? parsed : {}
  } catch {
    return {}
  }
}

/** `__type` is `com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException` or the bare name; SNS answers in XML. */
function errorOf({ status, body }: HttpAnswer): AwsError {
  const detail = fieldsOf(body)
  const code = String(detail.__type ?? detail.code ?? /<Code>(\w+)<\/Code>/.exec(body)?.[1] ?? `HTTP ${status}`)
    .split('#')
    .pop() as string
  return new AwsError(code, status >= 500 || status === 429 || THROTTLED.test(code), detail)
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
  /** How often a throttle is tried, in all; a 5xx and what cannot be reached are tried three times. */
  readonly attempts?: number
  readonly pace?: Pace
  /** Those of the environment otherwise. Asked for before every attempt: they may expire on the way. */
  readonly credentials?: () => Promise<Credentials>
}

async function attempt(url: URL, request: ReturnType<typeof aws4.sign>, timeout: number): Promise<string> {
  const headers = request.headers as Record<string, string>
  const answer = await httpPost({ url, headers, body: String(request.body), timeout, limit: LIMIT })
  if (answer.status === 200) return answer.body
  throw errorOf(answer)
}

const toAwsError = (error: unknown): AwsError => {
  if (error instanceof AwsError) return error
  if (error instanceof Unreachable) return new AwsError('Unreachable', true, { message: error.message })
  throw error
}

/** The answer's body. @throws {AwsError} */
export type SignedPost = (service: string, headers: Readonly<Record<string, string>>, body: string) => Promise<string>

/**
 * A POST with Signature Version 4 and nothing else: an SDK client takes 60 ms and 170 KiB of a cold start.
 * Throttles, 5xx and broken connections are tried three times with jitter, unless more is asked for.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export function signedPost(
  env: NodeJS.ProcessEnv = process.env,
  timeout: number = TIMEOUT,
  { attempts = ATTEMPTS, pace, credentials = async () => credentialsOf(env) }: Patience = {},
): SignedPost {
  const region = env.AWS_REGION ?? 'us-east-1'
  return async (service, headers, body) => {
    const url = new URL(env.AWS_ENDPOINT_URL || addressOf(service, region))
    const operation = headers['X-Amz-Target'] ?? service
    for (let tries = 1; ; tries++) {
      const unsigned = { host: url.host, method: 'POST', path: '/', service, region, headers: { ...headers }, body }
      const end = await pace?.turn(operation)
      try {
        const answer = await attempt(url, aws4.sign(unsigned, await credentials()), timeout)
        end?.(false)
        return answer
      } catch (caught) {
        const error = toAwsError(caught)
        end?.(isThrottle(error))
        const most = isThrottle(error) ? attempts : ATTEMPTS
        if (!error.transient || tries >= most) throw error
        await sleep(Math.random() * Math.min(PAUSE * 2 ** tries, LONGEST_PAUSE))
      }
    }
  }
}

/** Calls of AWS's JSON protocols. */
export function signedAws(
  env: NodeJS.ProcessEnv = process.env,
  timeout: number = TIMEOUT,
  patience: Patience = {},
): AwsCall {
  const post = signedPost(env, timeout, patience)
  return async (service, operation, input) => {
    const { target, version } = SERVICES[service]
    const headers = { 'Content-Type': `application/x-amz-json-${version}`, 'X-Amz-Target': `${target}.${operation}` }
    return fieldsOf(await post(service, headers, JSON.stringify(input)))
  }
}
