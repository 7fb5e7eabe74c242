import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const VERSION = '/2018-06-01/runtime'
const INVOCATION = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/

/** The largest synchronous payload and response of Lambda, in bytes. */
export const MOST_BYTES = 6 * 1024 * 1024

/** What an instance is given to do. */
export type Assignment = {
  readonly requestId: string
  readonly payload: string
  /** Instant of the virtual clock (ms) at which the invocation times out. */
  readonly deadline: number
  readonly functionArn: string
  /** Milliseconds that the function's `Date` is ahead of the machine. */
  readonly clockOffset: number
}

export type FunctionError = { readonly type: string; readonly message: string }

/** What an instance tells its Runtime API. */
export type RuntimeListener = {
  /** It asks for work: for the first time when its initialisation has ended. */
  onReady(): void
  onResponse(requestId: string, body: string): void
  onError(requestId: string, error: FunctionError): void
  onInitError(error: FunctionError): void
}

/** The Runtime API of one instance, on a port of its own. */
export type RuntimeApi = {
  /** `127.0.0.1:PORT`, for AWS_LAMBDA_RUNTIME_API. */
  readonly address: string
  /** Answers the pending or the coming `/next`. */
  assign(assignment: Assignment): void
  close(): void
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= MOST_BYTES) chunks.push(chunk)
  }
  return size > MOST_BYTES ? undefined : Buffer.concat(chunks).toString('utf8')
}

function errorOf(body: string | undefined, header: string | string[] | undefined): FunctionError {
  const fallback = typeof header === 'string' ? header : 'Unknown'
  try {
    const { errorType, errorMessage } = JSON.parse(body ?? '')
    return { type: String(errorType ?? fallback), message: String(errorMessage ?? '') }
  } catch {
    return { type: fallback, message: body ?? 'the error was too large to be told' }
  }
}

const reply = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const refuse = (response: ServerResponse, status: number, errorType: string, errorMessage: string): void =>
  reply(response, status, { errorType, errorMessage })

const send = (response: ServerResponse, { payload, ...assignment }: Assignment): void => {
  response
    .writeHead(200, {
      'content-type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': assignment.requestId,
      'Lambda-Runtime-Deadline-Ms': String(assignment.deadline),
      'Lambda-Runtime-Invoked-Function-Arn': assignment.functionArn,
      'Lambda-Runtime-Clock-Offset': String(assignment.clockOffset),
    })
    .end(payload)
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })

const TOO_LARGE: FunctionError = {
  type: 'Function.ResponseSizeTooLarge',
  message: `Response payload size exceeded maximum allowed payload size (${MOST_BYTES} bytes).`,
}

class Api {
  #pending: ServerResponse | undefined
  #assigned: Assignment | undefined
  /** Whose answer is due. */
  #current: string | undefined
  readonly #listener: RuntimeListener

  constructor(listener: RuntimeListener) {
    this.#listener = listener
  }

  assign(assignment: Assignment): void {
    this.#current = assignment.requestId
    const waiting = this.#pending
    this.#pending = undefined
    if (waiting) send(waiting, assignment)
    else this.#assigned = assignment
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '' } = request
    const type = request.headers['lambda-runtime-function-error-type']
    if (method === 'GET' && url === `${VERSION}/invocation/next`) {
      this.#next(response)
      return
    }
    const body = await bodyOf(request)
    const [, requestId, kind] = INVOCATION.exec(url) ?? []
    if (method === 'POST' && url === `${VERSION}/init/error`) {
      this.#listener.onInitError(errorOf(body, type))
      reply(response, 202, { status: 'OK' })
    } else if (method !== 'POST' || requestId === undefined) refuse(response, 404, 'NotFound', `no ${method} ${url}`)
    else if (requestId !== this.#current) refuse(response, 400, 'InvalidRequestID', `${requestId} is not being invoked`)
    else this.#answered(requestId, body, kind === 'error' ? errorOf(body, type) : undefined, response)
  }

  #next(response: ServerResponse): void {
    const assignment = this.#assigned
    this.#assigned = undefined
    if (assignment) send(response, assignment)
    else this.#pending = response
    this.#listener.onReady()
  }

  #answered(id: string, body: string | undefined, error: FunctionError | undefined, response: ServerResponse): void {
    this.#current = undefined
    if (error) this.#listener.onError(id, error)
    else if (body === undefined) {
      this.#listener.onError(id, TOO_LARGE)
      refuse(response, 413, TOO_LARGE.type, TOO_LARGE.message)
      return
    } else this.#listener.onResponse(id, body)
    reply(response, 202, { status: 'OK' })
  }
}

/**
 * Opens the Runtime API for one instance on a free port of 127.0.0.1.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function openRuntimeApi(listener: RuntimeListener): Promise<RuntimeApi> {
  const api = new Api(listener)
  // An instance that dies in the middle of a request needs no answer.
  const server = createServer((request, response) => void api.handle(request, response).catch(() => response.destroy()))
  server.keepAliveTimeout = 0
  server.requestTimeout = 0
  const port = await listen(server)
  return {
    address: `127.0.0.1:${port}`,
    assign: (assignment) => api.assign(assignment),
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
