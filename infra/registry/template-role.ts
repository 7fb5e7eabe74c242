import { Stack } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import { acknowledge } from '../nag.ts'
import { nagArn } from './nag-arn.ts'

/** What ECR does as the role. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-custom.html */
const OF_REPOSITORIES = ['ecr:CreateRepository', 'ecr:ReplicateImage', 'ecr:TagResource']
const OF_KEYS = ['kms:CreateGrant', 'kms:DescribeKey', 'kms:RetireGrant']

export type Born = {
  /** Names of the repositories as IAM writes them. */
  readonly wildcards: readonly string[]
  /** ARNs of their keys; undefined for the account's own key of ECR. */
  readonly keys: ReadonlySet<string | undefined>
}

function grantRepositories(role: Role, wildcards: readonly string[]): void {
  const resources = wildcards.map((resourceName) =>
    Stack.of(role).formatArn({ service: 'ecr', resource: 'repository', resourceName }),
  )
  role.addToPolicy(new PolicyStatement({ actions: OF_REPOSITORIES, resources }))
  const why = 'ECR makes the repositories that the templates are for, whatever their names are.'
  for (const wildcard of wildcards)
    acknowledge(role, `IAM5[Resource::${nagArn(role, 'ecr', `repository/${wildcard}`)}]`, why)
}

/** The account's own key has an id that nobody knows beforehand: it is known by its alias, and by who asks for it. */
function grantOwnKey(role: Role): void {
  const { region, urlSuffix } = Stack.of(role)
  role.addToPolicy(
    new PolicyStatement({
      actions: OF_KEYS,
      resources: [Stack.of(role).formatArn({ service: 'kms', resource: 'key', resourceName: '*' })],
      conditions: {
        StringEquals: { 'kms:ViaService': `ecr.${region}.${urlSuffix}` },
        'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/aws/ecr' },
      },
    }),
  )
  const why = 'A condition leaves the key alias/aws/ecr alone, whose id is of each account.'
  acknowledge(role, `IAM5[Resource::${nagArn(role, 'kms', 'key/*')}]`, why)
}

/**
 * The role with which ECR makes repositories that have tags or a key of KMS: with its own it cannot.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates-create-iam.html
 */
export function templateRole(scope: Construct, { wildcards, keys }: Born): Role {
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('ecr.amazonaws.com'),
    description: 'ECR makes repositories with it, as the creation templates say.',
  })
  grantRepositories(role, wildcards)
  const given = [...keys].filter((key) => key !== undefined)
  if (given.length > 0) role.addToPolicy(new PolicyStatement({ actions: OF_KEYS, resources: given }))
  if (keys.has(undefined)) grantOwnKey(role)
  return role
}
