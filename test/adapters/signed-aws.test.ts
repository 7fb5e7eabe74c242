import { createHash, createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { AwsError, type Patience, signedAws } from '../../functions/adapters/signed-aws.ts'
import { listen } from '../../local/slack/listen.ts'

type Seen = { readonly headers: Readonly<Record<string, string>>; readonly body: string }
type Answer = { readonly status: number; readonly body: string } | 'hang up'

let server: Server | undefined

afterEach(() => {
  server?.close()
  server?.closeAllConnections()
})

/** An AWS that gives the answers one after the other, the last one for ever. */
async function awsWith(...answers: readonly Answer[]) {
  const seen: Seen[] = []
  server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    seen.push({ headers: request.headers as Record<string, string>, body })
    const answer = answers[Math.min(seen.length, answers.length) - 1] ?? 'hang up'
    if (answer === 'hang up') request.socket.destroy()
    else response.writeHead(answer.status).end(answer.body)
  })
  const url = await listen(server, 0)
  const env = {
    ...{ AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL: url },
    ...{ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' },
  }
  return { aws: signedAws(env), patient: (patience: Patience) => signedAws(env, 2_500, patience), seen }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/**
 * The signature that belongs to a request as it arrived, step by step as AWS writes it down.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
function signatureOf({ headers, body }: Seen, secret: string): string {
  const [, day, region, service, signed] =
    /Credential=[^/]+\/(\d+)\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+)/.exec(
      headers.authorization ?? '',
    ) ?? []
  const lines = String(signed)
    .split(';')
    .map((name) => `${name}:${headers[name]}\n`)
  const canonical = ['POST', '/', '', lines.join(''), signed, sha256(body)].join('\n')
  const scope = `${day}/${region}/${service}/aws4_request`
  const key = [region, service, 'aws4_request'].reduce(
    (k, part) => hmac(k, String(part)),
    hmac(`AWS4${secret}`, String(day)),
  )
  return hmac(key, ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n')).toString('hex')
}

const OK = { status: 200, body: '{"done":true}' }
const error = (status: number, type: string) => ({ status, body: JSON.stringify({ __type: `x.y#${type}`, Item: 1 }) })

describe('a call', () => {
  test('names its operation as the JSON protocol does, and brings the answer', async () => {
    const { aws, seen } = await awsWith(OK)
    expect(await aws('sqs', 'ChangeMessageVisibility', { VisibilityTimeout: 7 })).toEqual({ done: true })
    expect(seen[0]).toMatchObject({
      headers: { 'x-amz-target': 'AmazonSQS.ChangeMessageVisibility', 'content-type': 'application/x-amz-json-1.0' },
      body: '{"VisibilityTimeout":7}',
    })
  })

  test('bears the signature of what arrives, host, operation and session token included', async () => {
    const { aws, seen } = await awsWith(OK)
    await aws('secretsmanager', 'GetSecretValue', { SecretId: 'ünïcode/名前' })
    const [request] = seen
    if (!request) throw new Error('nothing arrived')
    expect(request.headers.authorization).toContain(`Signature=${signatureOf(request, 'secret')}`)
    expect(request.headers.authorization).toMatch(/SignedHeaders=[^,]*host;[^,]*x-amz-security-token;x-amz-target/)
    expect(request.headers.authorization).toContain('/eu-central-1/secretsmanager/aws4_request')
  })

  test.each([429, 500, 503])('that meets a %i is made again', async (status) => {
    const { aws, seen } = await awsWith({ status, body: '<html>' }, 'hang up', OK)
    expect(await aws('dynamodb', 'GetItem', {})).toEqual({ done: true })
    expect(seen).toHaveLength(3)
  })

  test('that is throttled for ever fails as transient after three tries', async () => {
    const { aws, seen } = await awsWith(error(400, 'ProvisionedThroughputExceededException'))
    await expect(aws('dynamodb', 'GetItem', {})).rejects.toMatchObject({
      ...{ code: 'ProvisionedThroughputExceededException', transient: true },
    })
    expect(seen).toHaveLength(3)
  })

  test('that nobody answers fails as unreachable', async () => {
    const { aws } = await awsWith('hang up')
    await expect(aws('dynamodb', 'GetItem', {})).rejects.toMatchObject({ code: 'Unreachable', transient: true })
  })

  test('that is refused is not made again, and brings the details along', async () => {
    const { aws, seen } = await awsWith(error(400, 'ConditionalCheckFailedException'))
    const refusal = await aws('dynamodb', 'UpdateItem', {}).catch((caught: unknown) => caught)
    expect(refusal).toBeInstanceOf(AwsError)
    expect(refusal).toMatchObject({ code: 'ConditionalCheckFailedException', transient: false, detail: { Item: 1 } })
    expect(seen).toHaveLength(1)
  })
})

describe('a caller that is more patient', () => {
  const throttle = error(400, 'ThrottlingException')

  test('has a throttle tried as often as it says', async () => {
    const { patient, seen } = await awsWith(throttle, throttle, throttle, throttle, OK)
    expect(await patient({ attempts: 5 })('ecr', 'DescribeImages', {})).toEqual({ done: true })
    expect(seen).toHaveLength(5)
  })

  test('does not wait longer for what cannot be reached', async () => {
    const { patient, seen } = await awsWith('hang up')
    await expect(patient({ attempts: 20 })('ecr', 'DescribeImages', {})).rejects.toMatchObject({ code: 'Unreachable' })
    expect(seen).toHaveLength(3)
  })

  test('has each attempt wait for its turn, and tells how it ended', async () => {
    const { patient } = await awsWith(throttle, OK, error(400, 'AccessDeniedException'))
    const told: unknown[] = []
    const pace = { turn: async (operation: string) => (isThrottle: boolean) => void told.push([operation, isThrottle]) }
    const aws = patient({ pace })
    await aws('ecr', 'DescribeImages', {})
    await aws('ecr', 'DescribeImages', {}).catch(() => {})
    const operation = 'AmazonEC2ContainerRegistry_V20150921.DescribeImages'
    expect(told).toEqual([
      [operation, true],
      [operation, false],
      [operation, false],
    ])
  })

  test('brings credentials of its own, anew for every attempt', async () => {
    const { patient, seen } = await awsWith(throttle, OK)
    let asked = 0
    const credentials = async () => ({ accessKeyId: `AKID${++asked}`, secretAccessKey: 'x' })
    await patient({ credentials })('ecr', 'DescribeImages', {})
    expect(seen.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1])).toEqual([
      'AKID1',
      'AKID2',
    ])
  })

  test('gets what its credentials throw as it is', async () => {
    const { patient, seen } = await awsWith(OK)
    const credentials = () => Promise.reject(new Error('no profile prod'))
    await expect(patient({ credentials })('ecr', 'DescribeImages', {})).rejects.toThrow('no profile prod')
    expect(seen).toEqual([])
  })
})
