import { createHash } from 'node:crypto'
import type { Json } from './assembly.ts'

/** Where the stack stands. */
export type Place = {
  readonly account: string
  readonly region: string
  readonly stack: string
  readonly endpoint: string
}

/** What `Ref` and `Fn::GetAtt` give for a resource. */
export type Identity = {
  readonly name: string
  readonly ref: string
  readonly attributes: Readonly<Record<string, string>>
}

const stableSuffix = (text: string, length: number): string =>
  createHash('sha256').update(text).digest('hex').toUpperCase().slice(0, length)

/** `Steward-ScanAlertWorkerQueueC9464709-1A2B3C4D5E6F`, as CloudFormation names things, but the same in each run. */
const generatedName = ({ stack }: Place, logicalId: string, longest: number): string => {
  const suffix = stableSuffix(`${stack}/${logicalId}`, 12)
  return `${`${stack}-${logicalId}`.slice(0, longest - 13)}-${suffix}`
}

type Namer = (name: string, place: Place) => Omit<Identity, 'name'>
type Kind = {
  readonly nameProperty: string
  readonly longest: number
  readonly identify: Namer
  /** Whether names have no capital letters. */
  readonly isLowerCase?: boolean
}

const arn = (service: string, { region, account }: Place, resource: string): string =>
  `arn:aws:${service}:${region}:${account}:${resource}`

const byName =
  (arnOf: (name: string, place: Place) => string): Namer =>
  (name, place) => ({
    ref: name,
    attributes: { Arn: arnOf(name, place) },
  })

/** A setting that a registry has once. */
const ofRegistry: Kind = {
  nameProperty: '',
  longest: 64,
  identify: (_, { account }) => ({ ref: account, attributes: { RegistryId: account } }),
}

const KINDS: Readonly<Record<string, Kind>> = {
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    longest: 80,
    identify: (name, place) => {
      const ref = `${place.endpoint}/${place.account}/${name}`
      return { ref, attributes: { Arn: arn('sqs', place, name), QueueName: name, QueueUrl: ref } }
    },
  },
  'AWS::SNS::Topic': {
    nameProperty: 'TopicName',
    longest: 256,
    identify: (name, place) => {
      const ref = arn('sns', place, name)
      return { ref, attributes: { TopicArn: ref, TopicName: name } }
    },
  },
  'AWS::DynamoDB::Table': {
    nameProperty: 'TableName',
    longest: 255,
    identify: byName((name, place) => arn('dynamodb', place, `table/${name}`)),
  },
  'AWS::Lambda::Function': {
    nameProperty: 'FunctionName',
    longest: 64,
    identify: byName((name, place) => arn('lambda', place, `function:${name}`)),
  },
  'AWS::IAM::Role': {
    nameProperty: 'RoleName',
    longest: 64,
    identify: byName((name, place) => `arn:aws:iam::${place.account}:role/${name}`),
  },
  'AWS::Logs::LogGroup': {
    nameProperty: 'LogGroupName',
    longest: 512,
    identify: byName((name, place) => arn('logs', place, `log-group:${name}:*`)),
  },
  'AWS::Events::Rule': {
    nameProperty: 'Name',
    longest: 64,
    identify: byName((name, place) => arn('events', place, `rule/${name}`)),
  },
  'AWS::S3::Bucket': {
    nameProperty: 'BucketName',
    longest: 63,
    identify: byName((name) => `arn:aws:s3:::${name}`),
    isLowerCase: true,
  },
  'AWS::Scheduler::Schedule': {
    nameProperty: 'Name',
    longest: 64,
    identify: byName((name, place) => arn('scheduler', place, `schedule/default/${name}`)),
  },
  'AWS::StepFunctions::StateMachine': {
    nameProperty: 'StateMachineName',
    longest: 80,
    identify: (name, place) => {
      const ref = arn('states', place, `stateMachine:${name}`)
      return { ref, attributes: { Arn: ref, Name: name } }
    },
  },
  'AWS::KMS::Key': {
    nameProperty: '',
    longest: 64,
    identify: (name, place) => ({ ref: name, attributes: { Arn: arn('kms', place, `key/${name}`), KeyId: name } }),
    isLowerCase: true,
  },
  'AWS::KMS::Alias': {
    nameProperty: 'AliasName',
    longest: 256,
    identify: (name) => ({ ref: name, attributes: {} }),
  },
  'AWS::CloudWatch::Alarm': {
    nameProperty: 'AlarmName',
    longest: 255,
    identify: byName((name, place) => arn('cloudwatch', place, `alarm:${name}`)),
  },
  'AWS::ECR::Repository': {
    nameProperty: 'RepositoryName',
    longest: 256,
    identify: (name, place) => ({
      ref: name,
      attributes: {
        Arn: arn('ecr', place, `repository/${name}`),
        RepositoryUri: `${place.account}.dkr.ecr.${place.region}.amazonaws.com/${name}`,
      },
    }),
    isLowerCase: true,
  },
  'AWS::ECR::RegistryPolicy': ofRegistry,
  'AWS::ECR::RegistryScanningConfiguration': ofRegistry,
  'AWS::ECR::ReplicationConfiguration': ofRegistry,
  'AWS::ECR::PullThroughCacheRule': {
    nameProperty: 'EcrRepositoryPrefix',
    longest: 30,
    identify: (name) => ({ ref: name, attributes: {} }),
  },
  'AWS::ECR::RepositoryCreationTemplate': {
    nameProperty: 'Prefix',
    longest: 256,
    identify: (name) => ({ ref: name, attributes: {} }),
  },
  'AWS::ECR::PullTimeUpdateExclusion': {
    nameProperty: 'PrincipalArn',
    longest: 200,
    identify: (name) => ({ ref: name, attributes: {} }),
  },
  'AWS::SecretsManager::Secret': {
    nameProperty: 'Name',
    longest: 512,
    identify: (name, place) => {
      const ref = arn('secretsmanager', place, `secret:${name}-${stableSuffix(name, 6).toLowerCase()}`)
      return { ref, attributes: { Id: ref } }
    },
  },
}

/** The names and ARNs of a resource; `undefined` for a type that the local run cannot refer to. */
export function identityOf(type: string, logicalId: string, properties: Json, place: Place): Identity | undefined {
  const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined
  if (!kind) return undefined
  const given = properties[kind.nameProperty]
  const generated = generatedName(place, logicalId, kind.longest)
  const name = typeof given === 'string' ? given : kind.isLowerCase ? generated.toLowerCase() : generated
  return { name, ...kind.identify(name, place) }
}

/** The property that names a resource of this type, the only one that its identity depends on. */
export const nameProperty = (type: string): string | undefined => KINDS[type]?.nameProperty
