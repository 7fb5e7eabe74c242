import { readValue } from './protocol/values.ts'
import type { CallContext, Service } from './service.ts'

const CONTEXT: CallContext = { accessKeyId: 'in-process', ended: new AbortController().signal }

/**
 * Does an operation of one of the services in this process: checked as over HTTP, yet neither authorised nor recorded.
 * @throws AwsError as AWS does
 */
export function callInProcess(services: readonly Service[], name: string, operation: string, input: object): unknown {
  const service = services.find((one) => one.name === name)
  const shape = service?.operations.get(operation)
  const handler = service?.handlers[operation]
  if (!service || !shape || !handler) throw new TypeError(`The local AWS does not have ${name}:${operation}.`)
  const read = readValue(shape.input, input, '', service.complaints) as Record<string, unknown>
  service.check?.(operation, read)
  return handler(read as never, CONTEXT)
}
