import { Stack } from 'aws-cdk-lib'
import { CfnPullTimeUpdateExclusion } from 'aws-cdk-lib/aws-ecr'
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import { type PolicyEntry, writesFor } from '../functions/domain/policy.ts'
import { acknowledge } from './nag.ts'
import { repositoryWildcards } from './repository-wildcards.ts'

/** A construct with the function that is given rights. */
export type HasFunction = Construct & { readonly function: LambdaFunction }

const NAG_REPOSITORY = 'arn:<AWS::Partition>:ecr:<AWS::Region>:<AWS::AccountId>:repository/'

const actions = (operations: readonly string[]): string[] =>
  operations.map((operation) => `ecr:${operation}`).toSorted()

/** ARN of the repositories of this account and region with such a name. */
const repositories = (worker: HasFunction, wildcard: string): string =>
  Stack.of(worker).formatArn({ service: 'ecr', resource: 'repository', resourceName: wildcard })

/** Operations of ECR that read repositories and images, on all of them. */
export function grantReadsOfRepositories(worker: HasFunction, operations: readonly string[]): void {
  worker.function.addToRolePolicy(
    new PolicyStatement({ actions: actions(operations), resources: [repositories(worker, '*')] }),
  )
  acknowledge(
    worker,
    `IAM5[Resource::${NAG_REPOSITORY}*]`,
    'Reads every repository of the registry, whatever is pushed to it; what it may change has statements of its own.',
  )
}

/** Operations of ECR that read the registry: IAM knows no resource for them. */
export function grantReadsOfRegistry(worker: HasFunction, operations: readonly string[]): void {
  worker.function.addToRolePolicy(new PolicyStatement({ actions: actions(operations), resources: ['*'] }))
  acknowledge(worker, 'IAM5[Resource::*]', 'These read the registry of the account, and have no resource to name.')
}

/**
 * What the function reads is no pull. Whether ECR takes a read of a manifest for one is not written anywhere; if it does, no image
 * that was looked at would ever be one that nobody has pulled for long.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-time-update-exclusions.html
 */
export function readsAreNoPulls(worker: HasFunction): void {
  const { roleArn } = worker.function.role as IRole
  new CfnPullTimeUpdateExclusion(worker, 'ReadsAreNoPulls', { principalArn: roleArn })
}

export type RepositoryGrant = {
  readonly operations: readonly string[]
  /** Names of repositories as IAM writes them. */
  readonly wildcards: readonly string[]
  /** What a wildcard is for. */
  readonly why: string
}

/** Operations of ECR on some repositories. */
export function grantOnRepositories(worker: HasFunction, { operations, wildcards, why }: RepositoryGrant): void {
  worker.function.addToRolePolicy(
    new PolicyStatement({
      actions: actions(operations),
      resources: wildcards.map((wildcard) => repositories(worker, wildcard)),
    }),
  )
  for (const wildcard of wildcards.filter((name) => name.includes('*')))
    acknowledge(worker, `IAM5[Resource::${NAG_REPOSITORY}${wildcard}]`, why)
}

/** What rules in `enforce` write, on the repositories of their entries. Without such a rule: nothing. */
export function grantWrites(worker: HasFunction, policy: readonly PolicyEntry[]): void {
  const byNames = Map.groupBy(writesFor(policy).entries(), ([, patterns]) => repositoryWildcards(patterns).join(' '))
  for (const [names, writes] of byNames) {
    grantOnRepositories(worker, {
      operations: writes.map(([operation]) => operation),
      wildcards: names.split(' '),
      why: 'Puts settings right in the repositories of an entry of steward.yaml that has a rule in enforce.',
    })
  }
}
