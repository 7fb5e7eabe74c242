import type { RegistryRef } from '../../functions/domain/facts/registry-facts.ts'
import type { NewRepository } from '../../functions/domain/new-repository/new-repository.ts'
import { awsCommand } from '../../functions/domain/rule/aws-command.ts'
import type { Existing } from './differences.ts'

/** A call of ECR that is to be made, and what is lacking until it was. */
export type Call = {
  readonly operation: 'CreateRepository' | 'PutLifecyclePolicy' | 'SetRepositoryPolicy'
  readonly input: Readonly<Record<string, unknown>>
  readonly brings: 'repository' | 'lifecycle policy' | 'repository policy'
}

const where = (isLacking: boolean, call: Call): readonly Call[] => (isLacking ? [call] : [])

/** What makes a repository, or completes one that lacks something. @param existing without a difference */
export function callsFor(
  { create, lifecyclePolicyText, policyText }: NewRepository,
  existing: Existing | undefined,
): readonly Call[] {
  const { repositoryName } = create
  return [
    ...where(existing === undefined, { operation: 'CreateRepository', input: create, brings: 'repository' }),
    ...where(lifecyclePolicyText !== undefined && existing?.lifecyclePolicy === undefined, {
      ...{
        operation: 'PutLifecyclePolicy',
        input: { repositoryName, lifecyclePolicyText },
        brings: 'lifecycle policy',
      },
    }),
    ...where(policyText !== undefined && existing?.policy === undefined, {
      ...{ operation: 'SetRepositoryPolicy', input: { repositoryName, policyText }, brings: 'repository policy' },
    }),
  ]
}

/** The call as a line of the AWS CLI. */
export const callLine = ({ operation, input }: Call, { region }: RegistryRef): string =>
  awsCommand(operation, input, region)
