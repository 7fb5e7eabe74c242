import { type CfnTopic, Topic } from 'aws-cdk-lib/aws-sns'
import type { Construct } from 'constructs'

/**
 * Where every alert is published, for Slack and for whoever subscribes. Findings are nobody else's business, so it is
 * encrypted, with the key that AWS manages: only functions publish here. CloudWatch and EventBridge could not.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function alertsTopic(scope: Construct, id: string): Topic {
  const topic = new Topic(scope, id, { displayName: 'ecr-steward alerts', enforceSSL: true })
  const resource = topic.node.defaultChild as CfnTopic
  resource.kmsMasterKeyId = 'alias/aws/sns'
  return topic
}
