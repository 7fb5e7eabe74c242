import { afterAll, beforeAll, expect, test } from 'vitest'
import { dynamoJournal } from '../../functions/adapters/journal.ts'
import { signedAws } from '../../functions/adapters/signed-aws.ts'
import { TABLE_KEY, TABLE_TTL } from '../../functions/contract.ts'
import type { JournalEntry } from '../../functions/policy/journal.ts'
import { type LocalAws, startLocalAws } from '../../local/aws/server.ts'
import { repository } from '../domain/rules/facts.ts'
import { createStateTable } from '../state-table.ts'
import { envOf } from './env.ts'

const TABLE = 'steward-state'

let aws: LocalAws

beforeAll(async () => {
  aws = await startLocalAws()
  await createStateTable(aws, TABLE)
})
afterAll(() => aws.close())

const entry: JournalEntry = {
  ref: repository,
  rule: 'tag-immutability',
  at: '2026-11-20T09:00:00.000Z',
  what: 'Make tags immutable',
  before: { reason: 'Tags can be moved.', evidence: [{ name: 'Tag mutability', value: 'MUTABLE' }] },
  write: { operation: 'PutImageTagMutability', input: { imageTagMutability: 'IMMUTABLE' } },
  undo: { operation: 'PutImageTagMutability', input: { imageTagMutability: 'MUTABLE' } },
  undoCommand: 'aws ecr put-image-tag-mutability --image-tag-mutability MUTABLE',
  events: ['event-1'],
}

const PK = 'journal#123456789012/ap-northeast-1/prod/api#2026-11-20T09:00:00.000Z#tag-immutability'

test('the journal keeps for good what was meant, what it was before, what undoes it, and what became of it', async () => {
  const call = signedAws(envOf(aws))
  const journal = dynamoJournal(call, TABLE)
  const item = async () =>
    (await call('dynamodb', 'GetItem', { TableName: TABLE, Key: { [TABLE_KEY]: { S: PK } } })).Item as Record<
      string,
      { S: string }
    >
  await journal.intend(entry)
  expect(await item()).not.toHaveProperty('outcome')
  await journal.close(entry, 'done')
  const kept = await item()
  expect(kept).toEqual({
    [TABLE_KEY]: { S: PK },
    what: { S: 'Make tags immutable' },
    before: { S: JSON.stringify(entry.before) },
    write: { S: JSON.stringify(entry.write) },
    undo: { S: JSON.stringify(entry.undo) },
    undoCommand: { S: entry.undoCommand },
    events: { S: '["event-1"]' },
    outcome: { S: 'done' },
  })
  expect(kept).not.toHaveProperty(TABLE_TTL)
})
