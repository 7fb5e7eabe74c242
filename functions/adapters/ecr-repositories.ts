import type { RegistryRef } from '../domain/facts/registry-facts.ts'
import type { RepositoryRef } from '../domain/facts/repository-facts.ts'
import type { NewRepository } from '../domain/new-repository/new-repository.ts'
import { Gone, Unreadable } from '../faults.ts'
import { ecrCall } from './ecr-call.ts'
import { type AwsCall, AwsError } from './signed-aws.ts'

/** Makes repositories, and deletes them. Every method throws `Unreadable` where AWS refuses, or cannot be reached. */
export type RepositoryHands = {
  /** @returns false where there is one of this name already, also where an answer of ECR was lost on its way */
  create(registry: RegistryRef, input: NewRepository['create']): Promise<boolean>
  /**
   * Deleting what is not there is done.
   * @param force with its images; otherwise ECR deletes only what is empty
   * @returns false where it holds images, and `force` does not say that they go
   */
  delete(ref: RepositoryRef, force: boolean): Promise<boolean>
}

const isAnswer = (error: unknown, code: string): boolean =>
  error instanceof Unreadable && error.cause instanceof AwsError && error.cause.code === code

/**
 * Repositories in `region`, one call for each.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html
 */
export function ecrRepositoryHands(aws: AwsCall, region: string): RepositoryHands {
  const call = ecrCall(aws, region)
  return {
    async create(registry, input) {
      try {
        await call(registry, 'CreateRepository', { registryId: registry.account, ...input })
        return true
      } catch (error) {
        if (isAnswer(error, 'RepositoryAlreadyExistsException')) return false
        throw error
      }
    },
    async delete(ref, force) {
      const { account: registryId, repository: repositoryName } = ref
      try {
        await call(ref, 'DeleteRepository', { registryId, repositoryName, force })
      } catch (error) {
        if (isAnswer(error, 'RepositoryNotEmptyException')) return false
        if (!(error instanceof Gone)) throw error
      }
      return true
    },
  }
}
