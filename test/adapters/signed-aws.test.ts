import { createHash, createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { AwsError, signedAws } from '../../functions/adapters/signed-aws.ts'
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
  return { aws: signedAws(env), seen }
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
