import { Stack } from 'aws-cdk-lib'
import { CfnPullTimeUpdateExclusion } from 'aws-cdk-lib/aws-ecr'
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import { ENFORCE_ROLE, QUARANTINE_WRITES, READS_OF_EVIDENCE, READS_OF_INSPECTOR } from '../functions/contract.ts'
import { SOURCE_NAMES } from '../functions/domain/in-use/source-names.ts'
import { type PolicyEntry, quarantinedIn, writesFor } from '../functions/domain/policy.ts'
import { repositoryWildcards } from '../functions/domain/repository-wildcards.ts'
import type { Vouching } from '../functions/domain/supply-chain/vouching.ts'
import { IN_USE_ACTIONS, READ_ROLE } from '../functions/in-use/contract.ts'
import { acknowledge } from './nag.ts'

/** A construct with the function that is given rights. */
export type HasFunction = Construct & { readonly function: LambdaFunction }

/** As cdk-nag writes the beginning of its ARN. */
const nagRepository = (region: string): string => `arn:<AWS::Partition>:ecr:${region}:<AWS::AccountId>:repository/`

const actions = (operations: readonly string[]): string[] =>
  operations.map((operation) => `ecr:${operation}`).toSorted()

/** ARN of the repositories of this account with such a name, in this region or in another one. */
const repositories = (worker: HasFunction, wildcard: string, region?: string): string =>
  Stack.of(worker).formatArn({
    ...{ service: 'ecr', resource: 'repository', resourceName: wildcard },
    ...(region !== undefined && { region }),
  })

/** Findings of enhanced scanning: ECR asks Inspector for them as whoever asks ECR. */
function grantReadsOfInspector(worker: HasFunction): void {
  const reads = READS_OF_INSPECTOR.map((operation) => `inspector2:${operation}`)
  worker.function.addToRolePolicy(new PolicyStatement({ actions: reads, resources: ['*'] }))
  acknowledge(
    worker,
    'IAM5[Resource::*]',
    'ECR asks Inspector for findings as its caller, and IAM knows no resource for it.',
  )
}

/**
 * Operations of ECR that read repositories and images, on all of them; with findings, what ECR needs to read those of enhanced scanning.
 * @param regions beside that of the stack
 */
