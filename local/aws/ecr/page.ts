import { AwsError } from '../error.ts'

const DEFAULT_SIZE = 100

export type PageRequest = { maxResults?: number; nextToken?: string }

const invalidToken = (): AwsError =>
  new AwsError(
    'InvalidParameterException',
    "Invalid parameter at 'nextToken' failed to satisfy constraint: 'Invalid nextToken'",
  )

function positionIn(token: string, scope: string): string {
  const [mark, position] = Buffer.from(token, 'base64url').toString('utf8').split('\n')
  if (mark !== scope || position === undefined) throw invalidToken()
  return position
}

/**
 * One page of items in a stable order. The token holds the key of the last item that was answered, so items that come or
 * go between two pages neither repeat nor hide others. Keys must rise (as strings) from item to item.
 * @param scope what the token is good for: the operation and the repository
 */
export function page<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  scope: string,
  { maxResults = DEFAULT_SIZE, nextToken }: PageRequest,
): { items: T[]; nextToken?: string } {
  const after = nextToken === undefined ? undefined : positionIn(nextToken, scope)
  const found: T[] = []
  let last = ''
  for (const item of items) {
    const key = keyOf(item)
    if (after !== undefined && key <= after) continue
    if (found.length === maxResults)
      return { items: found, nextToken: Buffer.from(`${scope}\n${last}`).toString('base64url') }
    found.push(item)
    last = key
  }
  return { items: found }
}

/** A number as a key: rises as a string as the number does. */
export const orderKey = (order: number): string => String(order).padStart(12, '0')
