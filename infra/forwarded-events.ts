import { Aws, type CfnCondition } from 'aws-cdk-lib'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { CfnRole } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { PUSHES } from '../functions/push-check/patterns.ts'
import { REPOSITORY_CHANGED } from '../functions/watch/patterns.ts'

/** What the hub looks at elsewhere as soon as it happens: for all repositories, since one template is for every configuration. */
const FORWARDED = [
  { id: 'BasicScan', description: 'basic scans', pattern: { source: ['aws.ecr'], 'detail-type': ['ECR Image Scan'] } },
  {
    id: 'EnhancedScan',
    description: 'enhanced scans of images',
    pattern: {
      source: ['aws.inspector2'],
      'detail-type': ['Inspector2 Scan'],
      resources: [{ wildcard: 'arn:aws*:ecr:*:*:repository/*' }],
    },
  },
  {
    id: 'EnhancedFinding',
    description: 'open enhanced findings in images',
    pattern: {
      source: ['aws.inspector2'],
      'detail-type': ['Inspector2 Finding'],
      detail: { resources: { type: ['AWS_ECR_CONTAINER_IMAGE'] }, status: ['ACTIVE'] },
    },
  },
  { id: 'Push', description: 'pushes of images', pattern: PUSHES },
  { id: 'RepositoryChanged', description: 'changes of repositories', pattern: REPOSITORY_CHANGED.pattern },
]

const allow = (principal: object, action: string | readonly string[], rest: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', ...principal, Action: action, ...rest }],
})

/**
 * Forwards them to another bus, whose rules are on events of every account and region.
 * @param bus its ARN @param condition under which that is done
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export function forwardEvents(scope: Construct, bus: string, condition: CfnCondition): void {
  const ofThisAccount = { Condition: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } }
  const role = new CfnRole(scope, 'Forwarder', {
    description: 'Forwards what happens in ECR to the steward',
    assumeRolePolicyDocument: allow(
      { Principal: { Service: 'events.amazonaws.com' } },
      'sts:AssumeRole',
      ofThisAccount,
    ),
    policies: [{ policyName: 'forward', policyDocument: allow({}, ['events:PutEvents'], { Resource: bus }) }],
  })
  const rules = FORWARDED.map(
    ({ id, description, pattern }) =>
      new CfnRule(scope, id, {
        description: `Forwards ${description} to the steward`,
        eventPattern: pattern,
        targets: [{ id: 'Hub', arn: bus, roleArn: role.attrArn }],
      }),
  )
  for (const resource of [role, ...rules]) resource.cfnOptions.condition = condition
}
