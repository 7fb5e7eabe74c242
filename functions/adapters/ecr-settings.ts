import type { EcrWriter } from '../policy/writer.ts'
import { ecrCall, noneIf } from './ecr-call.ts'
import type { AwsCall } from './signed-aws.ts'

/** What ECR answers where there is nothing to delete. */
const NOTHING_THERE: Readonly<Record<string, string>> = {
  DeleteLifecyclePolicy: 'LifecyclePolicyNotFoundException',
  DeleteRepositoryPolicy: 'RepositoryPolicyNotFoundException',
}

/** An ARN names its registry; a name of a repository does not. */
const isByArn = (input: Readonly<Record<string, unknown>>): boolean => 'resourceArn' in input

/**
 * Settings of repositories in `region`, one call for each.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Operations.html
 */
export function ecrSettings(aws: AwsCall, region: string): EcrWriter {
  const call = ecrCall(aws, region)
  return async (registry, { operation, input }) => {
    const named = isByArn(input) ? input : { registryId: registry.account, ...input }
    await call(registry, operation, named).catch(noneIf(NOTHING_THERE[operation] ?? ''))
  }
}
