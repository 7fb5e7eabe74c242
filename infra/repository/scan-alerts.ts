import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import type { Repository } from 'aws-cdk-lib/aws-ecr'
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events'
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets'
import { Key } from 'aws-cdk-lib/aws-kms'
import { type CfnTopic, type ITopic, Topic } from 'aws-cdk-lib/aws-sns'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { COMPLETE, NOT_YET } from '../../functions/scan-alert/patterns.ts'
import { deadLetterQueue } from '../queue.ts'
import { type Refusal, refuse } from '../refuse.ts'

export type ScanAlertsProps = {
  /** Where they are published: a standard topic that EventBridge may publish to. One is made otherwise, encrypted with a key of its own. */
  readonly topic?: ITopic
}

/** What most of a push can be: an index, a signature, a chart. The event does not say whether it is an image. */
const UNSUPPORTED = 'UNSUPPORTED_IMAGE'

const some = (severity: string) => ({ 'finding-severity-counts': { [severity]: [{ numeric: ['>', 0] }] } })

/**
 * Both kinds of scanning: enhanced scanning calls a repository by its ARN. Severities are there only with a number, and a scan that
 * failed has none: each alternative asks for what is certain to be there.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-events.html
 */
const scanThatMatters = (name: string, arn: string) => ({
  source: ['aws.ecr', 'aws.inspector2'],
  detailType: ['ECR Image Scan', 'Inspector2 Scan'],
  detail: {
    'repository-name': [name, arn],
    $or: [
      some('CRITICAL'),
      some('HIGH'),
      { 'scan-status': [{ 'anything-but': [...COMPLETE, ...NOT_YET, UNSUPPORTED] }] },
    ],
  },
})

/**
 * A text, as a topic sends it to people. What an event does not have leaves nothing in it; within a text, EventBridge writes lists and
 * objects without quotes: `tags [1.4.2,1.4]`, `findings {CRITICAL:6,HIGH:17}`.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
function message(name: string): RuleTargetInput {
  const of = (path: string) => EventField.fromPath(`$.${path}`)
  const [status, findings] = [of('detail.scan-status'), of('detail.finding-severity-counts')]
  const [digest, tags] = [of('detail.image-digest'), of('detail.image-tags')]
  return RuleTargetInput.fromText(
    `ECR scan of ${name}: ${status}, findings ${findings}, tags ${tags}, image ${digest}, account ${of('account')}, ${of('region')}, ${of('time')}`,
  )
}

/** Of a topic that EventBridge could not publish to. */
function topicRefusal({ node, fifo }: ITopic): Refusal | undefined {
  const prop = 'alerts.topic'
  if (fifo) return { prop, why: 'EventBridge publishes to no FIFO topic', write: 'a standard topic' }
  const { kmsMasterKeyId } = (node.defaultChild ?? {}) as Partial<CfnTopic>
  if (kmsMasterKeyId !== 'alias/aws/sns') return undefined
  return {
    prop,
    why: 'it is encrypted with alias/aws/sns, which EventBridge may not use',
    write: 'a topic with a key of your own that events.amazonaws.com may use, or no topic',
  }
}

/** Tells a topic of each scan of a repository that found something critical or high, or that failed. */
export class ScanAlerts extends Construct {
  readonly topic: ITopic
  /** Events that could not be published for a day: kept for 14 days. */
  readonly undelivered: Queue

  constructor(repository: Repository, id: string, { topic }: ScanAlertsProps) {
    super(repository, id)
    const refusal = topic && topicRefusal(topic)
    if (refusal) refuse(repository, refusal)
    this.topic = topic ?? this.ownTopic()
    this.undelivered = deadLetterQueue(this, 'Undelivered')
    const { repositoryName, repositoryArn } = repository
    new Rule(this, 'Rule', {
      description: 'Scans of a repository with critical or high findings, and those that failed',
      eventPattern: scanThatMatters(repositoryName, repositoryArn),
      targets: [
        new SnsTopic(this.topic, {
          message: message(repositoryName),
          deadLetterQueue: this.undelivered,
          maxEventAge: Duration.hours(24),
          retryAttempts: 185,
        }),
      ],
    })
  }

  /**
   * EventBridge may not use the key that AWS keeps for SNS; the right to use this one comes with the right to publish, without a condition on
   * the rule, which KMS does not know for EventBridge.
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  private ownTopic(): Topic {
    const key = new Key(this, 'Key', {
      description: 'Alerts on scans of ECR',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    return new Topic(this, 'Topic', { displayName: 'Scans of ECR', enforceSSL: true, masterKey: key })
  }
}
