import type { AwsError } from '../error.ts'
import type { Reply, Service } from '../service.ts'
import { jsonError, jsonReply, readJson } from './json.ts'
import { queryError, queryReply, readQuery } from './query.ts'
import {
  type RawRequest,
  readRest,
  restJsonError,
  restJsonReply,
  restOperation,
  restXmlError,
  restXmlReply,
} from './rest.ts'
import type { OperationShape } from './shape.ts'

/** How the requests of a service are read and its answers written. */
export type Protocol = {
  /** Which operation a request is for; empty where it names none. */
  operationOf(service: Service, request: RawRequest): string
  /** @throws AwsError */
  read(service: Service, operation: OperationShape, request: RawRequest): Record<string, unknown>
  reply(service: Service, operation: OperationShape, output: unknown, requestId: string): Reply
  error(service: Service, error: AwsError, requestId: string): Reply
}

const formOf = ({ body }: RawRequest): URLSearchParams => new URLSearchParams(body.toString('utf8'))

export const PROTOCOLS: Readonly<Record<Service['protocol'], Protocol>> = {
  json: {
    operationOf: (_, { headers }) => String(headers['x-amz-target'] ?? '').split('.')[1] ?? '',
    read: (service, operation, { body }) => readJson(service, operation, body),
    reply: jsonReply,
    error: jsonError,
  },
  query: {
    operationOf: (_, request) => formOf(request).get('Action') ?? '',
    read: (service, operation, request) => readQuery(service, operation, formOf(request)),
    reply: queryReply,
    error: queryError,
  },
  'rest-json': { operationOf: restOperation, read: readRest, reply: restJsonReply, error: restJsonError },
  'rest-xml': { operationOf: restOperation, read: readRest, reply: restXmlReply, error: restXmlError },
}
