import { isRecord } from '../../functions/domain/record.ts'

const textOf = (value: unknown): string => JSON.stringify(value) ?? ''

/** One of a list is as good as the list, and the order of a list says nothing, nor does that of names. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(plain).toSorted((one, other) => (textOf(one) < textOf(other) ? -1 : 1))
    return items.length === 1 ? items[0] : items
  }
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, plain(value[key])]),
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Whether two texts are the same policy of IAM, however they are written: ECR gives them back in an order of its own. */
export const isSameDocument = (one: string, other: string): boolean =>
  textOf(plain(parsed(one))) === textOf(plain(parsed(other)))
