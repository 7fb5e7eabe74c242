import { Aws, CfnResource, Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/**
 * Lets other accounts put events on the default bus of this one, where the rules of the steward are: what the member stacks
 * forward. Not more than `sweep.accounts` names.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export function admitMembers(scope: Construct, accounts: readonly string[]): void {
  // The CDK's own class warns of properties that nobody gave.
  new CfnResource(scope, 'Members', {
    type: 'AWS::Events::EventBusPolicy',
    properties: {
      StatementId: 'EcrStewardMembers',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: accounts.map((account) => `arn:${Aws.PARTITION}:iam::${account}:root`) },
        Action: 'events:PutEvents',
        Resource: Stack.of(scope).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' }),
      },
    },
  })
}
