import { AwsError } from '../error.ts'
import type { Reply, Service } from '../service.ts'
import type { OperationShape } from './shape.ts'
import { readValue, writeValue } from './values.ts'

const headers = (service: Service, requestId: string): Record<string, string> => ({
  'content-type': `application/x-amz-json-${service.jsonVersion}`,
  'x-amzn-requestid': requestId,
})

/** Reads the input of a JSON call. @throws AwsError SerializationException for a body that is not JSON. */
export function readJson(service: Service, operation: OperationShape, body: Buffer): Record<string, unknown> {
  let raw: unknown
  try {
    raw = body.length === 0 ? {} : JSON.parse(body.toString('utf8'))
  } catch {
    throw new AwsError('SerializationException', 'The body of the request is not valid JSON.')
  }
  return readValue(operation.input, raw, '', service.complaints) as Record<string, unknown>
}

/** @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
export function jsonReply(service: Service, operation: OperationShape, output: unknown, requestId: string): Reply {
  const body = JSON.stringify(writeValue(operation.output, output ?? {}))
  return { status: 200, headers: headers(service, requestId), body }
}

export function jsonError(service: Service, error: AwsError, requestId: string): Reply {
  const query = service.queryErrors?.get(error.code)
  const status = error.status
  return {
    status,
    headers: {
      ...headers(service, requestId),
      'x-amzn-errortype': error.code,
      ...(service.queryErrors && {
        'x-amzn-query-error': `${query ?? error.code};${status >= 500 ? 'Receiver' : 'Sender'}`,
      }),
    },
    body: JSON.stringify({
      ...error.detail,
      __type: `${service.errorNamespace}#${error.code}`,
      message: error.message,
    }),
  }
}
