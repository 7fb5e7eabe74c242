import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { ECRClient } from '@aws-sdk/client-ecr'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SNSClient } from '@aws-sdk/client-sns'
import { SQSClient } from '@aws-sdk/client-sqs'
import { type LocalAws, type LocalAwsOptions, startLocalAws } from '../../../local/aws/server.ts'

export type Clients = {
  ecr: ECRClient
  sqs: SQSClient
  sns: SNSClient
  secrets: SecretsManagerClient
  dynamo: DynamoDBClient
}

/** For an SDK client that talks to `url` and tries once. */
export const configOf = (url: string, region = 'ap-northeast-1', accessKeyId = 'AKIDTEST') => ({
  endpoint: url,
  region,
  credentials: { accessKeyId, secretAccessKey: 'none' },
  maxAttempts: 1,
})

/** Real SDK clients that talk to `url` and try once. */
export function clientsOf(url: string, region = 'ap-northeast-1', accessKeyId = 'AKIDTEST'): Clients {
  const config = configOf(url, region, accessKeyId)
  return {
    ecr: new ECRClient(config),
    sqs: new SQSClient(config),
    sns: new SNSClient(config),
    secrets: new SecretsManagerClient(config),
    dynamo: new DynamoDBClient(config),
  }
}

/** Runs a test body against a local AWS of its own. */
export async function withLocalAws(
  body: (aws: LocalAws, clients: Clients) => Promise<void>,
  options: LocalAwsOptions = {},
): Promise<void> {
  const aws = await startLocalAws(options)
  try {
    await body(aws, clientsOf(aws.url, aws.region))
  } finally {
    await aws.close()
  }
}

/** The name of the error that a call fails with. Fails itself when the call succeeds. */
export async function errorOf(call: Promise<unknown>): Promise<{ name: string; message: string; status?: number }> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof Error)) throw new TypeError('What was thrown is not an error.')
    const metadata = '$metadata' in error ? (error.$metadata as { httpStatusCode?: number }) : {}
    return { name: error.name, message: error.message, status: metadata.httpStatusCode }
  }
  throw new Error('The call succeeded, where an error was expected.')
}
