import { Stack } from 'aws-cdk-lib'
import { CfnRegistryPolicy } from 'aws-cdk-lib/aws-ecr'
import type { Construct } from 'constructs'
import {
  lengthRefusal,
  type RegistryAccess,
  registryAccessRefusal,
  registryPolicyOf,
} from '../../functions/domain/new-repository/registry-access.ts'
import { acknowledge } from '../nag.ts'
import { refuse } from '../refuse.ts'
import { isKnown } from '../repository/wanted.ts'

/** Who may pull from all repositories, or have pull-through caches fetch. */
export type RegistryGrant = Exclude<RegistryAccess, { readonly may: 'replicate' }>

/** An account that replicates into this registry. */
export type ReplicationSource = Omit<Extract<RegistryAccess, { readonly may: 'replicate' }>, 'may'>

/**
 * The policy of the registry; none where nobody is named. CloudFormation makes none where there is one already.
 * @throws {Error} for what ECR would refuse
 */
export function registryPolicy(
  scope: Construct,
  grants: readonly RegistryGrant[],
  sources: readonly ReplicationSource[],
): CfnRegistryPolicy | undefined {
  const { partition, region, account } = Stack.of(scope)
  const place = { partition, region, account }
  const replicating = sources.map((source): RegistryAccess => ({ ...source, may: 'replicate' }))
  const accesses = [...grants, ...replicating]
  const refusal =
    grants.map((one) => registryAccessRefusal(one, account, 'access', isKnown)).find((one) => one !== undefined) ??
    replicating
      .map((one) => registryAccessRefusal(one, account, 'replicationFrom', isKnown))
      .find((one) => one !== undefined) ??
    lengthRefusal(accesses, place, isKnown)
  if (refusal) refuse(scope, refusal)
  if (accesses.length === 0) return undefined
  const policy = new CfnRegistryPolicy(scope, 'Policy', { policyText: registryPolicyOf(accesses, place) })
  if (grants.some((one) => 'organisation' in one))
    acknowledge(
      policy,
      'ECR1',
      'A condition confines everyone to accounts of an organisation, which no principal can name.',
    )
  return policy
}
