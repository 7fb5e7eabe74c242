import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { ConditionalCheckFailedException, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { TABLE_KEY, TABLE_TTL } from '../contract.ts'
import type { Told } from '../domain/triage.ts'
import { Later } from '../faults.ts'
import { TIMEOUT_SECONDS } from '../scan-alert/contract.ts'
import type { Claim, Memory } from '../scan-alert/ports.ts'
import { clientOptions } from './aws-client.ts'

/** Longer than an invocation can take, shorter than the queue hides a record that failed. Milliseconds. */
const LEASE = 2 * TIMEOUT_SECONDS * 1_000
/** Days that an image stays remembered after the last event about it. */
const DAYS = 180

const pack = async (told: Told): Promise<Uint8Array> => promisify(gzip)(JSON.stringify(told))
const unpack = async (packed: Uint8Array): Promise<Told> => JSON.parse((await promisify(gunzip)(packed)).toString())

type Update = { readonly expression: string; readonly condition: string; readonly values: Record<string, Value> }
type Value = { S: string } | { N: string } | { B: Uint8Array }

const isRefused = (error: unknown): boolean => error instanceof ConditionalCheckFailedException

/**
 * What was told, in DynamoDB, one item per subject. A claim is a lease: two invocations never tell about one image
 * at once, and the item of a crashed one is free again after two timeouts.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
 */
export function dynamoMemory(table: string): Memory {
  const client = new DynamoDBClient(clientOptions)
  const update = (subject: string, { expression, condition, values }: Update) =>
    client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { [TABLE_KEY]: { S: `told#${subject}` } },
        UpdateExpression: expression,
        ConditionExpression: condition,
        ExpressionAttributeValues: values,
        ReturnValues: 'ALL_OLD',
      }),
    )

  /** Ends the claim. Where the lease ran out and another holds it, that one decides what is remembered. */
  const end = async (subject: string, owner: string, set: string, values: Record<string, Value>): Promise<void> => {
    const expression = `${set} REMOVE leaseOwner, leaseUntil`.trim()
    await update(subject, {
      expression,
      condition: 'leaseOwner = :me',
      values: { ...values, ':me': { S: owner } },
    }).catch((error: unknown) => {
      if (!isRefused(error)) throw error
    })
  }

  return {
    async claim(subject): Promise<Claim> {
      const owner = randomUUID()
      const now = Date.now()
      const { Attributes: before } = await update(subject, {
        expression: `SET leaseOwner = :me, leaseUntil = :until, ${TABLE_TTL} = :expires`,
        condition: 'attribute_not_exists(leaseUntil) OR leaseUntil < :now',
        values: {
          ':me': { S: owner },
          ':until': { N: String(now + LEASE) },
          ':now': { N: String(now) },
          ':expires': { N: String(Math.ceil(now / 1_000) + DAYS * 86_400) },
        },
      }).catch((error: unknown) => {
        throw isRefused(error) ? new Later('another invocation is at work on this image', { cause: error }) : error
      })
      return {
        told: before?.told?.B ? await unpack(before.told.B) : undefined,
        mark: async (told) => end(subject, owner, 'SET told = :told', { ':told': { B: await pack(told) } }),
        release: () => end(subject, owner, '', {}),
      }
    },
  }
}
