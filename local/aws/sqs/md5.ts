import { createHash } from 'node:crypto'
import type { QueueMessage } from '../queue.ts'

/** MD5 of a text, in hexadecimal: what SQS answers so that a client can tell a damaged body. */
export const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

const withLength = (bytes: Buffer): Buffer[] => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return [length, bytes]
}

/**
 * MD5 of message attributes; `undefined` when there are none.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function md5OfAttributes(attributes: QueueMessage['messageAttributes']): string | undefined {
  const names = Object.keys(attributes).sort()
  if (names.length === 0) return undefined
  const hash = createHash('md5')
  for (const name of names) {
    const { dataType, stringValue, binaryValue } = attributes[name] ?? { dataType: 'String' }
    const isBinary = dataType.startsWith('Binary')
    const value = isBinary ? Buffer.from(binaryValue ?? '', 'base64') : Buffer.from(stringValue ?? '')
    const parts = [...withLength(Buffer.from(name)), ...withLength(Buffer.from(dataType))]
    for (const part of [...parts, Buffer.from([isBinary ? 2 : 1]), ...withLength(value)]) hash.update(part)
  }
  return hash.digest('hex')
}
