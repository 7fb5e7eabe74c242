import { TABLE_KEY, TABLE_TTL } from '../contract.ts'
import { repositoryKey } from '../domain/repository-state.ts'
import type { TagMemory, TagMove, TagPush } from '../push-check/ports.ts'
import { expiry, isRefused, unlessTaken } from './lease.ts'
import type { AwsCall, AwsError } from './signed-aws.ts'

/** A tag that is moved a year after its release is told as well. */
const DAYS = 400

/** In place of the digest that there was none. */
const NONE = '-'

type Item = Partial<Readonly<Record<'digest' | 'seen' | 'since' | 'movedFrom', { readonly S: string }>>>

/** Events in the order in which ECR says that they happened; those of one second in the order of their ids. */
const orderOf = ({ time, event }: TagPush): string => `${new Date(time).toISOString()}#${event}`

function moveIn(item: Item, { tag, digest, event }: TagPush, order: string): TagMove | undefined {
  const from = item.movedFrom?.S ?? NONE
  return from !== NONE && item.since?.S === order && item.digest?.S === digest ? { tag, from, event } : undefined
}

/**
 * The digest that a push last named under each tag, in DynamoDB: `digest`, the event that made it so (`since`), the digest
 * before (`movedFrom`) and the last event heard of (`seen`). A push that moves the tag, or is its first, is one conditional
 * update.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
 */
export function dynamoTags(aws: AwsCall, table: string, now: () => number = Date.now): TagMemory {
  const update = async (
    key: string,
    sets: readonly string[],
    condition: string,
    values: Readonly<Record<string, string>>,
  ): Promise<Item> => {
    const texts = Object.entries(values).map(([name, value]) => [name, { S: value }])
    const { Attributes } = await aws('dynamodb', 'UpdateItem', {
      TableName: table,
      Key: { [TABLE_KEY]: { S: key } },
      UpdateExpression: `SET ${[...sets, `${TABLE_TTL} = :expires`].join(', ')}`,
      ConditionExpression: condition,
      ExpressionAttributeValues: { ...Object.fromEntries(texts), ':expires': { N: expiry(now(), DAYS) } },
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    })
    return Attributes as Item
  }

  /** The refusal brings the item along; emulators may leave it out. */
  const itemOf = async (key: string, refusal: AwsError): Promise<Item> =>
    (refusal.detail.Item as Item | undefined) ?? update(key, [], 'attribute_exists(digest)', {})

  /** A push of what the tag names already, or one that comes late. */
  const again = async (key: string, push: TagPush, item: Item, order: string): Promise<TagMove | undefined> => {
    const values = { ':digest': push.digest, ':order': order }
    if (item.digest?.S === push.digest && item.seen && item.seen.S < order)
      await unlessTaken(update(key, ['seen = :order'], 'digest = :digest AND seen < :order', values))
    return moveIn(item, push, order)
  }

  return {
    async pushed(repository, push) {
      const key = `tag#${repositoryKey(repository)}:${push.tag}`
      const order = orderOf(push)
      try {
        const item = await update(
          key,
          ['movedFrom = if_not_exists(digest, :none)', 'digest = :digest', 'since = :order', 'seen = :order'],
          'attribute_not_exists(digest) OR (digest <> :digest AND seen < :order)',
          { ':digest': push.digest, ':order': order, ':none': NONE },
        )
        return moveIn(item, push, order)
      } catch (error) {
        if (isRefused(error)) return again(key, push, await itemOf(key, error), order)
        throw error
      }
    },
  }
}
