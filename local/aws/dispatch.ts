import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { callerOf, checkAccess } from './access.ts'
import { dynamodb, dynamoRequirements, type Tables } from './dynamodb.ts'
import { AwsError } from './error.ts'
import { type createFaults, letHappen } from './faults.ts'
import type { PlaceRef } from './places.ts'
import type { Principals } from './principals.ts'
import { jsonError } from './protocol/json.ts'
import { PROTOCOLS, type Protocol } from './protocol/protocols.ts'
import type { RawRequest } from './protocol/rest.ts'
import type { OperationShape } from './protocol/shape.ts'
import type { Answered, Authorize, CallContext, Reply, Requirement, Service } from './service.ts'

export type Dispatch = {
  /** Those that answer at a place. */
  servicesAt(place: PlaceRef): readonly Service[]
  /** @throws AwsError where the region is not enabled */
  checkRegion(region: string, protocol: Service['protocol']): void
  /** Of a caller that signs for none. */
  region: string
  tables: Tables
  tableArn(name: string): string
  principals: Principals
  faults: ReturnType<typeof createFaults>
  record(call: Answered): void
  now(): number
  authorize(): Authorize | undefined
  /** A header with this value marks a call of the local AWS to itself: neither checked nor recorded. */
  internal: string
}

export const INTERNAL_HEADER = 'x-local-aws-internal'

type Incoming = { service: Service; operation: string; accessKeyId: string; place: PlaceRef; raw: RawRequest }

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** Which service and operation a request is for: by its target, or by its credential scope and its form. */
function identify(raw: RawRequest, parts: Dispatch): Incoming {
  const { accessKeyId, region = parts.region, scope } = callerOf(raw.headers.authorization)
  const place = { account: parts.principals.accountOf(accessKeyId), region }
  const [target] = String(raw.headers['x-amz-target'] ?? '').split('.')
  const service = [...parts.servicesAt(place), dynamodb].find((s) =>
    target ? s.target === target : s.protocol !== 'json' && s.name === scope,
  )
  if (!service)
    throw new AwsError(
      'UnknownOperationException',
      `The local AWS does not have this service: ${target || scope || 'none named'}.`,
    )
  return { service, operation: PROTOCOLS[service.protocol].operationOf(service, raw), accessKeyId, place, raw }
}

const rawOf = (request: IncomingMessage, body: Buffer): RawRequest => ({
  method: request.method ?? '',
  url: new URL(request.url ?? '/', 'http://localhost'),
  headers: request.headers,
  body,
})

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers })
  response.end(body)
}

const asAwsError = (error: unknown): AwsError =>
  error instanceof AwsError ? error : new AwsError('InternalFailure', `The local AWS failed: ${String(error)}`, 500)

const parsed = (body: Buffer): Record<string, unknown> => {
  try {
    return (JSON.parse(body.toString('utf8')) ?? {}) as Record<string, unknown>
  } catch {
    throw new AwsError('SerializationException', 'The body of the request is not valid JSON.')
  }
}

/** Serves one HTTP request: which call it is, faults, the check of access, the handler, the answer, the history. */
export function createDispatch(parts: Dispatch): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const requestId = randomUUID()
    const body = await bodyOf(request)
    let incoming: Incoming
    try {
      incoming = identify(rawOf(request, body), parts)
    } catch (error) {
      return send(response, jsonError(dynamodb, asAwsError(error), requestId))
    }
    const call = new Answering(parts, incoming, request, response, requestId)
    await call.run(request.headers[INTERNAL_HEADER] === parts.internal)
  }
}

/** One call on its way. */
class Answering {
  readonly #parts: Dispatch
  readonly #call: Incoming
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #requestId: string
  #input: Record<string, unknown> = {}
  #output: unknown

  constructor(parts: Dispatch, call: Incoming, request: IncomingMessage, response: ServerResponse, requestId: string) {
    this.#parts = parts
    this.#call = call
    this.#request = request
    this.#response = response
    this.#requestId = requestId
  }

  get #protocol(): Protocol {
    return PROTOCOLS[this.#call.service.protocol]
  }