export function grantReadsOfRepositories(
  worker: HasFunction,
  operations: readonly string[],
  regions: readonly string[] = [],
): void {
  worker.function.addToRolePolicy(
    new PolicyStatement({
      actions: actions(operations),
      resources: [undefined, ...regions].map((region) => repositories(worker, '*', region)),
    }),
  )
  if (operations.includes('DescribeImageScanFindings')) grantReadsOfInspector(worker)
  for (const region of ['<AWS::Region>', ...regions])
    acknowledge(
      worker,
      `IAM5[Resource::${nagRepository(region)}*]`,
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

/**
 * What signatures and SBOMs are read and verified with, beside what reads images; of KMS the public halves of just the keys that
 * steward.yaml names. Without a rule that asks for them: nothing.
 * @param regions beside that of the stack
 */
export function grantEvidence(
  worker: HasFunction,
  vouching: Vouching | undefined,
  regions: readonly string[] = [],
): void {
  if (!vouching) return
  grantReadsOfRepositories(worker, READS_OF_EVIDENCE, regions)
  const keys = vouching.signers.flatMap((signer) => (signer.by === 'kms' ? [signer.key] : []))
  if (keys.length > 0)
    worker.function.addToRolePolicy(new PolicyStatement({ actions: ['kms:GetPublicKey'], resources: keys }))
}

export type RepositoryGrant = {
  readonly operations: readonly string[]
  /** Names of repositories as IAM writes them. */
  readonly wildcards: readonly string[]
  /** What a wildcard is for. */
  readonly why: string
  /** Beside that of the stack. */
  readonly regions?: readonly string[]
}

/** Operations of ECR on some repositories. */
export function grantOnRepositories(
  worker: HasFunction,
  { operations, wildcards, why, regions = [] }: RepositoryGrant,
): void {
  worker.function.addToRolePolicy(
    new PolicyStatement({
      actions: actions(operations),
      resources: [undefined, ...regions].flatMap((region) =>
        wildcards.map((wildcard) => repositories(worker, wildcard, region)),
      ),
    }),
  )
  for (const wildcard of wildcards.filter((name) => name.includes('*')))
    for (const region of ['<AWS::Region>', ...regions])
      acknowledge(worker, `IAM5[Resource::${nagRepository(region)}${wildcard}]`, why)
}

/** What runs images is read everywhere, or nothing may be removed; most of these reads know no resource. */
export function grantInUse(worker: HasFunction, ignored: readonly string[]): void {
  const sources = SOURCE_NAMES.filter((name) => !ignored.includes(name))
  const reads = [...new Set(sources.flatMap((name) => IN_USE_ACTIONS[name]))].toSorted()
  if (reads.length === 0) return
  worker.function.addToRolePolicy(new PolicyStatement({ actions: reads, resources: ['*'] }))
  acknowledge(worker, 'IAM5[Resource::*]', 'Whatever runs in the account may run an image of it: reads alone.')
}

/** Other accounts are read with the role that each of them has for it. */
export const grantReadRoles = (worker: HasFunction, accounts: readonly string[]): void =>
  grantRoles(worker, accounts, READ_ROLE)

function grantRoles(worker: HasFunction, accounts: readonly string[], role: string): void {
  if (accounts.length === 0) return
  worker.function.addToRolePolicy(
    new PolicyStatement({
      actions: ['sts:AssumeRole'],
      resources: accounts.map((account) =>
        Stack.of(worker).formatArn({ service: 'iam', region: '', account, resource: 'role', resourceName: role }),
      ),
    }),
  )
}

/**
 * What rules in `enforce` write, on the repositories of their entries. Without such a rule: nothing.
 * @param regions beside that of the stack
 */
export function grantWrites(
  worker: HasFunction,
  policy: readonly PolicyEntry[],
  regions: readonly string[] = [],
): void {
  const byNames = Map.groupBy(writesFor(policy).entries(), ([, patterns]) => repositoryWildcards(patterns).join(' '))
  for (const [names, writes] of byNames) {
    grantOnRepositories(worker, {
      operations: writes.map(([operation]) => operation),
      wildcards: names.split(' '),
      why: 'Puts settings right in the repositories of an entry of steward.yaml that has a rule in enforce.',
      regions,
    })
  }
}

/** What rules in `enforce` write in other accounts, with the role that each of them has for it. Without such a rule: nothing. */
export function grantEnforceRoles(
  worker: HasFunction,
  policy: readonly PolicyEntry[],
  accounts: readonly string[],
): void {
  if (writesFor(policy).size > 0) grantRoles(worker, accounts, ENFORCE_ROLE)
}

/**
 * What brings images into quarantine, on the repositories of entries that ask for it, and the roles of other accounts that do it
 * there. Without such a rule: nothing. IAM knows no condition on tags of images.
 * @param regions beside that of the stack
 */
export function grantQuarantine(
  worker: HasFunction,
  policy: readonly PolicyEntry[],
  { regions = [], accounts = [] }: { readonly regions?: readonly string[]; readonly accounts?: readonly string[] },
): void {
  const patterns = quarantinedIn(policy)
  if (patterns.length === 0) return
  grantOnRepositories(worker, {
    operations: QUARANTINE_WRITES,
    wildcards: repositoryWildcards(patterns),
    why: 'Moves tags of images in the repositories of an entry of steward.yaml that has a rule with quarantine.',
    regions,
  })
  if (writesFor(policy).size === 0) grantRoles(worker, accounts, ENFORCE_ROLE)
}
