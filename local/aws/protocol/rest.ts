import type { IncomingHttpHeaders } from 'node:http'
import { AwsError } from '../error.ts'
import type { Reply, Service } from '../service.ts'
import type { Binding, OperationShape, Shape } from './shape.ts'
import { readValue, writeValue } from './values.ts'
import { element, escapeXml, toXml } from './xml.ts'

/** A request that nobody has read yet. */
export type RawRequest = { method: string; url: URL; headers: IncomingHttpHeaders; body: Buffer }

type Structure = Shape & { kind: 'structure' }
type Values = Record<string, unknown>

const LABEL = /^\{(\w+)(\+?)\}$/
/** What SDK clients add so that people see in logs which operation it was; it means nothing. */
const NAME_ONLY = 'x-id'

const segmentsOf = (path: string): string[] => path.split('/').filter((segment) => segment !== '')

const split = ({ http }: OperationShape): { segments: string[]; constants: URLSearchParams } => {
  const [path = '', query = ''] = (http?.uri ?? '').split('?')
  return { segments: segmentsOf(path), constants: new URLSearchParams(query) }
}

/** The labels of a path that fits; `{Key+}` takes the rest of it, slashes too. */
function labelsIn(segments: readonly string[], { pathname }: URL): Map<string, string> | undefined {
  const given = segmentsOf(pathname)
  const labels = new Map<string, string>()
  for (const [index, segment] of segments.entries()) {
    const [, name, rest] = LABEL.exec(segment) ?? []
    if (given[index] === undefined || (name === undefined && given[index] !== segment)) return undefined
    if (rest) {
      const before = given.slice(0, index).map((part) => `/${part}`)
      labels.set(String(name), decodeURIComponent(pathname.slice(before.join('').length + 1)))
      return labels
    }
    if (name !== undefined) labels.set(name, decodeURIComponent(String(given[index])))
  }
  return segments.length === given.length ? labels : undefined
}

const isThere = (binding: Binding | undefined, { headers, url }: RawRequest): boolean | undefined => {
  if (binding?.in === 'header') return headers[binding.name] !== undefined
  return binding?.in === 'query' ? url.searchParams.has(binding.name) : undefined
}

/** How well a request fits an operation: by what stands in its path, by parameters, by headers; `undefined` for not at all. */
function fitOf(operation: OperationShape, request: RawRequest): number | undefined {
  const { segments, constants } = split(operation)
  const labels = operation.http?.method === request.method ? labelsIn(segments, request.url) : undefined
  if (!labels) return undefined
  const told = [...constants].filter(([name]) => name !== NAME_ONLY)
  const { required, bindings } = operation.input as Structure
  const needed = [...required].map((member) => isThere(bindings.get(member), request))
  if (needed.includes(false)) return undefined
  if (told.some(([name, value]) => request.url.searchParams.get(name) !== value)) return undefined
  return 2 * segments.length - labels.size + told.length + needed.filter(Boolean).length
}

/** The operation that method, path and parameters are for; empty where there is none. */
export function restOperation({ operations }: Service, request: RawRequest): string {
  let best = { name: '', fit: -1 }
  for (const [name, operation] of operations) {
    const fit = fitOf(operation, request)
    if (fit !== undefined && fit > best.fit) best = { name, fit }
  }
  return best.name
}

/** What JSON would have in the place of a text of the path, the query or a header. */
function fromText(shape: Shape, texts: readonly string[]): unknown {
  const [text = ''] = texts
  if (shape.kind === 'list') return texts.map((one) => fromText(shape.member(), [one]))
  if (shape.kind === 'boolean') return text === 'true'
  if (shape.kind !== 'number' && shape.kind !== 'timestamp') return text
  const number = shape.kind === 'number' ? Number(text) : Date.parse(text) / 1_000
  return Number.isNaN(number) ? text : number
}