  async run(isInternal: boolean): Promise<void> {
    try {
      const operation = this.#read()
      if (!isInternal) this.#parts.checkRegion(this.#call.place.region, this.#call.service.protocol)
      const isStruck = !isInternal && (await this.#strike())
      if (isStruck) return
      if (operation) this.#reply(await this.#own(operation))
      else this.#dynamo(isInternal)
    } catch (error) {
      this.#fail(asAwsError(error))
    }
  }

  /** Reads the input, so that the history has it whatever happens next. DynamoDB's operations have no shape here. */
  #read(): OperationShape | undefined {
    const { service, operation: name, raw } = this.#call
    if (service === dynamodb) {
      this.#input = parsed(raw.body)
      return undefined
    }
    const operation = service.operations.get(name)
    if (!operation)
      throw new AwsError('UnknownOperationException', `${service.name} has no operation ${name || '(none named)'}.`)
    this.#input = this.#protocol.read(service, operation, raw)
    return operation
  }

  /** Lets an injected fault happen; true when it has dealt with the request. @throws AwsError the fault */
  async #strike(): Promise<boolean> {
    const { service, operation } = this.#call
    const fault = await this.#parts.faults.strike(service.name, operation, this.#input)
    const struck = fault && (await letHappen(fault, this.#request, this.#response))
    if (struck) this.#record(struck.status, struck.error)
    return struck !== undefined
  }

  async #own(operation: OperationShape): Promise<Reply> {
    const { service, operation: name } = this.#call
    this.#checkAccess(service.requires(name, this.#input))
    service.check?.(name, this.#input)
    const handler = Object.hasOwn(service.handlers, name) ? service.handlers[name] : undefined
    if (!handler)
      throw new AwsError(
        'UnknownOperationException',
        `The local AWS does not have ${service.name}:${name} yet. Use a real account for it.`,
      )
    this.#output = await handler(this.#input as never, this.#context())
    return this.#protocol.reply(service, operation, this.#output, this.#requestId)
  }

  #dynamo(isInternal: boolean): void {
    const { operation, raw } = this.#call
    const { tables } = this.#parts
    if (!isInternal) this.#checkAccess(dynamoRequirements(operation, this.#input, this.#parts.tableArn))
    const own = tables.answer(operation, this.#input)
    if (own) {
      this.#reply(this.#json(own))
      return
    }
    if (!isInternal) this.#recordWhenSent()
    tables.handle(this.#request, raw.body, this.#response)
  }

  #json(output: object): Reply {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': this.#requestId }
    return { status: 200, headers, body: JSON.stringify(output) }
  }

  /** dynalite writes the answer itself, so the code of an error is read from what it writes. */
  #recordWhenSent(): void {
    const response = this.#response
    const end = response.end
    const watching = (...args: unknown[]): ServerResponse => {
      const failed = response.statusCode >= 400
      const type = failed ? /"__type":"[^"#]*#?([^"]+)"/.exec(String(args[0]))?.[1] : undefined
      this.#record(response.statusCode, failed ? (type ?? 'Unknown') : undefined)
      return Reflect.apply(end, response, args)
    }
    response.end = watching as typeof response.end
  }

  #checkAccess(requirements: Requirement[]): void {
    const { accessKeyId, service } = this.#call
    checkAccess(this.#parts.authorize(), requirements, {
      accessKeyId,
      principal: this.#parts.principals.arnOf(accessKeyId),
      denied: service.denied,
    })
  }

  #context(): CallContext {
    const ended = new AbortController()
    this.#response.once('close', () => ended.abort())
    return { accessKeyId: this.#call.accessKeyId, ended: ended.signal }
  }

  #reply(reply: Reply): void {
    this.#record(reply.status)
    send(this.#response, reply)
  }

  #fail(error: AwsError): void {
    const { service } = this.#call
    this.#record(error.status, error.code, error.message)
    send(this.#response, this.#protocol.error(service, error, this.#requestId))
  }

  #record(status: number, error?: string, message?: string): void {
    const { service, operation, accessKeyId, place } = this.#call
    this.#parts.record({
      ...{ service: service.name, operation, accessKeyId, input: this.#input, status, at: this.#parts.now() },
      ...{ requestId: this.#requestId, account: place.account, region: place.region },
      userAgent: this.#request.headers['user-agent'] ?? '',
      address: this.#request.socket.remoteAddress ?? '',
      ...(error === undefined ? { output: this.#output } : { error, message: message ?? '' }),
    })
  }
}
