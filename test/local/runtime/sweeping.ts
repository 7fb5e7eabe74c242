import { signedPost } from '../../../functions/adapters/signed-aws.ts'
import type { LocalAws } from '../../../local/aws/server.ts'
import { sweepMachine } from '../aws/states/sweep-machine.ts'
import { allow, type Resources } from './assembly.ts'
import { type Deployed, deployed } from './deployed.ts'

const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] })
const within = (id: string, path: string) => ({ 'Fn::Join': ['', [arnOf(id), path]] })

const role = (id: string, ...statements: object[]): Resources => ({
  [`${id}Role`]: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
  [`${id}Policy`]: {
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyDocument: { Version: '2012-10-17', Statement: statements }, Roles: [{ Ref: `${id}Role` }] },
  },
})

/** What the function of the sweep does here: lists what the bucket names for a target, keeps which batches it judged. */
export const SWEEP = `
const ask = async (method, key, body) => {
  const scope = 'Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20300101/' + process.env.AWS_REGION + '/s3/aws4_request'
  const headers = { authorization: 'AWS4-HMAC-SHA256 ' + scope + ', SignedHeaders=host, Signature=0' }
  const answer = await fetch(process.env.AWS_ENDPOINT_URL + '/' + process.env.BUCKET + '/' + key, { method, body, headers })
  if (!answer.ok) throw Object.assign(new Error(key + ' ' + answer.status), { name: 'StoreError' })
  return answer.text()
}
const steps = {
  begin: async ({ scheduledTime }) => ({ begun: true, id: scheduledTime, targets: JSON.parse(await ask('GET', 'targets')) }),
  list: async ({ id, target }) => {
    const names = JSON.parse(await ask('GET', 'names/' + target))
    const key = 'sweep/' + id + '/repositories/' + target
    await ask('PUT', key, names.map((repository, n) => JSON.stringify({ n, repository }) + '\\n').join(''))
    return { id, target, listed: names.length, key }
  },
  judge: async ({ batch: { BatchInput, Items } }) => {
    const bad = Items.find(({ repository }) => repository.includes('bad'))
    if (bad) throw Object.assign(new Error(bad.repository + ' cannot be judged'), { name: 'Unjudged' })
    await ask('PUT', 'judged/' + BatchInput.target + '/' + Items[0].n, JSON.stringify(Items))
    return { repositories: Items.length }
  },
  report: async ({ id }) => ({ report: id }),
}
exports.handler = (event) => steps[event.step](event)
`

/** The rights of the machine, as it needs them. */
export const RIGHTS = [
  allow('lambda:InvokeFunction', arnOf('SweepFunction')),
  allow(['s3:GetObject', 's3:PutObject'], within('Store', '/sweep/*')),
  allow('states:StartExecution', { Ref: 'Machine' }),
]

const DEFINITION = JSON.stringify(sweepMachine({ function: '<function>', bucket: '<bucket>' }))

/** As CDK writes a definition: joined from what is known and what is not. */
const joined = (definition: string) => ({
  'Fn::Join': [
    '',
    definition.split(/(<function>|<bucket>)/).map((part) => {
      if (part === '<function>') return arnOf('SweepFunction')
      return part === '<bucket>' ? { Ref: 'Store' } : part
    }),
  ],
})

export type Sweeping = { readonly rights?: readonly object[]; readonly definition?: string; readonly code?: string }

export const resourcesOf = ({ rights = RIGHTS, definition = DEFINITION }: Sweeping = {}): Resources => ({
  Store: { Type: 'AWS::S3::Bucket' },
  ...role('Sweep', allow(['s3:GetObject', 's3:PutObject', 's3:ListBucket'], '*')),
  SweepFunction: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      ...{ Code: { S3Bucket: 'assets', S3Key: 'Sweep.zip' }, Description: 'sweep: of a test' },
      ...{ Handler: 'index.handler', Runtime: 'nodejs24.x', MemorySize: 256, Timeout: 20, Role: arnOf('SweepRole') },
      Environment: { Variables: { BUCKET: { Ref: 'Store' } } },
    },
  },
  ...role('Machine', ...rights),
  Machine: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: { RoleArn: arnOf('MachineRole'), DefinitionString: joined(definition) },
  },
  ...role('Starter', allow('states:StartExecution', { Ref: 'Machine' })),
  Nightly: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ...{ ScheduleExpression: 'cron(0 21 * * ? *)', FlexibleTimeWindow: { Mode: 'OFF' }, State: 'ENABLED' },
      Target: {
        ...{ Arn: { Ref: 'Machine' }, RoleArn: arnOf('StarterRole') },
        Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
      },
    },
  },
})

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into by tests alone
type Fields = any

/** Calls of Step Functions over HTTP. */
export function statesOf(aws: LocalAws, accessKeyId = 'ME') {
  const env = { AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: 'x' }
  const post = signedPost({ ...env, AWS_REGION: aws.region })
  return async (operation: string, input: object = {}): Promise<Fields> => {
    const headers = { 'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': `AWSStepFunctions.${operation}` }
    return JSON.parse(await post('states', headers, JSON.stringify(input)))
  }
}

export type SweepRun = Deployed & { readonly bucket: string; readonly call: ReturnType<typeof statesOf> }

/** The machine deployed, with targets to list and the names that are listed for each. */
export async function sweeping(
  targets: Readonly<Record<string, readonly string[]>>,
  options: Sweeping = {},
): Promise<SweepRun> {
  const { code = SWEEP } = options
  const paths = { Nightly: 'Sweep/Schedule' }
  const all = await deployed({ resources: resourcesOf(options), code: { Sweep: code }, paths })
  const [bucket = ''] = all.aws.s3.buckets()
  all.aws.s3.write(bucket, 'targets', JSON.stringify(Object.keys(targets)))
  for (const [target, names] of Object.entries(targets))
    if (names.length > 0) all.aws.s3.write(bucket, `names/${target}`, JSON.stringify(names))
  return { ...all, bucket, call: statesOf(all.aws) }
}