function textsOf(binding: Binding, { headers, url }: RawRequest): string[] {
  if (binding.in === 'query') return url.searchParams.getAll(binding.name)
  const header = binding.in === 'header' ? headers[binding.name] : undefined
  return header === undefined ? [] : [String(header)]
}

function refuseUnknown(service: Service, operation: OperationShape, { url }: RawRequest): void {
  const { bindings } = operation.input as Structure
  const known = [...bindings.values()].flatMap((binding) => (binding.in === 'query' ? [binding.name] : []))
  const constants = [...split(operation).constants.keys(), NAME_ONLY]
  for (const name of url.searchParams.keys())
    if (!known.includes(name) && !constants.includes(name)) throw service.complaints.unknown(name, known)
}

function jsonOf(body: Buffer): Values {
  try {
    return body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as Values)
  } catch {
    throw new AwsError('SerializationException', 'The body of the request is not valid JSON.')
  }
}

/** Reads path, query, headers and body as one strict input. @throws AwsError */
export function readRest(service: Service, operation: OperationShape, request: RawRequest): Values {
  refuseUnknown(service, operation, request)
  const { members, bindings } = operation.input as Structure
  const payload = [...bindings].find(([, binding]) => binding.in === 'payload')?.[0]
  const raw: Values = payload === undefined ? jsonOf(request.body) : {}
  const labels = labelsIn(split(operation).segments, request.url)
  for (const [name, binding] of bindings) {
    const label = binding.in === 'label' ? labels?.get(name) : undefined
    const texts = label === undefined ? textsOf(binding, request) : [label]
    const member = members.get(name)
    if (member && texts.length > 0) raw[name] = fromText(member(), texts)
  }
  const input = readValue(operation.input, raw, '', service.complaints) as Values
  return payload === undefined || request.body.length === 0 ? input : { ...input, [payload]: request.body }
}

const headerText = (value: unknown): string => (value instanceof Date ? value.toUTCString() : String(value))

/** Parts an output into headers and what is left for the body. */
function partsOf({ output }: OperationShape, values: Values) {
  const { bindings } = output as Structure
  const headers: Record<string, string> = {}
  const rest: Values = {}
  let payload: Uint8Array | undefined
  for (const [name, value] of Object.entries(values)) {
    const binding = bindings.get(name)
    if (binding?.in === 'header' && value !== undefined) headers[binding.name] = headerText(value)
    else if (binding?.in === 'payload') payload = value as Uint8Array
    else rest[name] = value
  }
  return { headers, rest, payload }
}

/** @see https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export function restJsonReply(_: Service, operation: OperationShape, output: unknown, requestId: string): Reply {
  const { headers, rest, payload } = partsOf(operation, (output ?? {}) as Values)
  return {
    status: operation.http?.status ?? 200,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, ...headers },
    body: payload ?? JSON.stringify(writeValue(operation.output, rest)),
  }
}

export function restJsonError(_: Service, error: AwsError, requestId: string): Reply {
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId, 'x-amzn-errortype': error.code },
    body: JSON.stringify({ ...error.detail, message: error.message }),
  }
}

/** @see https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html */
export function restXmlReply(service: Service, operation: OperationShape, output: unknown, requestId: string): Reply {
  const { headers, rest, payload } = partsOf(operation, (output ?? {}) as Values)
  const { name } = operation.output as Structure
  const content = Object.keys(rest).length > 0 ? toXml(operation.output, rest) : ''
  const xml =
    content && `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="${service.xmlNamespace}">${content}</${name}>`
  return {
    status: operation.http?.status ?? 200,
    headers: { ...(xml && { 'content-type': 'application/xml' }), 'x-amz-request-id': requestId, ...headers },
    body: payload ?? xml,
  }
}

export function restXmlError(_: Service, error: AwsError, requestId: string): Reply {
  const parts = { Code: error.code, Message: error.message, RequestId: requestId }
  const content = Object.entries(parts).map(([name, text]) => element(name, escapeXml(text)))
  return {
    status: error.status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${element('Error', content.join(''))}`,
  }
}
