import { TABLE_KEY } from '../contract.ts'
import { repositoryKey } from '../domain/repository-state.ts'
import type { Journal, JournalKey } from '../policy/journal.ts'
import type { AwsCall } from './signed-aws.ts'

/**
 * The journal in DynamoDB, one item for each remedy, `journal#account/region/repository#instant#rule`. Items have no
 * expiry: what was changed can be looked up, and taken back, years later.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
 */
export function dynamoJournal(aws: AwsCall, table: string): Journal {
  /** By update, so that the right to update items is all that a function needs. */
  async function set({ ref, at, rule }: JournalKey, values: Readonly<Record<string, string>>): Promise<void> {
    const names = Object.keys(values)
    await aws('dynamodb', 'UpdateItem', {
      TableName: table,
      Key: { [TABLE_KEY]: { S: `journal#${repositoryKey(ref)}#${at}#${rule}` } },
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, { S: values[name] }])),
    })
  }

  return {
    intend: ({ ref, rule, at, what, before, write, undo, undoCommand, events }) =>
      set(
        { ref, rule, at },
        {
          what,
          before: JSON.stringify(before),
          write: JSON.stringify(write),
          undo: JSON.stringify(undo),
          undoCommand,
          events: JSON.stringify(events),
        },
      ),
    close: (key, outcome) => set(key, { outcome }),
  }
}
