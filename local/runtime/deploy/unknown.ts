import type { Template } from '../template.ts'
import { isCustom } from './custom/apply.ts'
import { KINDS } from './registry/kinds.ts'

/** Types that the local run deploys, or that decide something in it. */
const DEPLOYED: ReadonlySet<string> = new Set([
  ...Object.keys(KINDS),
  ...['AWS::DynamoDB::Table', 'AWS::Events::Rule', 'AWS::S3::Bucket', 'AWS::Scheduler::Schedule'],
  ...['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::IAM::RolePolicy'],
  ...['AWS::Lambda::EventInvokeConfig', 'AWS::Lambda::EventSourceMapping', 'AWS::Lambda::Function'],
  ...['AWS::SNS::Subscription', 'AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'AWS::SQS::Queue'],
  ...['AWS::SecretsManager::Secret', 'AWS::StepFunctions::StateMachine'],
])

/** Types without an effect here: what watches, what keeps logs, keys by their identity alone, and policies of resources. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  ...['AWS::CDK::Metadata', 'AWS::KMS::Alias', 'AWS::KMS::Key'],
  ...['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm', 'AWS::CloudWatch::Dashboard'],
  ...['AWS::Logs::LogGroup', 'AWS::Logs::MetricFilter', 'AWS::Lambda::Permission'],
  ...['AWS::S3::BucketPolicy', 'AWS::SQS::QueuePolicy'],
])

/** A sentence for each resource of a type that the local run passes over without knowing what it does. */
export const unknownResources = (template: Template): string[] =>
  template.contents
    .filter(({ type }) => !DEPLOYED.has(type) && !WITHOUT_EFFECT.has(type) && !isCustom(type))
    .map(({ type, path }) => `${type} ${path} is passed over: the local run does not know the type.`)

/** The first resource that is not of ECR, and not without effect. */
export const otherThanRegistry = (template: Template): string | undefined =>
  template.contents.find(({ type }) => !Object.hasOwn(KINDS, type) && !WITHOUT_EFFECT.has(type))?.logicalId
