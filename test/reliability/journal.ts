import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import type { Rig } from './rig.ts'

/** Lines of the journal about a repository, whatever its registry. */
export async function journalOf({ world }: Rig, repository: string): Promise<Record<string, string>[]> {
  const { url, region } = world.aws
  const dynamo = new DynamoDBClient({ endpoint: url, region, credentials: { accessKeyId: 'x', secretAccessKey: 'y' } })
  const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: world.cloud.outputs.StateTableName as string }))
  return Items.filter(({ pk }) => pk?.S?.startsWith('journal#') && pk.S.includes(`/${repository}#`)).map((item) =>
    Object.fromEntries(Object.entries(item).map(([key, value]) => [key, value.S ?? value.N ?? ''])),
  )
}
