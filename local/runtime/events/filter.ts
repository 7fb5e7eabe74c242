import { compilePattern, type Matcher } from '../../../cli/replay/pattern/matcher.ts'
import type { QueueMessage } from '../../aws/queue.ts'
import { isObject } from '../is-object.ts'
import { sqsRecord } from './sqs-event.ts'

export type MessageFilter = (message: QueueMessage, queueArn: string) => boolean

function bodyOf(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body)
    return isObject(value) ? value : body
  } catch {
    return body
  }
}

/**
 * The filter of an event source mapping: a message that no pattern matches is deleted without an invocation.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
 * @throws {PatternError}
 */
export function messageFilter(patterns: readonly string[]): MessageFilter {
  const matchers: Matcher[] = patterns.map((pattern) => compilePattern(JSON.parse(pattern)))
  if (matchers.length === 0) return () => true
  return (message, queueArn) => {
    const record = { ...sqsRecord(message, queueArn), body: bodyOf(message.body) }
    return matchers.some((matches) => matches(record))
  }
}
