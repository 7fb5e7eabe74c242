import { type IncomingHttpHeaders, request } from 'node:http'
import { StateError } from './errors.ts'
import { isJsonObject, type Json } from './json.ts'
import type { Ports } from './ports.ts'

type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }
type Asked = { readonly service: string; readonly method: string; readonly path: string; readonly body?: string }

/** Where a machine calls, and as whom: with the session of its role. */
export type Caller = { readonly url: string; readonly region: string; readonly accessKeyId: string }

/** Without a limit of time, since a function may take a quarter of an hour. */
function ask({ url, region, accessKeyId }: Caller, { service, method, path, body = '' }: Asked): Promise<Answer> {
  const scope = `Credential=${accessKeyId}/20260101/${region}/${service}/aws4_request`
  const headers = {
    authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0`,
    'content-length': Buffer.byteLength(body),
  }
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, url), { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject)
      const { statusCode: status = 0 } = response
      response.on('end', () => resolve({ status, headers: response.headers, body: Buffer.concat(chunks).toString() }))
    })
    asked.on('error', reject).end(body)
  })
}

const isWell = ({ status }: Answer): boolean => status >= 200 && status < 300

/** Code and message of an error of a REST service, in JSON or in XML. */
function errorIn({ headers, body }: Answer): string {
  const [, code, text] = /<Code>([^<]*)<\/Code>\s*<Message>([^<]*)</.exec(body) ?? []
  return code === undefined ? `${headers['x-amzn-errortype']}: ${body}` : `${code}: ${text}`
}

async function objectCall(caller: Caller, error: string, asked: Omit<Asked, 'service'>): Promise<string> {
  const answer = await ask(caller, { service: 's3', ...asked }).catch((cause: Error) => {
    throw new StateError(error, cause.message)
  })
  if (!isWell(answer)) throw new StateError(error, `${asked.path}: ${errorIn(answer)}`)
  return answer.body
}

const pathOf = (bucket: string, key: string): string =>
  `/${[bucket, ...key.split('/')].map(encodeURIComponent).join('/')}`

/**
 * What Lambda refuses, as Step Functions calls it: what IAM refuses is an AWSLambdaException.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
 */
function refusal(answer: Answer): StateError {
  const code = String(answer.headers['x-amzn-errortype'] ?? 'AWSLambdaException')
  return new StateError(`Lambda.${code === 'AccessDeniedException' ? 'AWSLambdaException' : code}`, errorIn(answer))
}

/** What a function throws has its own name; a function that dies or takes too long is `Lambda.Unknown`. */
function thrown(body: string): StateError {
  const error: Json = JSON.parse(body)
  const type = isJsonObject(error) ? String(error.errorType) : ''
  return new StateError(/^(Sandbox|Runtime)\./.test(type) ? 'Lambda.Unknown' : type || 'Lambda.Unknown', body)
}

async function invoke(caller: Caller, functionArn: string, payload: Json): Promise<Json> {
  const path = `/2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`
  const asked = { service: 'lambda', method: 'POST', path, body: JSON.stringify(payload) }
  const answer = await ask(caller, asked).catch((cause: Error) => {
    throw new StateError('Lambda.SdkClientException', cause.message)
  })
  if (!isWell(answer)) throw refusal(answer)
  if (answer.headers['x-amz-function-error'] !== undefined) throw thrown(answer.body)
  return answer.body === '' ? null : JSON.parse(answer.body)
}

/** The calls of a machine, over HTTP like those of others: authorised, struck by faults, and in the history. */
export const callsOf = (caller: Caller): Pick<Ports, 'invoke' | 'readObject' | 'writeObject'> => ({
  invoke: (functionArn, payload) => invoke(caller, functionArn, payload),
  readObject: (bucket, key) =>
    objectCall(caller, 'States.ItemReaderFailed', { method: 'GET', path: pathOf(bucket, key) }),
  async writeObject(bucket, key, body) {
    await objectCall(caller, 'States.ResultWriterFailed', { method: 'PUT', path: pathOf(bucket, key), body })
  },
})
