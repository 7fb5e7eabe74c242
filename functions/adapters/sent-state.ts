import { randomUUID } from 'node:crypto'
import { TABLE_KEY, TABLE_TTL } from '../contract.ts'
import { TIMEOUT_SECONDS } from '../notify/contract.ts'
import type { Claim, SentState } from '../notify/ports.ts'
import { expiry, isRefused, unlessTaken } from './lease.ts'
import type { AwsCall, AwsError } from './signed-aws.ts'

/** A bit longer than an invocation can take: a crashed one lets go soon after. Milliseconds. */
const LEASE = (TIMEOUT_SECONDS + 10) * 1_000
/** Longer than SQS can keep a record, 14 days, in the queue and as long again in the dead-letter queue. */
const DAYS = 30

/** Not posted yet, and nobody at it; `leaseOwner = :me` makes a claim that AWS took without answering its own. */
const FREE =
  `(attribute_not_exists(sentAt) AND (attribute_not_exists(leaseUntil) OR leaseUntil < :now OR leaseOwner = :me)) ` +
  `OR ${TABLE_TTL} < :seconds`

type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string } | undefined>>

const text = (value: string) => ({ S: value })
const number = (value: number | string) => ({ N: String(value) })

/**
 * What was posted to which channel, in DynamoDB, one item per alert and channel. DynamoDB drops an item late, so its
 * expiry is compared here too.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html
 */
export function dynamoSentState(aws: AwsCall, table: string, now: () => number = Date.now): SentState {
  const itemOf = (key: string) => ({ TableName: table, Key: { [TABLE_KEY]: text(key) } })

  const update = (key: string, expression: string, condition: string, values: Item) =>
    aws('dynamodb', 'UpdateItem', {
      ...itemOf(key),
      UpdateExpression: expression,
      ConditionExpression: condition,
      ExpressionAttributeValues: values,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })

  const end = (key: string, owner: string, changes: string, values: Item): Promise<void> =>
    unlessTaken(update(key, `${changes}, leaseUntil`, 'leaseOwner = :me', { ...values, ':me': text(owner) }))

  /** The refusal brings the item along; emulators may leave it out. */
  const holder = async (key: string, refusal: AwsError): Promise<Claim> => {
    const read =
      refusal.detail.Item ?? (await aws('dynamodb', 'GetItem', { ...itemOf(key), ConsistentRead: true })).Item
    const item = (read ?? {}) as Item
    if (item.sentAt) return { state: 'sent' }
    return { state: 'held', seconds: Math.max(1, Math.ceil((Number(item.leaseUntil?.N ?? 0) - now()) / 1_000)) }
  }

  return {
    async claim(alert, channel) {
      const key = `sent#${alert}#${channel}`
      const owner = randomUUID()
      const at = now()
      try {
        await update(key, `SET leaseOwner = :me, leaseUntil = :until, ${TABLE_TTL} = :expires REMOVE sentAt`, FREE, {
          ':me': text(owner),
          ':until': number(at + LEASE),
          ':now': number(at),
          ':seconds': number(Math.floor(at / 1_000)),
          ':expires': number(expiry(at, DAYS)),
        })
      } catch (error) {
        if (isRefused(error)) return holder(key, error)
        throw error
      }
      return {
        state: 'claimed',
        mark: () =>
          end(key, owner, `SET sentAt = :at, ${TABLE_TTL} = :expires REMOVE refused, leaseOwner`, {
            ':at': text(new Date(now()).toISOString()),
            ':expires': number(expiry(now(), DAYS)),
          }),
        release: (reason) => end(key, owner, 'SET refused = :reason REMOVE leaseOwner', { ':reason': text(reason) }),
      }
    },
  }
}
