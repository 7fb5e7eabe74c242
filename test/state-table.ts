import { TABLE_KEY } from '../functions/contract.ts'
import type { LocalAws } from '../local/aws/server.ts'

/** The state table as the stack makes it. */
export const createStateTable = (aws: LocalAws, name: string): Promise<void> =>
  aws.createTable({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: TABLE_KEY, AttributeType: 'S' }],
    KeySchema: [{ AttributeName: TABLE_KEY, KeyType: 'HASH' }],
  })
