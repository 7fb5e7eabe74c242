import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { TABLE_KEY, TABLE_TTL } from '../contract.ts'
import { Later } from '../faults.ts'
import type { Claim, Memory } from '../memory.ts'
import { expiry, isRefused, unlessTaken } from './lease.ts'
import type { AwsCall } from './signed-aws.ts'

/** Days that a subject stays remembered after the last event about it. */
const DAYS = 180

/** As DynamoDB's JSON has it: binary as base64. */
type Value = { readonly S: string } | { readonly N: string } | { readonly B: string }
type Values = Readonly<Record<string, Value>>

const pack = async (told: unknown): Promise<Value> => ({
  B: (await promisify(gzip)(JSON.stringify(told))).toString('base64'),
})

async function unpack<T>(attributes: unknown): Promise<T | undefined> {
  const packed = (attributes as { told?: { B?: string } } | undefined)?.told?.B
  return packed ? JSON.parse((await promisify(gunzip)(Buffer.from(packed, 'base64'))).toString()) : undefined
}

const keyOf = (subject: string) => ({ [TABLE_KEY]: { S: `told#${subject}` } })

/** What is remembered of a subject, without a claim on it: for showing, and nothing else. @throws {AwsError} */
export async function readTold<T>(aws: AwsCall, table: string, subject: string): Promise<T | undefined> {
  const { Item } = await aws('dynamodb', 'GetItem', { TableName: table, Key: keyOf(subject), ConsistentRead: true })
  return unpack<T>(Item)
}

const faultOf = (cause: unknown): unknown =>
  isRefused(cause) ? new Later('another invocation is at work on it', { cause }) : cause

/**
 * What was told, in DynamoDB, one item per subject. A claim is a lease: two invocations never tell about one subject
 * at once, and the item of a crashed one is free again after two timeouts.
 * @param timeoutSeconds that an invocation may take: the lease is longer, and shorter than the queue hides a record
 * @param isForGood whether something is remembered without an end. Default: nothing is
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
 */
export function dynamoMemory<T>(
  aws: AwsCall,
  table: string,
  timeoutSeconds: number,
  isForGood: (told: T) => boolean = () => false,
): Memory<T> {
  const update = (subject: string, expression: string, condition: string, values: Values) =>
    aws('dynamodb', 'UpdateItem', {
      TableName: table,
      Key: keyOf(subject),
      UpdateExpression: expression,
      ConditionExpression: condition,
      ExpressionAttributeValues: values,
      ReturnValues: 'ALL_OLD',
    })

  const end = (subject: string, owner: string, change: string, values: Values): Promise<void> =>
    unlessTaken(update(subject, change, 'leaseOwner = :me', { ...values, ':me': { S: owner } }))

  /** The end of a claim, which has set an expiry. */
  const freeing = (told: T | undefined): string =>
    `REMOVE leaseOwner, leaseUntil${told !== undefined && isForGood(told) ? `, ${TABLE_TTL}` : ''}`

  /** The item as it was. `leaseOwner = :me`: the claim that DynamoDB took while its answer got lost is ours too. */
  const take = async (subject: string, owner: string): Promise<unknown> => {
    const now = Date.now()
    const values = {
      ':me': { S: owner },
      ':until': { N: String(now + 2 * timeoutSeconds * 1_000) },
      ':now': { N: String(now) },
      ':expires': { N: expiry(now, DAYS) },
    }
    const free = 'attribute_not_exists(leaseUntil) OR leaseUntil < :now OR leaseOwner = :me'
    const set = `SET leaseOwner = :me, leaseUntil = :until, ${TABLE_TTL} = :expires`
    const { Attributes } = await update(subject, set, free, values).catch((error: unknown) => {
      throw faultOf(error)
    })
    return Attributes
  }

  return {
    async claim(subject): Promise<Claim<T>> {
      const owner = randomUUID()
      let known: T | undefined = await unpack<T>(await take(subject, owner))
      return {
        told: known,
        async keep(told) {
          const values = { ':told': await pack(told), ':me': { S: owner } }
          await update(subject, 'SET told = :told', 'leaseOwner = :me', values).catch((error: unknown) => {
            throw faultOf(error)
          })
          known = told
        },
        mark: async (told) => end(subject, owner, `SET told = :told ${freeing(told)}`, { ':told': await pack(told) }),
        release: () => end(subject, owner, freeing(known), {}),
      }
    },
  }
}
