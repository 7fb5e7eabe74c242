import { randomBytes } from 'node:crypto'
import type { LocalAws } from '../../aws/server.ts'
import { isObject } from '../is-object.ts'
import type { Resource, Template } from '../template.ts'

/** What DynamoDB takes when it creates a table; the rest is set on it later, and has no effect on a local run. */
const TABLE = [
  'AttributeDefinitions',
  'KeySchema',
  'BillingMode',
  'ProvisionedThroughput',
  'GlobalSecondaryIndexes',
  'LocalSecondaryIndexes',
]

function tableInput({ identity, properties }: Resource): Parameters<LocalAws['createTable']>[0] {
  const given = Object.entries(properties).filter(([name]) => TABLE.includes(name))
  return { TableName: identity.name, ...Object.fromEntries(given) } as Parameters<LocalAws['createTable']>[0]
}

/** As GenerateSecretString does: a password alone, or put into a JSON object. */
function secretValue({ properties }: Resource): string | undefined {
  if (typeof properties.SecretString === 'string') return properties.SecretString
  const generate = properties.GenerateSecretString
  if (!isObject(generate)) return undefined
  const password = randomBytes(24).toString('base64url').slice(0, 32)
  const { SecretStringTemplate: template, GenerateStringKey: key } = generate
  if (typeof template !== 'string' || typeof key !== 'string') return password
  return JSON.stringify({ ...JSON.parse(template), [key]: password })
}

/**
 * Creates the buckets and tables of the template, and those of its secrets that have a value and are not there yet.
 * @param isThere whether a resource was deployed before; buckets and tables are left as they were then
 */
export async function deployState(
  template: Template,
  aws: LocalAws,
  isThere: (logicalId: string) => boolean,
): Promise<void> {
  const made = (type: string): Resource[] => template.resources(type).filter(({ logicalId }) => !isThere(logicalId))
  for (const bucket of made('AWS::S3::Bucket')) aws.s3.createBucket(bucket.identity.name)
  await Promise.all(made('AWS::DynamoDB::Table').map((table) => aws.createTable(tableInput(table))))
  for (const secret of template.resources('AWS::SecretsManager::Secret')) {
    const value = secretValue(secret)
    if (value !== undefined && aws.secrets.arnOf(secret.identity.name) === undefined)
      aws.secrets.put(secret.identity.name, value)
  }
}
