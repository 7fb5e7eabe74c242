import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Resources = Record<string, { Type: string; Properties?: object; Condition?: string }>

export type Parts = {
  readonly resources: Resources
  /** Source of `index.js`, by the name that the function's `Code.S3Key` has before `.zip`. */
  readonly code?: Record<string, string>
  /** Construct path after the stack, by logical id. */
  readonly paths?: Record<string, string>
  readonly template?: object
  readonly stack?: string
}

const json = (folder: string, name: string, content: object): void =>
  writeFileSync(join(folder, name), JSON.stringify(content))

/** Writes a cloud assembly with one stack, `Test` unless it is named, as CDK would. */
export function writeAssembly({ resources, code = {}, paths = {}, template = {}, stack = 'Test' }: Parts): {
  folder: string
  remove(): void
} {
  const folder = mkdtempSync(join(tmpdir(), 'assembly-'))
  const files: Record<string, object> = {}
  for (const [name, source] of Object.entries(code)) {
    mkdirSync(join(folder, `asset.${name}`))
    writeFileSync(join(folder, `asset.${name}`, 'index.js'), source)
    files[name] = { source: { path: `asset.${name}` }, destinations: { here: { objectKey: `${name}.zip` } } }
  }
  const metadata = Object.entries(paths).map(([id, path]) => [
    `/${stack}/${path}/Resource`,
    [{ type: 'aws:cdk:logicalId', data: id }],
  ])
  json(folder, `${stack}.template.json`, { Resources: resources, ...template })
  json(folder, `${stack}.assets.json`, { files })
  json(folder, `${stack}.metadata.json`, Object.fromEntries(metadata))
  json(folder, 'manifest.json', {
    artifacts: {
      [`${stack}.assets`]: { type: 'cdk:asset-manifest', properties: { file: `${stack}.assets.json` } },
      [stack]: {
        type: 'aws:cloudformation:stack',
        properties: { templateFile: `${stack}.template.json` },
        additionalMetadataFile: `${stack}.metadata.json`,
      },
    },
  })
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] })

export const allow = (actions: string | string[], resource: unknown) => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resource,
})

export type WorkerOptions = {
  readonly timeout?: number
  readonly environment?: object
  readonly statements?: readonly object[]
  readonly mapping?: object
  readonly queue?: object
  readonly receives?: number
  readonly handler?: string
}

/** A queue with its dead letters, a function that empties it, and a rule that fills it from `source: ID`. */
export function worker(id: string, options: WorkerOptions = {}): Resources {
  const { timeout = 5, statements = [], environment = {}, receives = 3 } = options
  const polling = allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], arnOf(`${id}Queue`))
  return {
    [`${id}Dead`]: { Type: 'AWS::SQS::Queue' },
    [`${id}Queue`]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 360,
        RedrivePolicy: { deadLetterTargetArn: arnOf(`${id}Dead`), maxReceiveCount: receives },
        ...options.queue,
      },
    },
    [`${id}Role`]: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
    [`${id}Policy`]: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyDocument: { Version: '2012-10-17', Statement: [polling, ...statements] },
        Roles: [{ Ref: `${id}Role` }],
      },
    },
    [`${id}Function`]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Bucket: 'assets', S3Key: `${id}.zip` },
        Description: `${id.toLowerCase()}: a function of a test`,
        Handler: options.handler ?? 'index.handler',
        Runtime: 'nodejs24.x',
        MemorySize: 256,
        Timeout: timeout,
        Role: arnOf(`${id}Role`),
        Environment: { Variables: environment },
      },
    },
    [`${id}Mapping`]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: arnOf(`${id}Queue`),
        FunctionName: { Ref: `${id}Function` },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ...options.mapping,
      },
    },
    [`${id}Rule`]: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: [id] },
        State: 'ENABLED',
        Targets: [{ Id: 'Target0', Arn: arnOf(`${id}Queue`) }],
      },
    },
  }
}
