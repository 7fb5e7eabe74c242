import { isObject } from '../is-object.ts'

/** Which messages of a batch failed; `problem` says why all of them count as failed. */
export type BatchResult = { readonly failures: readonly string[]; readonly problem?: string }

const allFailed = (messageIds: readonly string[], problem: string): BatchResult => ({ failures: messageIds, problem })

function parsed(response: string): unknown {
  try {
    return JSON.parse(response)
  } catch {
    return undefined
  }
}

/**
 * Reads a function's answer as Lambda does with `ReportBatchItemFailures`: an empty or null answer or list is a complete
 * success; an answer that cannot be understood, or that names a message outside the batch, is a complete failure.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function readBatchResponse(response: string, messageIds: readonly string[]): BatchResult {
  const answer = parsed(response)
  if (answer === undefined) return allFailed(messageIds, 'the answer is not JSON')
  if (answer === null) return { failures: [] }
  if (!isObject(answer)) return allFailed(messageIds, 'the answer is not an object')
  const { batchItemFailures: list = null } = answer
  if (list === null) return { failures: [] }
  if (!Array.isArray(list)) return allFailed(messageIds, 'batchItemFailures is not a list')
  const known = new Set(messageIds)
  const failures = new Set<string>()
  for (const item of list) {
    const id = isObject(item) ? item.itemIdentifier : undefined
    if (typeof id !== 'string' || id === '') return allFailed(messageIds, 'an item has no itemIdentifier')
    if (!known.has(id)) return allFailed(messageIds, `the itemIdentifier ${id.slice(0, 100)} is not in the batch`)
    failures.add(id)
  }
  return { failures: [...failures] }
}
