import { Aws, CfnOutput, CfnParameter, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
// In your own project: from 'ecr-steward/cdk'.
import { CompliantRepository } from '../../infra/constructs.ts'

/**
 * One repository with all that belongs to it, for whoever deploys a template: `EnvironmentName` and `ProjectName` are parameters. It is
 * scanned, its tags cannot move, of its releases the newest 50 stay, the account may pull, and a topic tells of scans that matter.
 */
export class RepositoryStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, {
      description: 'A repository of ECR with its lifecycle policy, its alerts and its outputs',
      ...props,
    })
    const environment = new CfnParameter(this, 'EnvironmentName', {
      description: 'The tag Environment',
      allowedValues: ['dev', 'stg', 'prod'],
      default: 'prod',
    }).valueAsString
    const project = new CfnParameter(this, 'ProjectName', {
      description: 'Name of the repository, beginning of its exports, and the tag Project',
      allowedPattern: '[a-z0-9]+(-[a-z0-9]+)*',
      default: 'my-app',
    }).valueAsString
    const repository = new CompliantRepository(this, 'Repository', {
      ...{ repositoryName: project, owner: project, environment, project },
      encryption: 'AES256',
      lifecycle: 'releases',
      alerts: {},
      exportAs: project,
    })
    repository.grantPullFromAccount(Aws.ACCOUNT_ID)
    new CfnOutput(this, 'AlertTopicArn', {
      value: String(repository.alerts?.topic.topicArn),
      description: 'Subscribe to it: aws sns subscribe --protocol email --topic-arn … --notification-endpoint …',
    })
  }
}
