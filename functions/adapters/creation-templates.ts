import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import { ecrCall, pages, present } from './ecr-call.ts'
import type { AwsCall } from './signed-aws.ts'

/** A template by which ECR makes repositories itself. */
export type CreationTemplate = {
  /** Of the names that it is for; `ROOT` for all that no other one is for. */
  readonly prefix: string
  /** `REPLICATION`, `PULL_THROUGH_CACHE`, `CREATE_ON_PUSH`. */
  readonly appliedFor: readonly string[]
}

type Answer = {
  readonly repositoryCreationTemplates: readonly { readonly prefix: string; readonly appliedFor?: readonly string[] }[]
}

const OPERATION = 'DescribeRepositoryCreationTemplates'

/**
 * The creation templates of a registry in `region`.
 * @throws {Unreadable}
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRepositoryCreationTemplates.html
 */
export async function creationTemplates(
  aws: AwsCall,
  region: string,
  registry: RegistryRef,
): Promise<readonly CreationTemplate[]> {
  const found: CreationTemplate[] = []
  for await (const page of pages<Answer>(ecrCall(aws, region), registry, OPERATION, {}))
    for (const { prefix, appliedFor = [] } of present(page.repositoryCreationTemplates, OPERATION))
      found.push({ prefix, appliedFor })
  return found
}
